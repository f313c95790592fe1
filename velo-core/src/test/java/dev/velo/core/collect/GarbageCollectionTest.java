package dev.velo.core.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.Farm;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackEncoding;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Workers;
import dev.velo.core.view.Images;
import dev.velo.core.view.MetadataPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/** A collection takes what no registered tree needs, and nothing else. */
class GarbageCollectionTest {
    private static final int FILES = 200;

    private CollectedStore collected;

    @BeforeEach
    void makeStore() throws IOException {
        collected = new CollectedStore();
    }

    @AfterEach
    void deleteStore() throws IOException {
        collected.close();
    }

    @Test
    void aStoreWhoseTreesNeedAllOfItIsClean() throws IOException {
        Path tree = collected.tree("tree", 0, FILES);
        List<String> before = collected.names(Store.Room.PACKS);
        assertThat(collected.prune().isClean()).isTrue();
        assertThat(collected.names(Store.Room.PACKS)).isEqualTo(before);
        collected.assertWhole(tree);
    }

    @Test
    void anEmptyStoreIsClean() throws IOException {
        assertThat(collected.prune().isClean()).isTrue();
    }

    @Test
    void aPackThatNothingNeedsGoes() throws IOException {
        Path first = collected.tree("first", 0, FILES);
        Path second = collected.tree("second", FILES, 2 * FILES);
        collected.forget(first);
        CollectReport report = collected.prune();
        assertThat(report.packs())
                .extracting(PackVerdict::fate)
                .containsExactlyInAnyOrder(PackVerdict.Fate.REMOVED, PackVerdict.Fate.KEPT);
        assertThat(collected.names(Store.Room.PACKS)).hasSize(1);
        assertThat(collected.names(Store.Room.ROOTS)).hasSize(2);
        assertThat(collected.names(Store.Room.TRASH)).isEmpty();
        collected.assertWhole(second);
        assertThat(collected.prune().isClean()).isTrue();
    }

    @Test
    void whatLivesOfAPackIsCopiedInItsOrder() throws IOException {
        Path whole = collected.tree("whole", 0, FILES);
        Path part = collected.tree("part", FILES / 4, FILES / 2);
        List<Long> order = lengthsInOrder(FILES / 4, FILES / 2);
        collected.forget(whole);
        long before = collected.test().packBytes();
        CollectReport report = collected.prune();
        assertThat(report.packs()).extracting(PackVerdict::fate).containsExactly(PackVerdict.Fate.REWRITTEN);
        assertThat(report.newPacks()).hasSize(1);
        assertThat(collected.names(Store.Room.PACKS))
                .containsExactly(report.newPacks().getFirst() + ".pack");
        assertThat(before - collected.test().packBytes()).isCloseTo(report.freedBytes(), within(before / 20));
        assertThat(lengthsInOrder(FILES / 4, FILES / 2)).isEqualTo(order);
        collected.assertWhole(part);
    }

    /** The lengths of the blobs of these files that the store has, as they follow one another in packs. */
    private List<Long> lengthsInOrder(int from, int to) throws IOException {
        try (Packs packs = collected.store().packs()) {
            List<Packs.Location> found = new ArrayList<>();
            for (int number = from; number < to; number++) {
                found.add(packs.find(CollectedStore.digest(number)));
            }
            return found.stream()
                    .sorted(Comparator.comparing(
                                    (Packs.Location at) -> at.pack().id())
                            .thenComparingLong(Packs.Location::offset))
                    .map(Packs.Location::length)
                    .toList();
        }
    }

    @Test
    void aPackOfWhichLittleIsDeadStays() throws IOException {
        Path whole = collected.tree("whole", 1, 40);
        Path most = collected.tree("most", 1, 39);
        collected.forget(whole);
        assertThat(collected.prune().packs()).extracting(PackVerdict::fate).containsExactly(PackVerdict.Fate.KEPT);
        collected.assertWhole(most);
    }

    @Test
    void aCopyThatAKilledCollectionHasLeftIsNotTaken() throws IOException {
        Path whole = collected.tree("whole", 0, FILES);
        Path part = collected.tree("part", 0, FILES / 2);
        collected.forget(whole);
        copyWhatLives(part);
        assertThat(collected.names(Store.Room.PACKS)).hasSize(2);
        collected.prune();
        collected.assertWhole(part);
        assertThat(collected.names(Store.Room.PACKS)).hasSize(1);
    }

    /** What a collection does before it removes anything. */
    private void copyWhatLives(Path tree) throws IOException {
        try (Packs packs = collected.store().packs();
                Marking marking = new Marking(packs.all());
                PackCopy copy = new PackCopy(collected.store(), PackEncoding.KEPT, 1 << 30)) {
            marking.mark(CollectedStore.digest(0), collected.test().manifest(tree));
            copy.copyInFileOrder(packs.all().getFirst(), marking.living(0));
            copy.finish();
        }
    }

    @Test
    void aStaleManifestProtectsItsTreeUntilItIsPruned() throws IOException {
        Path tree = collected.tree("tree", 0, FILES);
        byte[] manifest = Files.readAllBytes(collected.test().manifestFile(tree));
        collected.forget(tree);
        CollectReport report = collected.collect(CollectOptions.DEFAULT);
        assertThat(report.stale())
                .containsExactly(collected.test().manifestFile(tree).toString());
        assertThat(report.isClean()).isTrue();
        Files.write(collected.test().manifestFile(tree), manifest);
        collected.assertWhole(tree);
        collected.forget(tree);
        assertThat(collected.prune().leftovers()).extracting(Leftovers::kind).contains(Leftovers.Kind.STALE_ROOTS);
        assertThat(collected.names(Store.Room.PACKS)).isEmpty();
        assertThat(collected.names(Store.Room.ROOTS)).isEmpty();
    }

    @Test
    void aPlanChangesNothing() throws IOException {
        Path tree = collected.tree("tree", 0, FILES);
        collected.forget(tree);
        List<Path> before = filesOfStore();
        CollectReport report = GarbageCollection.plan(
                collected.store(), CollectOptions.DEFAULT.withStale(CollectOptions.Stale.PRUNED));
        assertThat(report.isClean()).isFalse();
        assertThat(filesOfStore()).isEqualTo(before);
    }

    private List<Path> filesOfStore() throws IOException {
        try (var files = Files.walk(collected.test().folder().resolve("store"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void nothingGoesWhileARootIsDamaged() throws IOException {
        Path first = collected.tree("first", 0, FILES);
        collected.forget(first);
        Path second = collected.tree("second", FILES, 2 * FILES);
        Path root = collected.test().files(Store.Room.ROOTS).stream()
                .filter(file -> file.toString().endsWith(".root"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(root);
        bytes[bytes.length / 2] ^= 1;
        Files.write(root, bytes);
        List<String> packs = collected.names(Store.Room.PACKS);
        assertThatThrownBy(() -> collected.prune())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nothing is collected")
                .hasMessageContaining(root.toString());
        assertThat(collected.names(Store.Room.PACKS)).isEqualTo(packs);
        assertThat(collected.test().problems(collected.test().manifest(second))).isEmpty();
    }

    @Test
    void nothingGoesWhileTheCopyOfAManifestIsDamaged() throws IOException {
        Path tree = collected.tree("tree", 0, FILES);
        Path copy = collected.test().files(Store.Room.ROOTS).stream()
                .filter(file -> file.toString().endsWith(".velo"))
                .findFirst()
                .orElseThrow();
        assertThat(copy.toFile().setWritable(true)).isTrue();
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 20);
        }
        assertThatThrownBy(() -> collected.prune())
                .hasMessageContaining("nothing is collected")
                .hasMessageContaining(collected.test().manifestFile(tree).toString());
        assertThat(collected.names(Store.Room.PACKS)).hasSize(1);
    }

    @Test
    void aPackWithADamagedBlobThatLivesStays() throws IOException {
        Path whole = collected.tree("whole", 0, FILES);
        collected.tree("part", 0, FILES / 2);
        collected.forget(whole);
        Path pack = collected.test().files(Store.Room.PACKS).getFirst();
        flip(1);
        CollectReport report = collected.prune();
        assertThat(report.packs()).extracting(PackVerdict::fate).containsExactly(PackVerdict.Fate.DAMAGED);
        assertThat(pack).exists();
    }

    /** What was copied of a pack before its damage was met is right, whatever is copied next. */
    @ParameterizedTest
    @ValueSource(ints = {41, 40})
    void damageSpreadsToNoCopy(int damagedFile) throws IOException {
        int packs = 8;
        for (int tree = 0; tree < packs; tree++) {
            Path whole = collected.tree("whole-" + tree, tree * FILES, tree * FILES + 100);
            collected.tree("part-" + tree, tree * FILES, tree * FILES + 60);
            collected.forget(whole);
        }
        List<Path> damaged = collected.test().files(Store.Room.PACKS);
        assertThat(damaged).hasSize(packs);
        for (int tree = 0; tree < packs; tree++) {
            flip(tree * FILES + damagedFile);
        }
        CollectReport report = collected.prune();
        assertThat(report.packs()).extracting(PackVerdict::fate).containsOnly(PackVerdict.Fate.DAMAGED);
        assertThat(collected.test().problems())
                .hasSize(packs)
                .allMatch(problem -> damaged.stream().anyMatch(pack -> problem.contains(pack.toString())));
    }

    /** Changes a bit of the blob of this file in the one pack that has it. */
    private void flip(int number) throws IOException {
        Path pack;
        long at;
        try (Packs packs = collected.store().packs()) {
            Packs.Location location = packs.require(CollectedStore.digest(number), "a test");
            pack = Path.of(location.pack().file());
            at = location.offset();
        }
        assertThat(pack.toFile().setWritable(true)).isTrue();
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) ~CollectedStore.content(number)[0]}), at);
        }
    }

    @Test
    void whatIsYoungStays() throws IOException {
        Path tree = collected.tree("tree", 0, FILES);
        collected.forget(tree);
        CollectReport report = collected.collect(
                CollectOptions.DEFAULT.withStale(CollectOptions.Stale.PRUNED).withMinimumAge(Duration.ofHours(2)));
        assertThat(report.packs()).extracting(PackVerdict::fate).containsExactly(PackVerdict.Fate.YOUNG);
        assertThat(collected.names(Store.Room.PACKS)).hasSize(1);
    }

    /** One is called by its tree's digest and what is special about it, the other by the digest alone. */
    @ParameterizedTest
    @EnumSource(Root.Trust.class)
    void aFarmStaysAsLongAsItIsLeased(Root.Trust trust) throws IOException {
        MetadataPolicy metadata = new MetadataPolicy(trust, MetadataPolicy.Ownership.MAKER);
        Path tree = collected.tree("tree", 0, FILES);
        Roots roots = new Roots(collected.store());
        Root root = roots.all().getFirst();
        Farm farm = Farm.of(collected.store(), root.tree(), metadata, () -> roots.manifest(root), 2);
        collected.forget(tree);
        assertThat(collected.prune().leftovers()).extracting(Leftovers::kind).doesNotContain(Leftovers.Kind.FARMS);
        assertThat(collected.names(Store.Room.FARMS)).hasSize(1);
        farm.close();
        assertThat(collected.prune().leftovers()).extracting(Leftovers::kind).containsExactly(Leftovers.Kind.FARMS);
        assertThat(collected.names(Store.Room.FARMS)).isEmpty();
    }

    @Test
    void aLeasedPackStays() throws IOException {
        Path tree = collected.tree("tree", 0, FILES);
        List<Digest> packs;
        try (Packs opened = collected.store().packs()) {
            packs = opened.all().stream().map(PackFile::id).toList();
        }
        Descriptor lease = FileLease.take(collected.store().fd(Store.Room.PACKS), PackFile.name(packs.getFirst()));
        collected.forget(tree);
        assertThat(collected.prune().packs()).extracting(PackVerdict::fate).containsExactly(PackVerdict.Fate.IN_USE);
        lease.close();
        assertThat(collected.prune().packs()).extracting(PackVerdict::fate).containsExactly(PackVerdict.Fate.REMOVED);
    }

    @Test
    void whatCanBeMadeAgainGoesOnRequest() throws IOException {
        Path tree = collected.tree("tree", 0, FILES);
        Roots roots = new Roots(collected.store());
        Root root = roots.all().getFirst();
        Farm.of(collected.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root), 2)
                .close();
        Images.of(collected.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root))
                .close();
        CollectReport report = collected.collect(CollectOptions.DEFAULT.withScope(CollectOptions.Scope.DERIVED));
        assertThat(report.leftovers())
                .extracting(Leftovers::kind)
                .contains(Leftovers.Kind.FARMS, Leftovers.Kind.IMAGES);
        assertThat(collected.names(Store.Room.FARMS)).isEmpty();
        assertThat(collected.names(Store.Room.IMAGES)).isEmpty();
        assertThat(collected.names(Store.Room.PACKS)).hasSize(1);
        collected.assertWhole(tree);
    }

    @Test
    void oneCollectsAtATime() throws IOException {
        try (Descriptor other = collected.store().lockCollection()) {
            assertThat(other.isOpen()).isTrue();
            assertThatThrownBy(() -> collected.prune()).hasMessageContaining("is being collected");
        }
    }

    /** Trees come and go; after each collection those that are there are whole, and nothing is kept for the others. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverComesAndGoesTheRestIsWhole(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Path> trees = new ArrayList<>();
        for (int step = 0; step < 12; step++) {
            int from = random.nextInt(FILES);
            trees.add(collected.tree("tree-" + step, from, from + random.nextInt(1, FILES / 2)));
            while (trees.size() > 3) {
                collected.forget(trees.remove(random.nextInt(trees.size())));
            }
            if (random.nextInt(3) == 0) {
                collected.prune();
                collected.assertWhole(trees.toArray(new Path[0]));
            }
        }
        collected.prune();
        collected.prune();
        collected.assertWhole(trees.toArray(new Path[0]));
        assertThat(deadShare()).isLessThan(0.125);
    }

    private double deadShare() throws IOException {
        long dead = 0;
        long all = 1;
        for (PackVerdict pack : GarbageCollection.plan(collected.store(), CollectOptions.DEFAULT)
                .packs()) {
            all += pack.bytes();
            dead += pack.bytes() - pack.livingBytes();
        }
        return (double) dead / all;
    }

    /** Some ingest and forget without end while another collects: no ingest fails, and what is registered at the end is whole. */
    @Test
    void collectionsGoOnBesideIngests() throws Exception {
        int writers = 3;
        List<List<Path>> trees = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            trees.add(new ArrayList<>());
        }
        long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
        Workers.run(writers + 1, "test", worker -> {
            if (worker == writers) {
                while (System.nanoTime() < end) {
                    collected.prune();
                }
                return;
            }
            SplittableRandom random = new SplittableRandom(worker);
            List<Path> own = trees.get(worker);
            for (int step = 0; System.nanoTime() < end; step++) {
                int from = random.nextInt(FILES / 2);
                own.add(collected.tree("tree-" + worker + "-" + step, from, from + 30));
                if (own.size() > 2) {
                    collected.forget(own.remove(0));
                }
            }
        });
        collected.prune();
        collected.assertWhole(trees.stream().flatMap(List::stream).toArray(Path[]::new));
    }

    @Test
    void theTableFindsEveryBlobAndNoOther() throws IOException {
        collected.tree("tree", 0, FILES);
        try (Packs packs = collected.store().packs();
                BlobTable table = new BlobTable(packs.all())) {
            RoaringBitmap found = new RoaringBitmap();
            for (int number = 0; number < FILES; number++) {
                long place = table.find(CollectedStore.digest(number));
                assertThat(BlobTable.pack(place)).isZero();
                found.add(BlobTable.entry(place));
            }
            assertThat(found.getCardinality()).isEqualTo(FILES);
            assertThat(table.find(CollectedStore.digest(FILES))).isEqualTo(BlobTable.NOWHERE);
        }
    }
}
