package dev.velo.core.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    @Test
    void theBlobsOfATreeStandTogether() throws IOException {
        Path[] trees = trees();
        collected.collect(JOINED);
        long total = collected.test().packBytes();
        for (Path tree : trees) {
            List<Long> places = new ArrayList<>();
            long bytes = 0;
            try (Packs packs = collected.store().packs()) {
                var manifest = collected.test().manifest(tree);
                for (int blob = 0; blob < manifest.blobCount(); blob++) {
                    Packs.Location at = packs.require(manifest.digest(blob), "a test");
                    places.add(at.offset());
                    bytes += at.length();
                }
            }
            long span = places.stream().mapToLong(Long::longValue).max().orElseThrow()
                    - places.stream().mapToLong(Long::longValue).min().orElseThrow();
            // but for what it shares with a tree before it, a tree is one stretch
            assertThat(span).isLessThan(Math.min(total, 2 * bytes));
        }
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
