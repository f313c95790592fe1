package dev.velo.core.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackIndex;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Images;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packs are compressed when that is asked for, once; and stay so whatever is collected later. */
class ColdCollectionTest {
    private static final CollectOptions COLD = CollectOptions.DEFAULT.withPacking(CollectOptions.Packing.COLD);
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

    private Digest digest(Path tree) throws IOException {
        return Roots.digestOf(PathBytes.of(collected.test().manifestFile(tree)));
    }

    /** How many blobs of each pack are compressed. */
    private List<Long> compressed() throws IOException {
        try (Packs packs = collected.store().packs()) {
            return packs.all().stream().map(ColdCollectionTest::compressed).toList();
        }
    }

    private static long compressed(PackFile pack) {
        return IntStream.range(0, pack.index().count())
                .filter(entry -> !pack.index().isRaw(entry))
                .count();
    }

    @Test
    void whatIsWorthItIsCompressedOnce() throws IOException {
        Path[] trees = {collected.texts("a", 0, 60), collected.texts("b", 30, 90), collected.tree("noise", 0, 30)};
        long before = collected.test().packBytes();

        CollectReport report = collected.collect(COLD);

        assertThat(report.packs()).hasSize(3).extracting(PackVerdict::fate).containsOnly(PackVerdict.Fate.REWRITTEN);
        assertThat(compressed()).containsExactly(90L);
        assertThat(collected.test().packBytes()).isLessThan(before / 2);
        collected.assertWhole(trees);
        List<String> cold = collected.names(Store.Room.PACKS);
        assertThat(collected.collect(COLD).isClean()).isTrue();
        assertThat(collected.collect(JOINED).isClean()).isTrue();
        assertThat(collected.names(Store.Room.PACKS)).isEqualTo(cold);
    }

    @Test
    void whatComesLaterIsCompressedAndJoinedWithTheRest() throws IOException {
        Path first = collected.texts("first", 0, 60);
        collected.collect(COLD);
        Path second = collected.texts("second", 60, 90);
        collected.collect(COLD);
        assertThat(compressed()).containsExactly(90L);
        collected.assertWhole(first, second);
    }

    @Test
    void aCollectionCopiesWhatLivesAsItStands() throws IOException {
        Path whole = collected.texts("whole", 0, 60);
        Path part = collected.texts("part", 0, 20);
        collected.collect(COLD);
        collected.forget(whole);
        assertThat(collected.prune().packs()).extracting(PackVerdict::fate).containsExactly(PackVerdict.Fate.REWRITTEN);
        assertThat(compressed()).containsExactly(20L);
        collected.assertWhole(part);
    }

    /** Otherwise nobody would know of a pack whether all in it that is worth it is compressed. */
    @Test
    void coldPacksAreJoinedApartFromOthers() throws IOException {
        Path[] trees = new Path[4];
        for (int i = 0; i < 2; i++) {
            trees[i] = collected.texts("cold-" + i, 40 * i, 40 * i + 40);
        }
        collected.collect(COLD);
        for (int i = 2; i < 4; i++) {
            trees[i] = collected.texts("warm-" + i, 40 * i, 40 * i + 40);
        }
        collected.collect(JOINED);
        assertThat(compressed()).containsExactlyInAnyOrder(80L, 0L);
        collected.assertWhole(trees);
        collected.collect(COLD);
        assertThat(compressed()).containsExactly(160L);
        collected.assertWhole(trees);
    }

    @Test
    void whatWasDecompressedForAnImageGoesAndTheCompressedCopyStays() throws IOException {
        Path tree = collected.texts("tree", 0, 60);
        collected.collect(COLD);
        Manifest manifest = collected.test().manifest(tree);
        Digest digest = digest(tree);
        Images.of(collected.store(), digest, TestStore.EXACT, () -> manifest).close();
        assertThat(compressed()).containsExactlyInAnyOrder(60L, 0L);
        collected.collect(COLD);
        assertThat(compressed()).containsExactly(60L);
        collected.assertWhole(tree);
    }

    @Test
    @SuppressWarnings("try") // the lease is only held
    void aPackThatIsInUseOrYoungStaysAsItIs() throws IOException {
        Path tree = collected.texts("tree", 0, 60);
        byte[] pack;
        try (Packs packs = collected.store().packs()) {
            pack = PackFile.name(packs.all().getFirst().id());
        }
        try (Descriptor lease = FileLease.take(collected.store().fd(Store.Room.PACKS), pack)) {
            assertThat(collected.collect(COLD).packs())
                    .extracting(PackVerdict::fate)
                    .containsExactly(PackVerdict.Fate.IN_USE);
        }
        assertThat(collected.collect(COLD.withMinimumAge(Duration.ofHours(1))).packs())
                .extracting(PackVerdict::fate)
                .containsExactly(PackVerdict.Fate.YOUNG);
        assertThat(compressed()).containsExactly(0L);
        collected.collect(COLD);
        assertThat(compressed()).containsExactly(60L);
        collected.assertWhole(tree);
    }

    @Test
    void aDamagedPackStaysAndTheOthersAreCompressed() throws IOException {
        collected.texts("damaged", 0, 20);
        Path damaged = collected.test().files(Store.Room.PACKS).getFirst();
        assertThat(damaged.toFile().setWritable(true)).isTrue();
        try (RandomAccessFile bytes = new RandomAccessFile(damaged.toFile(), "rw")) {
            bytes.seek(700);
            bytes.write(0);
        }
        Path right = collected.texts("right", 20, 60);

        CollectReport report = collected.collect(COLD);

        assertThat(report.packs())
                .extracting(PackVerdict::fate)
                .containsExactlyInAnyOrder(PackVerdict.Fate.DAMAGED, PackVerdict.Fate.REWRITTEN);
        // of the damaged one all but a blob
        assertThat(compressed()).contains(59L);
        assertThat(damaged).exists();
        assertThat(collected.test().problems(collected.test().manifest(right))).isEmpty();
    }

    /** What is stored counts for the disk, lengths count for what is the same. */
    @Test
    void usageTellsWhatIsStored() throws IOException {
        Path one = collected.texts("one", 0, 60);
        Path two = collected.texts("two", 30, 90);
        collected.collect(COLD);
        Map<Digest, Manifest> trees = Map.of(
                digest(one), collected.test().manifest(one),
                digest(two), collected.test().manifest(two));
        try (Packs packs = collected.store().packs();
                Usage usage = Usage.of(collected.store(), packs, trees.keySet())) {
            trees.forEach(usage::add);
            PackUsage all = usage.packs();
            assertThat(all.compressedBlobs()).isEqualTo(90);
            assertThat(all.livingBytes()).isEqualTo(all.blobBytes()).isGreaterThan(2 * all.bytes());
            assertThat(all.deadBytes()).isZero();
            long own = usage.trees().stream().mapToLong(TreeUsage::ownBytes).sum();
            long shared = usage.trees().getFirst().sharedBytes();
            PackIndex index = packs.all().getFirst().index();
            assertThat(own + shared)
                    .isEqualTo(IntStream.range(0, index.count())
                            .mapToLong(index::storedLength)
                            .sum());
        }
    }
}
