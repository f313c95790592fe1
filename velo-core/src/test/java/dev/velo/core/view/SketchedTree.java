package dev.velo.core.view;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Manifests written as lines, and read as such: a path; what stands there; permissions; perhaps attributes.
 *
 * <pre>
 * a/ 755 user.overlay.opaque=y     a directory
 * a/file 644 =content              a file
 * a/empty 644 =                    an empty one
 * a/link 777 -&gt;target              a symbolic link
 * a/again == a/file                a further name of a file
 * a/gone 0 c0:0                    a character device
 * </pre>
 */
final class SketchedTree {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(String path, String[] words) {
        int depth() {
            return path.isEmpty() ? 0 : (int) path.chars().filter(c -> c == '/').count() + 1;
        }

        String parent() {
            return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
        }

        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    private final ManifestBuilder builder = new ManifestBuilder(1);
    private final Map<String, Integer> numbers = new HashMap<>();

    private SketchedTree() {}

    /** The manifest of these lines; directories need lines of their own, the root may have one that begins with {@code / }. */
    static Manifest of(String... lines) throws IOException {
        return new SketchedTree().manifest(lines);
    }

    private Manifest manifest(String... lines) throws IOException {
        List<Line> entries = new ArrayList<>();
        boolean hasRoot = false;
        for (String line : lines) {
            String[] words = line.split(" ");
            boolean directory = words[0].endsWith("/");
            String path = directory ? words[0].substring(0, words[0].length() - 1) : words[0];
            hasRoot |= path.isEmpty();
            entries.add(new Line(path, words));
        }
        if (!hasRoot) {
            entries.add(new Line("", new String[] {"/", "755"}));
        }
        entries.sort(
                Comparator.comparingInt(Line::depth).thenComparing(Line::parent).thenComparing(Line::name));
        for (Line line : entries) {
            numbers.put(line.path(), builder.entryCount());
            add(line, entries);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySink sink = new MemorySink(arena);
            builder.writeTo(sink);
            return ManifestReader.read("sketch", sink.written());
        }
    }

    private void add(Line line, List<Line> all) {
        byte[] name = PathBytes.of(line.name());
        String[] words = line.words();
        if (words[1].equals("==")) {
            builder.entry(EntryKind.HARD_LINK, name, 0, name.length, 0);
            builder.hardLinkTo(numbers.getOrDefault(words[2], 0));
            return;
        }
        String content = words.length > 2 && !words[0].endsWith("/") ? words[2] : "";
        EntryKind kind = kind(words, content);
        builder.entry(kind, name, 0, name.length, Integer.parseInt(words[1], 8));
        builder.mtime(1_600_000_000L, 0);
        for (int i = kind == EntryKind.DIRECTORY ? 2 : 3; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            builder.attributes(AttributeSet.encode(
                    List.of(new AttributeSet.Attribute(PathBytes.of(pair[0]), PathBytes.of(pair[1])))));
        }
        switch (kind) {
            case DIRECTORY ->
                builder.children((int) all.stream()
                        .filter(other ->
                                !other.path().isEmpty() && other.parent().equals(line.path()))
                        .count());
            case SYMLINK -> builder.target(PathBytes.of(content.substring(2)));
            case CHARACTER_DEVICE -> {
                String[] numbersOf = content.substring(1).split(":", 2);
                builder.device(Long.parseLong(numbersOf[0]) << 32 | Long.parseLong(numbersOf[1]));
            }
            default -> file(PathBytes.of(content.substring(1)));
        }
    }

    private static EntryKind kind(String[] words, String content) {
        if (words[0].endsWith("/")) {
            return EntryKind.DIRECTORY;
        }
        return content.startsWith("->")
                ? EntryKind.SYMLINK
                : content.startsWith("c") ? EntryKind.CHARACTER_DEVICE : EntryKind.FILE;
    }

    private void file(byte[] content) {
        if (content.length == 0) {
            builder.emptyFile();
            return;
        }
        Digest digest = digest(content);
        builder.blob(digest.word0(), digest.word1(), digest.word2(), digest.word3(), content.length);
    }

    static Digest digest(byte[] content) {
        return Digest.of(Hashing.sha256().digest(content), 0);
    }

    /** The lines of a manifest; files have the first digits of their digests. */
    static List<String> lines(Manifest manifest) {
        int[] parents = manifest.parents();
        List<String> lines = new ArrayList<>();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            String path = entry == 0 ? "" : manifest.describe(entry, parents);
            String attributes = "";
            for (AttributeSet.Attribute attribute : manifest.attributes(entry)) {
                attributes += " " + PathBytes.show(attribute.name()) + "=" + PathBytes.show(attribute.value());
            }
            lines.add(path + what(manifest, entry, parents) + attributes);
        }
        return lines;
    }

    private static String what(Manifest manifest, int entry, int[] parents) {
        String mode = " " + Integer.toOctalString(manifest.permissions(entry));
        return switch (manifest.kind(entry)) {
            case DIRECTORY -> "/" + mode;
            case FILE ->
                mode + " =" + (manifest.blob(entry) < 0 ? "" : shortened(manifest.digest(manifest.blob(entry))));
            case SYMLINK -> mode + " ->" + PathBytes.show(manifest.target(entry));
            case HARD_LINK -> " == " + manifest.describe(manifest.primary(entry), parents);
            case CHARACTER_DEVICE, BLOCK_DEVICE ->
                mode + " c" + (manifest.device(entry) >>> 32) + ":" + (int) manifest.device(entry);
            case FIFO -> mode + " |";
        };
    }

    private static String shortened(Digest digest) {
        return digest.toString().substring(0, 6);
    }

    /** As {@link #lines} shows a file of this content. */
    static String content(String content) {
        return "=" + shortened(digest(PathBytes.of(content)));
    }
}
