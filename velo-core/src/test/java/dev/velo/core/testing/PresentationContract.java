package dev.velo.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree.Feature;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every way to show a tree owes, to processes or to this one alone: the tree as it was, in all that can be seen of it. */
@SuppressWarnings("NullAway.Init") // made before each test
public abstract class PresentationContract {
    private static final long FIVE_GIBIBYTES = 5L << 30;
    private static final int PAGE_BYTES = 4096;

    private TestStore store;
    private Path tree;
    private IngestReport report;

    @BeforeEach
    final void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
    }

    @AfterEach
    final void deleteStore() throws IOException {
        store.close();
    }

    /** The store that holds the tree: {@code store/} in the folder that is given to {@link #shown}. */
    protected final TestStore store() {
        return store;
    }

    /** What the ingest of the tree has said. */
    protected final IngestReport ingested() {
        return report;
    }

    /**
     * The tree, shown this way; the test is skipped, with the reason, where that cannot be.
     *
     * @param folder of a {@link TestStore}, in which the manifest has the tree's name and {@code .velo}
     */
    protected abstract PresentedTree shown(Path folder, Path tree) throws IOException;

    /** What tree is shown where it has everything. */
    protected HostileTree.Options hostile() {
        return HostileTree.Options.standard().withEntries(5_000).with(Feature.SOCKETS);
    }

    private PresentedTree present() throws IOException {
        report = store.ingest(tree);
        return shown(store.folder(), tree);
    }

    /** Types, modes, owners, times, devices, sizes, contents, targets, attributes, and which names are one file. */
    @Test
    void aHostileTreeIsExact() throws IOException {
        HostileTree.generate(tree, hostile());
        try (PresentedTree shown = present()) {
            assertThat(shown.differences(tree)).isEmpty();
        }
    }

    @Test
    void aDirectoryOfSeventyThousandIsListed() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.small().with(Feature.MANY));
        try (PresentedTree shown = present();
                Stream<Path> original = Files.list(tree.resolve("many"))) {
            List<String> names =
                    original.map(path -> path.getFileName().toString()).sorted().toList();
            assertThat(names).hasSize(70_000);
            assertThat(shown.names("many")).isEqualTo(names);
        }
    }

    @Test
    void aSparseFileOfFiveGibibytesIsThere() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
            file.setLength(FIVE_GIBIBYTES);
            file.seek(FIVE_GIBIBYTES / 2 + 5);
            file.writeByte(7);
            file.seek(FIVE_GIBIBYTES - 1);
            file.writeByte(9);
        }
        try (PresentedTree shown = present()) {
            assertThat(shown.size("sparse")).isEqualTo(FIVE_GIBIBYTES);
            assertThat(shown.read("sparse", FIVE_GIBIBYTES / 2 + 4, 3)).containsExactly(0, 7, 0);
            assertThat(shown.read("sparse", 1 << 30, 100_000)).hasSize(100_000).containsOnly(0);
            assertThat(shown.read("sparse", FIVE_GIBIBYTES - 2, 5)).containsExactly(0, 9);
            byte[] page = shown.lastPage("sparse");
            assertThat(page).hasSize(PAGE_BYTES).endsWith(9);
            page[PAGE_BYTES - 1] = 0;
            assertThat(page).containsOnly(0);
        }
    }

    /** Files of every padding: to the next block, to the next page, and of large ones. */
    @Test
    void aMappingShowsNothingButZerosPastTheEnd() throws IOException {
        int[] sizes = {1, 5, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_537, 100_000};
        for (int size : sizes) {
            Files.write(tree.resolve("file" + size), "x".repeat(size).getBytes(StandardCharsets.UTF_8));
        }
        try (PresentedTree shown = present()) {
            for (int size : sizes) {
                byte[] page = shown.lastPage("file" + size);
                int used = (size - 1) % PAGE_BYTES + 1;
                assertThat(page.length).isIn(used, PAGE_BYTES);
                for (int i = 0; i < page.length; i++) {
                    assertThat(page[i]).as("byte %s of %s", i, size).isEqualTo(i < used ? (byte) 'x' : 0);
                }
            }
        }
    }

    @Test
    void anEmptyTreeIsEmpty() throws IOException {
        try (PresentedTree shown = present()) {
            assertThat(shown.names("")).isEmpty();
            assertThat(shown.differences(tree)).isEmpty();
        }
    }
}
