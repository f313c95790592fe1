package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of many who want an image that is not there, one binds it and all get that one. */
class ConcurrentBindTest {
    private static final int THREADS = 8;
    private static final int PROCESSES = 3;

    private TestStore store;
    private Path tree;
    private IngestReport report;

    @BeforeEach
    void ingestATree() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        for (int i = 0; i < 500; i++) {
            Files.writeString(tree.resolve("file-" + i), "text " + i);
        }
        report = store.ingest(tree);
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void threadsWithStoresOfTheirOwn() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        AtomicInteger manifestsRead = new AtomicInteger();
        List<Future<String>> found = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                found.add(threads.submit(() -> {
                    try (Store own = Store.open(TestStore.bytes(store.folder().resolve("store")))) {
                        start.await();
                        try (Image image = Images.of(own, report.tree(), TestStore.EXACT, () -> {
                            manifestsRead.incrementAndGet();
                            return store.manifest(tree);
                        })) {
                            return HexFormat.of().formatHex(image.uuid());
                        }
                    }
                }));
            }
        }
        String first = found.getFirst().get();
        for (Future<String> uuid : found) {
            assertThat(uuid.get()).isEqualTo(first);
        }
        assertThat(manifestsRead).hasValue(1);
        requireOneImage();
    }

    @Test
    void processes() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(BindingProcess.start(store.folder().resolve("store"), store.manifestFile(tree)));
        }
        String first = BindingProcess.printed(processes.getFirst());
        assertThat(first).matches("[0-9a-f]{32}");
        for (Process process : processes.subList(1, PROCESSES)) {
            assertThat(BindingProcess.printed(process)).isEqualTo(first);
        }
        requireOneImage();
    }

    private void requireOneImage() throws IOException {
        assertThat(store.files(Store.Room.IMAGES))
                .hasSize(2)
                .filteredOn(file -> !file.toString().endsWith(".lock"))
                .hasSize(1);
    }
}
