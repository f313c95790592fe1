package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.velo.core.store.StatCache;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An ingest that fails says why and leaves the store as it was. */
class FailedIngestTest {
    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private static byte[] noise(int seed, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private List<Path> published() throws IOException {
        List<Path> all = new ArrayList<>(store.files(Store.Room.PACKS));
        all.addAll(store.files(Store.Room.ROOTS));
        store.files(Store.Room.STATS).stream()
                .filter(file -> StatCache.isName(PathBytes.of(file.getFileName().toString())))
                .forEach(all::add);
        return all;
    }

    /** Fails an ingest by what is done when the scan is over, and checks that nothing has come of it. */
    private IOException failure(Runnable afterScan) throws IOException {
        Files.writeString(tree.resolve("first"), "first");
        store.ingest(tree);
        byte[] manifest = Files.readAllBytes(store.manifestFile(tree));
        List<Path> before = published();
        Files.write(tree.resolve("second"), noise(2, 100_000));
        Files.write(tree.resolve("third"), noise(3, 2_000_000));
        IOException failure = catchThrowableOfType(
                IOException.class,
                () -> Ingest.run(
                        store.store(),
                        TestStore.bytes(tree),
                        TestStore.bytes(store.manifestFile(tree)),
                        TestStore.options(),
                        new IngestListener() {
                            @Override
                            public void toRead(long files, long bytes) {
                                afterScan.run();
                            }
                        }));
        assertThat(failure).isNotNull();
        assertThat(published()).isEqualTo(before);
        assertThat(store.manifestFile(tree)).hasBinaryContent(manifest);
        try (var names = Files.list(store.folder())) {
            assertThat(names.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("store", "tree", "tree.velo");
        }
        assertThat(store.problems()).isEmpty();
        return failure;
    }

    private interface Change {
        void run() throws IOException;
    }

    private static Runnable unchecked(Change change) {
        return () -> {
            try {
                change.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @Test
    void aFileDeletedAfterTheScanIsNamed() throws IOException {
        assertThat(failure(unchecked(() -> Files.delete(tree.resolve("third")))))
                .isInstanceOf(IngestException.class)
                .hasMessageContaining(tree.resolve("third").toString());
    }

    @Test
    void aFileReplacedByADirectoryIsNamed() throws IOException {
        assertThat(failure(unchecked(() -> {
                    Files.delete(tree.resolve("second"));
                    Files.createDirectory(tree.resolve("second"));
                })))
                .hasMessageContaining(tree.resolve("second").toString());
    }

    @Test
    void aFileReplacedByASymlinkIsNamed() throws IOException {
        assertThat(failure(unchecked(() -> {
                    Files.delete(tree.resolve("second"));
                    Files.createSymbolicLink(tree.resolve("second"), Path.of("first"));
                })))
                .isInstanceOf(IngestException.class)
                .hasMessageContaining(tree.resolve("second").toString());
    }

    @Test
    void aTreeThatIsNotThereIsNamed() {
        Path nowhere = store.folder().resolve("nowhere");
        assertThatThrownBy(() -> store.ingest(nowhere))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining(nowhere.toString());
        assertThat(store.manifestFile(nowhere)).doesNotExist();
    }

    @Test
    void aManifestThatCannotBeWrittenIsNamedAndRegistersNothing() throws IOException {
        Files.writeString(tree.resolve("first"), "first");
        Path manifest = store.folder().resolve("no/such/folder/app.velo");
        assertThatThrownBy(() -> Ingest.run(
                        store.store(),
                        TestStore.bytes(tree),
                        TestStore.bytes(manifest),
                        TestStore.options(),
                        new IngestListener() {}))
                .isInstanceOf(ErrnoException.class)
                .hasMessageContaining(manifest.toString());
        assertThat(store.files(Store.Room.ROOTS)).isEmpty();
    }

    @Test
    @Timeout(20)
    void aListenerThatThrowsEndsTheIngest() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.small());
        AtomicBoolean told = new AtomicBoolean();
        assertThatThrownBy(() -> Ingest.run(
                        store.store(),
                        TestStore.bytes(tree),
                        TestStore.bytes(store.manifestFile(tree)),
                        TestStore.options(),
                        new IngestListener() {
                            @Override
                            public void scanned(int entries) {
                                if (!told.getAndSet(true)) {
                                    throw new IllegalArgumentException("enough");
                                }
                            }
                        }))
                .hasStackTraceContaining("enough");
        assertThat(published()).isEmpty();
    }

    @Test
    @Timeout(20)
    void aListenerThatThrowsWhileBlobsAreStoredEndsTheIngest() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.small());
        assertThatThrownBy(() -> Ingest.run(
                        store.store(),
                        TestStore.bytes(tree),
                        TestStore.bytes(store.manifestFile(tree)),
                        TestStore.options(),
                        new IngestListener() {
                            @Override
                            public void stored(long bytes) {
                                throw new IllegalArgumentException("enough");
                            }
                        }))
                .hasStackTraceContaining("enough");
        assertThat(published()).isEmpty();
    }

    @Test
    void aFullDiskGivesBackItsSpaceAndTakesASmallTreeAfterwards() throws IOException {
        for (int i = 0; i < 8; i++) {
            Files.write(tree.resolve("large-" + i), noise(i, 3_000_000));
            Files.write(tree.resolve("small-" + i), noise(i + 100, 30_000));
        }
        Path small = store.directory("small");
        Files.writeString(small.resolve("a"), "content");
        Path point = store.directory("point");
        try (TestMount mount = TestMount.ext4(point, 16);
                TestStore full =
                        TestStore.in(Files.createDirectory(mount.point().resolve("full")))) {
            long free = Files.getFileStore(point).getUnallocatedSpace();
            assertThatThrownBy(() -> full.ingest(tree))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
            assertThat(full.problems()).isEmpty();
            assertThat(full.files(Store.Room.PACKS)).isEmpty();
            assertThat(full.files(Store.Room.ROOTS)).isEmpty();
            assertThat(full.manifestFile(tree)).doesNotExist();
            assertThat(Files.getFileStore(point).getUnallocatedSpace()).isGreaterThan(free - 200_000);
            full.ingest(small);
            assertThat(full.problems(full.manifest(small))).isEmpty();
        }
    }
}
