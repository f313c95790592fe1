package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which bytes a prefetch reads: the image and what the tree has in the packs, as few ranges, without holes. */
class PrefetchTest {
    private static final long MIB = 1 << 20;

    private TestStore store;

    @BeforeEach
    void makeStore() throws Exception {
        store = TestStore.create();
    }

    @AfterEach
    void deleteStore() throws Exception {
        store.close();
    }

    @Test
    void closeRangesAreJoinedAndDistantOnesAreNot() {
        assertThat(PackRanges.merged(0, List.of(range(0, 10), range(512, 600), range(MIB + 600, MIB + 601))))
                .containsExactly(range(0, MIB + 601));
        assertThat(PackRanges.merged(0, List.of(range(0, 10), range(MIB + 11, MIB + 12))))
                .hasSize(2);
        assertThat(PackRanges.merged(0, List.of())).isEmpty();
    }

    @Test
    void noMoreIsReadThanMemoryIsFree() {
        FileRange first = new FileRange(PathBytes.of("/a"), 0, 10);
        FileRange second = new FileRange(PathBytes.of("/b"), 5, 10);
        assertThat(FreeMemory.within(12, List.of(first, second)))
                .extracting(FileRange::length)
                .containsExactly(10L, 2L);
        assertThat(FreeMemory.within(10, List.of(first, second))).hasSize(1);
    }

    @Test
    void theRangesAreThoseOfTheTreeAndAreKept() throws Exception {
        TestImage.assumeMounts(store);
        Path other = store.directory("other");
        Files.write(other.resolve("other"), new byte[3 << 20]);
        store.ingest(other);
        Path tree = store.directory("tree");
        Files.writeString(tree.resolve("small"), "small");
        try (RandomAccessFile sparse =
                new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(100 * MIB);
            sparse.seek(50 * MIB);
            sparse.writeByte(1);
        }
        Presenter presenter =
                new Presenter(store.store(), store.ingest(tree).tree(), TestStore.EXACT, () -> store.manifest(tree));
        try (Anchor anchor = presenter.anchor()) {
            List<FileRange> ranges = Prefetch.all(store.store(), anchor);
            assertThat(ranges.getFirst().path()).isEqualTo(anchor.image().path());
            assertThat(ranges.getFirst().length()).isEqualTo(anchor.image().erofsBytes());
            assertThat(ranges.stream().skip(1).mapToLong(FileRange::length).sum())
                    .isBetween(6L, MIB);
            Prefetch.now(store.store(), anchor);
            assertThat(Prefetch.of(store.store(), anchor)).isEmpty();

            Path kept = store.room(Store.Room.MOUNTS)
                    .resolve(PathBytes.show(PathBytes.lastName(anchor.image().path())))
                    .resolve("ranges");
            assertThat(kept).exists();
            assertThat(Prefetch.all(store.store(), anchor)).hasSameSizeAs(ranges);
            Files.writeString(kept, "velo-ranges 1 of another image\n0 0 5\n");
            assertThat(Prefetch.all(store.store(), anchor)).hasSameSizeAs(ranges);
        }
    }

    @Test
    void whatACollectionHasTakenIsNotRead() throws Exception {
        TestImage.assumeMounts(store);
        Path tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "file");
        Presenter presenter =
                new Presenter(store.store(), store.ingest(tree).tree(), TestStore.EXACT, () -> store.manifest(tree));
        try (Anchor anchor = presenter.anchor()) {
            Files.delete(store.room(Store.Room.IMAGES)
                    .resolve(PathBytes.show(PathBytes.lastName(anchor.image().path()))));

            Prefetch.now(store.store(), anchor);

            assertThat(Prefetch.of(store.store(), anchor)).isEmpty();
        }
    }

    private static PackRanges.Range range(long start, long end) {
        return new PackRanges.Range(0, start, end);
    }
}
