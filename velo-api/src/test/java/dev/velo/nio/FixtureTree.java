package dev.velo.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tree that every file system of the contract holds.
 *
 * <pre>
 * ├── data            100,000 bytes, each its offset modulo 251
 * ├── empty
 * ├── text            "one\ntwo\n", rw-r-----, user.note=remember, of 2001-02-03T04:05:06.789Z
 * ├── tool            rwxr-xr-x
 * ├── twin            a hard link to text
 * ├── .hidden
 * ├── dir/
 * │   ├── a.txt  b.txt  c.java
 * │   └── sub/deep/leaf
 * ├── loop            → loop
 * ├── to-text         → text
 * ├── to-dir          → dir
 * ├── to-nothing      → missing
 * ├── through         → to-dir/sub
 * ├── dir/up          → ../text
 * ├── round/round     → ../round
 * ├── Text  Ünïcode  "a b%;!c"
 * └── vide/           an empty directory
 * </pre>
 */
final class FixtureTree {
    static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06.789Z");
    static final int DATA_BYTES = 100_000;
    static final List<String> ROOT_NAMES = List.of(
            ".hidden",
            "Text",
            "a b%;!c",
            "data",
            "dir",
            "empty",
            "loop",
            "round",
            "text",
            "through",
            "to-dir",
            "to-nothing",
            "to-text",
            "tool",
            "twin",
            "vide",
            "Ünïcode");

    private FixtureTree() {}

    static byte[] data() {
        byte[] data = new byte[DATA_BYTES];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i % 251);
        }
        return data;
    }

    static void makeAt(Path root) throws IOException {
        Files.createDirectories(root.resolve("dir/sub/deep"));
        Files.createDirectory(root.resolve("vide"));
        Files.createDirectory(root.resolve("round"));
        Files.write(root.resolve("data"), data());
        write(root, "empty", "");
        write(root, "text", "one\ntwo\n");
        write(root, "tool", "#!/bin/sh\n");
        write(root, ".hidden", "h");
        write(root, "dir/a.txt", "a");
        write(root, "dir/b.txt", "b");
        write(root, "dir/c.java", "c");
        write(root, "dir/sub/deep/leaf", "leaf");
        write(root, "Text", "upper");
        write(root, "Ünïcode", "ü");
        write(root, "a b%;!c", "odd");
        Files.createLink(root.resolve("twin"), root.resolve("text"));
        link(root, "loop", "loop");
        link(root, "to-text", "text");
        link(root, "to-dir", "dir");
        link(root, "to-nothing", "missing");
        link(root, "through", "to-dir/sub");
        link(root, "dir/up", "../text");
        link(root, "round/round", "../round");
        Files.setPosixFilePermissions(root.resolve("text"), PosixFilePermissions.fromString("rw-r-----"));
        Files.setPosixFilePermissions(root.resolve("tool"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(root.resolve("empty"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.getFileAttributeView(root.resolve("text"), UserDefinedFileAttributeView.class)
                .write("note", StandardCharsets.UTF_8.encode("remember"));
        Files.setLastModifiedTime(root.resolve("text"), FileTime.from(MODIFIED));
    }

    private static void write(Path root, String name, String contents) throws IOException {
        Files.writeString(root.resolve(name), contents);
    }

    private static void link(Path root, String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), root.getFileSystem().getPath(target));
    }

    static void deleteAtExit(Path folder) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    }

    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
