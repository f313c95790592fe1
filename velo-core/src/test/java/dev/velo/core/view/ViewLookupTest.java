package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A view finds what {@code openat2(2)} with {@code RESOLVE_IN_ROOT} finds in the original tree, and fails as it fails. */
class ViewLookupTest {
    private static final int ROUNDS = 20_000;

    private TestStore store;
    private Path tree;

    /**
     * <pre>
     * a/b/c/file            "deep"
     * a/up        -> ..      a/loop -> loop      a/absolute -> /a/b
     * a/out       -> ../../../a/b/c/file
     * to-b        -> a/b     to-file -> a/b/c/file/     dangling -> nowhere
     * chain0 -> a, chain1 -> chain0, … chain45 -> chain44
     * .hidden/..x/file      ...
     * </pre>
     */
    @BeforeEach
    void makeTree() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.createDirectories(tree.resolve("a/b/c"));
        Files.writeString(tree.resolve("a/b/c/file"), "deep");
        Files.createDirectories(tree.resolve(".hidden/..x"));
        Files.writeString(tree.resolve(".hidden/..x/file"), "dots");
        Files.writeString(tree.resolve("..."), "three");
        Files.writeString(tree.resolve("x".repeat(255)), "long");
        link("a/up", "..");
        link("a/loop", "loop");
        link("a/absolute", "/a/b");
        link("a/out", "../../../a/b/c/file");
        link("to-b", "a/b");
        link("to-file", "a/b/c/file/");
        link("dangling", "nowhere");
        link("chain0", "a");
        for (int i = 1; i <= 45; i++) {
            link("chain" + i, "chain" + (i - 1));
        }
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(tree.resolve(name), Path.of(target));
    }

    @Test
    void randomPathsEndWhereTheKernelEnds() throws IOException {
        try (View view = OpenedTree.view(store, tree);
                Descriptor root = open()) {
            assertThat(view.image().hasDirectoryLinks()).isTrue();
            compareRandomPaths(view, root.fd());
        }
    }

    @Test
    void withoutLinksToDirectoriesToo() throws IOException {
        Path plain = store.directory("plain");
        Files.createDirectories(plain.resolve("a/b/c"));
        Files.writeString(plain.resolve("a/b/c/file"), "deep");
        Files.createSymbolicLink(plain.resolve("to-file"), Path.of("a/b/../b/c/file"));
        tree = plain;
        try (View view = OpenedTree.view(store, plain);
                Descriptor root = open()) {
            assertThat(view.image().hasDirectoryLinks()).isFalse();
            compareRandomPaths(view, root.fd());
        }
    }

    @Test
    void longPathsAndNamesAreRefusedAsTheKernelRefusesThem() throws IOException {
        try (View view = OpenedTree.view(store, tree);
                Descriptor root = open()) {
            Map<Integer, Long> inodes = new HashMap<>();
            for (int length : new int[] {4093, 4094, 4095, 4096, 5000}) {
                compare(view, root.fd(), "a/" + "./".repeat(length).substring(0, length - 2), inodes);
            }
            for (int length : new int[] {254, 255, 256}) {
                compare(view, root.fd(), "x".repeat(length), inodes);
                compare(view, root.fd(), "a/" + "y".repeat(length) + "/z", inodes);
            }
            compare(view, root.fd(), "", inodes);
        }
    }

    private Descriptor open() throws ErrnoException {
        byte[] path = PathBytes.of(tree.toString());
        int flags = FileCalls.O_PATH | FileCalls.O_DIRECTORY;
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
    }

    private void compareRandomPaths(View view, int root) throws IOException {
        Random random = new Random(1);
        List<String> names = List.of(
                "a",
                "b",
                "c",
                "file",
                "up",
                "loop",
                "absolute",
                "out",
                "to-b",
                "to-file",
                "dangling",
                "chain0",
                "chain38",
                "chain39",
                "chain40",
                "chain45",
                ".",
                "..",
                "...",
                "",
                "",
                ".hidden",
                "..x",
                "missing");
        Map<Integer, Long> inodes = new HashMap<>();
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder path = new StringBuilder(random.nextInt(8) == 0 ? "/" : "");
            int count = 1 + random.nextInt(6);
            for (int name = 0; name < count; name++) {
                path.append(name == 0 ? "" : "/").append(names.get(random.nextInt(names.size())));
            }
            compare(view, root, path.toString(), inodes);
        }
        assertThat(inodes).hasSizeGreaterThan(4);
    }

    private static void compare(View view, int root, String text, Map<Integer, Long> inodes) throws IOException {
        byte[] path = PathBytes.of(text);
        for (Following last : Following.values()) {
            int flags = FileCalls.O_PATH | (last == Following.ALL ? 0 : FileCalls.O_NOFOLLOW);
            Errno expected = null;
            long inode = 0;
            try (Descriptor opened = new Descriptor(openInRoot(root, path, flags))) {
                Statx stat = new Statx();
                FileCalls.fstatx(opened.fd(), stat);
                inode = stat.inode();
            } catch (ErrnoException e) {
                expected = e.errno();
            }
            String as = text + " " + last;
            int found = last == Following.ALL ? view.find(path) : view.findLink(path);
            try {
                int node = view.require(path, last);
                assertThat(expected).as(as).isNull();
                assertThat(found).as(as).isEqualTo(node);
                Long known = inodes.putIfAbsent(node, inode);
                assertThat(known == null ? inode : known).as(as).isEqualTo(inode);
            } catch (ErrnoException e) {
                assertThat(e.errno()).as(as).isEqualTo(expected);
                assertThat(found).as(as).isEqualTo(View.NONE);
            }
        }
    }

    /** The kernel gives up on a path with {@code ..} while something anywhere is renamed or mounted, and wants to be asked again. */
    private static int openInRoot(int root, byte[] path, int flags) throws ErrnoException {
        while (true) {
            try {
                return FileCalls.openat2(root, path, flags, 0, FileCalls.RESOLVE_IN_ROOT);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
            }
        }
    }
}
