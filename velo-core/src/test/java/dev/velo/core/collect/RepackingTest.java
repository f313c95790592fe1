package dev.velo.core.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small packs become one, in which blobs stand as trees are read. */
class RepackingTest {
    private static final CollectOptions JOINED = CollectOptions.DEFAULT.withPacking(CollectOptions.Packing.JOINED);

    private CollectedStore collected;

    @BeforeEach
    void makeStore() throws IOException {
        collected = new CollectedStore();
    }

    @AfterEach
    void deleteStore() throws IOException {
        collected.close();
    }

    private Path[] trees() throws IOException {
        return new Path[] {collected.tree("a", 0, 100), collected.tree("b", 50, 150), collected.tree("c", 100, 200)};
    }

    @Test
    void smallPacksAreJoined() throws IOException {
        Path[] trees = trees();
        CollectReport report = collected.collect(JOINED);
        assertThat(report.packs()).hasSize(3).extracting(PackVerdict::fate).containsOnly(PackVerdict.Fate.REWRITTEN);
        assertThat(collected.names(Store.Room.PACKS)).hasSize(1);
        collected.assertWhole(trees);
        assertThat(collected.collect(JOINED).packs())
                .extracting(PackVerdict::fate)
                .containsExactly(PackVerdict.Fate.KEPT);
    }

    /** A tree of all files has one pack, in which those of each of its parts are spread. */
    @Test
    void theBlobsOfATreeComeToStandTogether() throws IOException {
        Path all = collected.tree("all", 0, 300);
        Path[] parts = {collected.tree("a", 0, 100), collected.tree("b", 100, 200), collected.tree("c", 200, 300)};
        collected.tree("other", 300, 310);
        collected.forget(all);
        for (Path part : parts) {
            assertThat(share(part)).isLessThan(0.7);
        }
        collected.collect(JOINED.withStale(CollectOptions.Stale.PRUNED));
        for (Path part : parts) {
            assertThat(share(part)).isGreaterThan(0.9);
        }
        collected.assertWhole(parts);
    }

    /** How much of the stretch of a pack in which the blobs of a tree stand is theirs. */
    private double share(Path tree) throws IOException {
        long start = Long.MAX_VALUE;
        long end = 0;
        long bytes = 0;
        try (Packs packs = collected.store().packs()) {
            Manifest manifest = collected.test().manifest(tree);
            for (int blob = 0; blob < manifest.blobCount(); blob++) {
                Packs.Location at = packs.require(manifest.digest(blob), "a test");
                long length = PackFormat.align(at.length(), PackFormat.BLOCK_BYTES);
                start = Math.min(start, at.offset());
                end = Math.max(end, at.offset() + length);
                bytes += length;
            }
        }
        return (double) bytes / (end - start);
    }

    @Test
    void onePackIsLeftAsItIs() throws IOException {
        Path tree = collected.tree("a", 0, 100);
        List<String> before = collected.names(Store.Room.PACKS);
        collected.collect(JOINED);
        assertThat(collected.names(Store.Room.PACKS)).isEqualTo(before);
        collected.assertWhole(tree);
    }

    @Test
    void whatIsDeadIsLeftOut() throws IOException {
        Path[] trees = trees();
        collected.forget(trees[0]);
        long before = collected.test().packBytes();
        collected.collect(JOINED.withStale(CollectOptions.Stale.PRUNED));
        assertThat(collected.test().packBytes()).isLessThan(before);
        assertThat(collected.names(Store.Room.PACKS)).hasSize(1);
        collected.assertWhole(trees[1], trees[2]);
    }

    @Test
    void aLeasedPackStays() throws IOException {
        Path[] trees = trees();
        String leased = collected.names(Store.Room.PACKS).getFirst();
        try (Packs packs = collected.store().packs()) {
            PackFile pack = packs.all().stream()
                    .filter(each -> leased.startsWith(each.id().toString()))
                    .findFirst()
                    .orElseThrow();
            try (Descriptor lease = FileLease.take(collected.store().fd(Store.Room.PACKS), PackFile.name(pack.id()))) {
                assertThat(lease.isOpen()).isTrue();
                collected.collect(JOINED);
            }
        }
        assertThat(collected.names(Store.Room.PACKS)).hasSize(2).contains(leased);
        collected.assertWhole(trees);
    }
}
