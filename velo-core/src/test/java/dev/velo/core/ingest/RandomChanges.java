package dev.velo.core.ingest;

import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What programs do to a tree, in random order; few names, so that things come to stand where others stood. */
final class RandomChanges {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final List<Integer> MODES = List.of(0, 0400, 0640, 0755, 01777, 02750, 04711);

    /** What looks like a mark of an overlay: such a thing is stored, but never shown again. */
    private static final List<String> MARKS =
            List.of("user.mine", "user.overlay.opaque", "user.overlay.whiteout", "user.overlay.overlay.mine");

    private final Path root;
    private final Random random;
    private final List<String> attributes;

    private RandomChanges(Path root, long seed, List<String> attributes) {
        this.root = root;
        this.random = new Random(seed);
        this.attributes = attributes;
    }

    RandomChanges(Path root, long seed) {
        this(root, seed, List.of("user.mine", "user.other"));
    }

    /** Those that also set attributes with names that are overlayfs' own. */
    static RandomChanges withMarks(Path root, long seed) {
        return new RandomChanges(root, seed, MARKS);
    }

    /** With how many seeds a test tries: {@code -Dvelo.save.seeds}, a dozen without. */
    static int seeds() {
        return Integer.getInteger("velo.save.seeds", 12);
    }

    /** Fills the empty root. */
    void fill() throws IOException {
        fill(root, 0);
        change(20);
    }

    private void fill(Path directory, int depth) throws IOException {
        for (String name : NAMES) {
            Path path = directory.resolve(name);
            switch (random.nextInt(depth < 4 ? 6 : 3)) {
                case 0 -> {}
                case 1 -> Files.writeString(path, "lower ".repeat(random.nextInt(400)));
                case 2 -> Files.createSymbolicLink(path, Path.of("to/" + random.nextInt(3)));
                default -> {
                    Files.createDirectory(path);
                    fill(path, depth + 1);
                }
            }
        }
    }

    void change(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            change();
        }
    }

    private void change() throws IOException {
        Path path = any();
        switch (random.nextInt(19)) {
            case 0 -> Files.writeString(fresh(), "new " + random.nextInt(50));
            case 1 -> delete(path);
            case 2, 3 -> rename(path);
            case 4 -> chmod(path);
            case 5 -> chown(path);
            case 6 -> write(path, StandardOpenOption.TRUNCATE_EXISTING);
            case 7 -> write(path, StandardOpenOption.APPEND);
            case 8, 9 -> link(path);
            case 10 -> {
                delete(path);
                Files.createSymbolicLink(path, Path.of("elsewhere"));
            }
            case 11 -> {
                delete(path);
                Files.writeString(Files.createDirectory(path).resolve("inside"), "over");
            }
            case 12 -> emptyAgain(path);
            case 13, 14 -> attribute(path);
            case 15 -> deep();
            case 16 -> touch(path);
            case 17 ->
                LinkCalls.mknodat(FileCalls.AT_FDCWD, CString.first(TestStore.bytes(fresh())), Statx.S_IFIFO, 0, 0);
            default -> socket(path);
        }
    }

    /** Anything below the root. */
    private Path any() throws IOException {
        List<Path> all = all(path -> true);
        return all.isEmpty() ? Files.createFile(fresh()) : all.get(random.nextInt(all.size()));
    }

    private interface Wanted {
        boolean is(Path path);
    }

    private List<Path> all(Wanted wanted) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> !path.equals(root) && wanted.is(path))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** A name in some directory, with nothing there any more. */
    private Path fresh() throws IOException {
        List<Path> directories = new ArrayList<>(all(RandomChanges::isDirectory));
        directories.add(root);
        Path path = directories.get(random.nextInt(directories.size())).resolve(NAMES.get(random.nextInt(5)));
        delete(path);
        return path;
    }

    private static void delete(Path path) throws IOException {
        if (isDirectory(path)) {
            HostileTree.deleteTree(path);
        } else {
            Files.deleteIfExists(path);
        }
    }

    /** As mv: a directory of the lower tree cannot be renamed, so it is copied and deleted. */
    private void rename(Path path) throws IOException {
        Path to = fresh();
        if (to.startsWith(path) || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            LinkCalls.renameat2(FileCalls.AT_FDCWD, TestStore.bytes(path), FileCalls.AT_FDCWD, TestStore.bytes(to), 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EXDEV) {
                throw e;
            }
            copy(path, to);
            delete(path);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        boolean copyable =
                isDirectory(from) || Files.isSymbolicLink(from) || Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS);
        if (!copyable) {
            return;
        }
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        if (isDirectory(from)) {
            try (Stream<Path> children = Files.list(from)) {
                for (Path child : children.toList()) {
                    copy(child, to.resolve(child.getFileName()));
                }
            }
        }
    }

    private void chmod(Path path) throws IOException {
        if (!Files.isSymbolicLink(path)) {
            Files.setAttribute(path, "unix:mode", MODES.get(random.nextInt(MODES.size())));
        }
    }

    private void chown(Path path) throws IOException {
        int id = 1 + random.nextInt(3);
        try {
            int flags = FileCalls.AT_SYMLINK_NOFOLLOW;
            AttributeCalls.fchownat(FileCalls.AT_FDCWD, CString.first(TestStore.bytes(path)), id, id + 10, flags);
        } catch (ErrnoException e) {
            // in a user namespace of one user there are no others
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
    }

    private void write(Path path, StandardOpenOption how) throws IOException {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.writeString(path, "x".repeat(random.nextInt(3000)), StandardOpenOption.WRITE, how);
        }
    }

    private void link(Path path) throws IOException {
        Path to = fresh();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isDirectory(path)) {
            LinkCalls.linkat(FileCalls.AT_FDCWD, TestStore.bytes(path), FileCalls.AT_FDCWD, TestStore.bytes(to), 0);
        }
    }

    private void emptyAgain(Path path) throws IOException {
        if (isDirectory(path)) {
            delete(path);
            Files.createDirectory(path);
            if (random.nextBoolean()) {
                Files.writeString(path.resolve(NAMES.get(random.nextInt(5))), "again");
            }
        }
    }

    private void attribute(Path path) throws IOException {
        if (isDirectory(path) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            String name = attributes.get(random.nextInt(attributes.size()));
            AttributeCalls.lsetxattr(
                    TestStore.bytes(path), PathBytes.of(name), PathBytes.of(random.nextBoolean() ? "y" : ""));
        }
    }

    private void deep() throws IOException {
        Path path = fresh();
        for (int depth = 0; depth < 40; depth++) {
            Files.createDirectory(path);
            path = path.resolve(NAMES.get(random.nextInt(5)));
        }
        Files.writeString(path, "deep");
    }

    private void touch(Path path) throws IOException {
        AttributeCalls.utimensat(
                FileCalls.AT_FDCWD,
                CString.first(TestStore.bytes(path)),
                random.nextInt(2_000_000_000),
                random.nextInt(1_000_000_000),
                FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    /** One that nobody listens at any more. */
    private static void socket(Path path) throws IOException {
        if (path.toString().length() < 100) {
            delete(path);
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(path));
            }
        }
    }
}
