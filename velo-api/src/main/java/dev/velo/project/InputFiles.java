package dev.velo.project;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The files of a folder that names and patterns stand for. */
final class InputFiles {
    /** Where no pattern looks: dependency trees and what builds make. A package may well be called {@code build}. */
    private static final Set<String> PASSED_BY = Set.of("node_modules", "target");

    private InputFiles() {}

    /** Paths from the folder on, sorted: every plain name, whether it is there or not, and what matches the patterns. */
    static SortedSet<String> of(byte[] folder, List<String> patterns) throws IOException {
        SortedSet<String> found = new TreeSet<>();
        for (String pattern : patterns) {
            if (pattern.indexOf('*') < 0) {
                found.add(pattern);
            } else {
                match(folder, "", List.of(pattern.split("/", -1)), found);
            }
        }
        return found;
    }

    /** The digest of what of an input decides a tree; null if no such file is there. */
    static @Nullable Digest digest(byte[] path) throws IOException {
        if (!PathBytes.show(PathBytes.lastName(path)).equals(PackageManifest.NAME)) {
            return SmallFiles.digest(path);
        }
        byte[] contents = SmallFiles.read(path);
        return contents == null ? null : Digest.of(Hashing.sha256().digest(PackageManifest.deciding(contents)), 0);
    }

    private static void match(byte[] directory, String path, List<String> pattern, SortedSet<String> found)
            throws IOException {
        String head = pattern.getFirst();
        List<String> rest = pattern.subList(1, pattern.size());
        List<String> names = head.indexOf('*') < 0 ? List.of(head) : names(directory, head);
        for (String name : names) {
            String whole = path.isEmpty() ? name : path + "/" + name;
            byte[] below = PathBytes.join(directory, name.getBytes(StandardCharsets.UTF_8));
            if (!rest.isEmpty()) {
                match(below, whole, rest, found);
            } else if (SmallFiles.digest(below) != null) {
                found.add(whole);
            }
        }
    }

    private static List<String> names(byte[] directory, String pattern) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (byte[] name : DirectoryListing.names(directory)) {
                String text = new String(name, StandardCharsets.UTF_8);
                if (!text.startsWith(".") && !PASSED_BY.contains(text) && matches(text, pattern)) {
                    names.add(text);
                }
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOTDIR && e.errno() != Errno.ENOENT && e.errno() != Errno.EACCES) {
                throw e;
            }
        }
        return names;
    }

    /** Whether a name is what a pattern says, in which a {@code *} stands for any letters. */
    static boolean matches(String name, String pattern) {
        String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return name.equals(pattern);
        }
        if (!name.startsWith(parts[0])) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int next = name.indexOf(parts[i], at);
            if (next < 0) {
                return false;
            }
            at = next + parts[i].length();
        }
        String last = parts[parts.length - 1];
        return name.length() - at >= last.length() && name.endsWith(last);
    }
}
