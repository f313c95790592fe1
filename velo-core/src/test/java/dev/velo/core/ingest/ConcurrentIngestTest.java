package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Eight trees of 300 files, each sharing most of them with its neighbours, ingested into one store at once. */
class ConcurrentIngestTest {
    private static final int TREES = 8;
    private static final int FILES = 300;
    private static final int STEP = 40;

    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private List<Path> trees() throws IOException {
        List<Path> trees = new ArrayList<>();
        for (int i = 0; i < TREES; i++) {
            Path tree = store.directory("tree-" + i);
            for (int number = i * STEP; number < i * STEP + FILES; number++) {
                Path folder = Files.createDirectories(tree.resolve("folder-" + number % 7));
                Files.write(folder.resolve("file-" + number), content(number));
            }
            trees.add(tree);
        }
        return trees;
    }

    private static byte[] content(int number) {
        byte[] bytes = new byte[number % 50 == 0 ? 1_500_000 : number * 13 % 9_000 + 1];
        new SplittableRandom(number).nextBytes(bytes);
        return bytes;
    }

    private static void atOnce(List<Callable<IngestReport>> jobs) throws Exception {
        CyclicBarrier start = new CyclicBarrier(jobs.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(jobs.size())) {
            List<Future<IngestReport>> reports = new ArrayList<>();
            for (Callable<IngestReport> job : jobs) {
                reports.add(threads.submit(() -> {
                    start.await();
                    return job.call();
                }));
            }
            for (Future<IngestReport> report : reports) {
                report.get();
            }
        }
    }

    @Test
    void everyTreeIsWholeWhoeverWroteItsBlobs() throws Exception {
        List<Path> trees = trees();
        List<Store> stores = new ArrayList<>();
        List<Callable<IngestReport>> jobs = new ArrayList<>();
        for (int i = 0; i < TREES; i++) {
            Path tree = trees.get(i);
            Store own = i % 2 == 0 ? store.store() : Store.open(store.store().path());
            stores.add(own);
            byte[] manifest = TestStore.bytes(store.manifestFile(tree));
            jobs.add(() ->
                    Ingest.run(own, TestStore.bytes(tree), manifest, TestStore.options(), new IngestListener() {}));
        }
        atOnce(jobs);
        for (Path tree : trees) {
            assertThat(store.manifest(tree).blobCount()).isEqualTo(FILES);
            assertThat(store.problems(store.manifest(tree))).isEmpty();
            assertThat(store.ingest(tree).newBlobs()).isZero();
        }
        assertThat(store.problems()).isEmpty();
        for (int i = 1; i < TREES; i += 2) {
            stores.get(i).close();
        }
    }

    @Test
    void oneTreeToOneManifestFromEightSidesIsOneTree() throws Exception {
        Path tree = trees().get(0);
        List<Callable<IngestReport>> jobs = new ArrayList<>();
        for (int i = 0; i < TREES; i++) {
            jobs.add(() -> store.ingest(tree));
        }
        atOnce(jobs);
        assertThat(store.problems(store.manifest(tree))).isEmpty();
        assertThat(store.problems()).isEmpty();
        // packs of the same blobs have the same name
        assertThat(store.files(Store.Room.PACKS)).hasSize(1);
        assertThat(store.files(Store.Room.ROOTS)).hasSize(2);
    }
}
