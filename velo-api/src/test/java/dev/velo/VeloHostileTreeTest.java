package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.tree.LocalPath;
import dev.velo.core.tree.PathBytes;
import dev.velo.launcher.MountCleanup;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree with everything that trees can have, seen through the library beside the file system's own answers. */
final class VeloHostileTreeTest {
    private static final long READ_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private Path tree;
    private VeloStore store;
    private VeloView view;

    @BeforeEach
    void ingest() throws IOException {
        MountCleanup.watch(folder);
        tree = Files.createDirectory(folder.resolve("tree"));
        HostileTree.generate(tree, HostileTree.Options.small());
        store = VeloStore.open(folder.resolve("store"));
        VeloIngestOptions options = VeloIngestOptions.DEFAULT
                .withOwners(VeloIngestOptions.Owners.KEPT)
                .withTrust(VeloTree.Trust.TRUSTED);
        view = store.view(store.ingest(tree, options).tree());
    }

    @AfterEach
    void close() throws IOException {
        view.close();
        store.close();
        HostileTree.deleteTree(tree);
    }

    private Path original(VeloEntry entry) {
        return LocalPath.of(PathBytes.join(LocalPath.bytes(tree), entry.pathBytes()));
    }

    @Test
    void everyEntryIsThatOfTheTree() throws Exception {
        Map<Object, Long> inodes = new HashMap<>();
        List<Path> found = new ArrayList<>();
        try (Stream<VeloEntry> all = view.walk("")) {
            for (VeloEntry entry : (Iterable<VeloEntry>) all::iterator) {
                Path path = original(entry);
                found.add(path);
                Map<String, Object> facts = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
                assertThat(facts.get("mode")).as("%s", path).isEqualTo(type(entry.kind()) | entry.permissions());
                assertThat(facts.get("uid")).isEqualTo(entry.uid());
                assertThat(facts.get("gid")).isEqualTo(entry.gid());
                assertThat(facts.get("nlink")).as("names of %s", path).isEqualTo(entry.linkCount());
                assertThat(facts.get("lastModifiedTime")).isEqualTo(entry.modified());
                if (entry.kind() == VeloEntry.Kind.FILE || entry.kind() == VeloEntry.Kind.SYMLINK) {
                    assertThat(facts.get("size")).isEqualTo(entry.size());
                }
                Long inode = inodes.putIfAbsent(facts.get("ino"), entry.inode());
                assertThat(inode == null || inode == entry.inode())
                        .as("one file by all its names")
                        .isTrue();
                assertThat(view.entry(entry.pathBytes(), LinkOption.NOFOLLOW_LINKS))
                        .isEqualTo(entry);
                assertThat(view.entry(entry.path(), LinkOption.NOFOLLOW_LINKS)).isEqualTo(entry);
            }
        }
        try (Stream<Path> expected = Files.walk(tree)) {
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected.toList());
        }
    }

    private static int type(VeloEntry.Kind kind) {
        return switch (kind) {
            case FILE -> 0100000;
            case DIRECTORY -> 0040000;
            case SYMLINK -> 0120000;
            case CHARACTER_DEVICE -> 0020000;
            case BLOCK_DEVICE -> 0060000;
            case FIFO -> 0010000;
        };
    }

    @Test
    void everyFileHasItsBytesByEveryWayToReadThem() throws Exception {
        try (Stream<VeloEntry> all = view.walk("")) {
            for (VeloEntry entry : (Iterable<VeloEntry>) all::iterator) {
                if (entry.kind() != VeloEntry.Kind.FILE) {
                    continue;
                }
                byte[] path = entry.pathBytes();
                byte[] expected;
                try (InputStream in = Files.newInputStream(original(entry))) {
                    expected = in.readNBytes((int) READ_BYTES);
                }
                try (InputStream in = view.newInputStream(path)) {
                    assertThat(in.readNBytes((int) READ_BYTES)).isEqualTo(expected);
                }
                MemorySegment mapped = view.map(path);
                assertThat(mapped.byteSize()).isEqualTo(entry.size());
                assertThat(mapped.asSlice(0, expected.length).mismatch(MemorySegment.ofArray(expected)))
                        .isEqualTo(-1);
                if (entry.size() <= READ_BYTES) {
                    assertThat(view.readAllBytes(path)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aCheckoutIsTheTree() throws Exception {
        Path copy = folder.resolve("copy");
        try {
            VeloCheckout.Report report = view.checkout(copy, VeloCheckout.of(VeloCheckout.Mode.COPY));

            assertThat(TreeComparison.differences(tree, copy)).isEmpty();
            assertThat(report.files()).isPositive();
            assertThat(report.linked()).isZero();
            assertThat(report.warnings()).isEmpty();
        } finally {
            HostileTree.deleteTree(copy);
        }
    }

    @Test
    void textAndBytesNameTheSameEntries() throws Exception {
        try (Stream<VeloEntry> all = view.walk("names")) {
            List<VeloEntry> names = all.toList();
            assertThat(names).anyMatch(entry -> entry.name().chars().anyMatch(c -> c >= 0xDC80 && c <= 0xDCFF));
            for (VeloEntry entry : names) {
                assertThat(view.find(entry.path(), LinkOption.NOFOLLOW_LINKS)).contains(entry);
            }
        }
    }
}
