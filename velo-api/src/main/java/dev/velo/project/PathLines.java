package dev.velo.project;

import dev.velo.core.store.PathText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Paths below a folder, as lines of a text, each escaped. */
final class PathLines {
    private PathLines() {}

    /** The text of these paths. */
    static String of(Collection<String> paths) {
        StringBuilder text = new StringBuilder();
        for (String path : paths) {
            text.append(PathText.escape(path.getBytes(StandardCharsets.UTF_8))).append('\n');
        }
        return text.toString();
    }

    /**
     * The paths of a text.
     *
     * @param shown the file that it stands in
     * @throws IOException if one leads elsewhere
     */
    static List<String> parse(String shown, String text) throws IOException {
        List<String> paths = new ArrayList<>();
        for (String line : text.lines().toList()) {
            try {
                paths.add(below(new String(PathText.unescape(line), StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        shown + ": names " + line + ", which is no path below a folder; remove the file", e);
            }
        }
        return paths;
    }

    private static String below(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("no path below: " + path);
            }
        }
        return path;
    }
}
