package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.view.Images;
import dev.velo.core.view.View;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every way to show a tree owes, to processes or to this one alone: the tree as it was, in all that can be seen of it. */
class PresentationContractTest {
    private static final long FIVE_GIBIBYTES = 5L << 30;
    private static final int PAGE_BYTES = 4096;

    /** A presentation, or the view that needs none. */
    enum Way {
        MOUNT,
        LINK,
        VIEW
    }

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

    /** The tree, ingested and shown this way. */
    private PresentedTree shown(Way way) throws IOException {
        if (way == Way.MOUNT) {
            TestImage.assumeMounts(store);
        }
        IngestReport report = store.ingest(tree);
        if (way == Way.VIEW) {
            return new TreeInView(View.open(
                    store.store(),
                    Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree))));
        }
        Presenter presenter = new Presenter(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree));
        return new TreeOnDisk(
                (ShownTree) presenter.by(Presentation.valueOf(way.name())).tree());
    }

    /** Types, modes, owners, times, devices, sizes, contents, targets, attributes, and which names are one file. */
    @ParameterizedTest
    @EnumSource
    void aHostileTreeIsExact(Way way) throws IOException {
        HostileTree.generate(
                tree, HostileTree.Options.standard().withEntries(5_000).with(Feature.SOCKETS));
        try (PresentedTree shown = shown(way)) {
            assertThat(shown.differences(tree)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VIEW")
    void diffFindsNoDifference(Way way) throws Exception {
        Files.writeString(Files.createDirectories(tree.resolve("a/b")).resolve("file"), "text");
        Files.createFile(tree.resolve("empty"));
        Files.createSymbolicLink(tree.resolve("a/dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(tree.resolve("up"), Path.of("../.."));
        try (PresentedTree shown = shown(way)) {
            Path root = ((TreeOnDisk) shown).root();
            Process diff = new ProcessBuilder("diff", "-r", "--no-dereference", tree.toString(), root.toString())
                    .inheritIO()
                    .start();
            assertThat(diff.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryOfSeventyThousandIsListed(Way way) throws IOException {
        HostileTree.generate(tree, HostileTree.Options.small().with(Feature.MANY));
        try (PresentedTree shown = shown(way);
                Stream<Path> original = Files.list(tree.resolve("many"))) {
            List<String> names =
                    original.map(path -> path.getFileName().toString()).sorted().toList();
            assertThat(names).hasSize(70_000);
            assertThat(shown.names("many")).isEqualTo(names);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSparseFileOfFiveGibibytesIsThere(Way way) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
            file.setLength(FIVE_GIBIBYTES);
            file.seek(FIVE_GIBIBYTES / 2 + 5);
            file.writeByte(7);
            file.seek(FIVE_GIBIBYTES - 1);
            file.writeByte(9);
        }
        try (PresentedTree shown = shown(way)) {
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
    @ParameterizedTest
    @EnumSource
    void aMappingShowsNothingButZerosPastTheEnd(Way way) throws IOException {
        int[] sizes = {1, 5, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_537, 100_000};
        for (int size : sizes) {
            Files.write(tree.resolve("file" + size), "x".repeat(size).getBytes(StandardCharsets.UTF_8));
        }
        try (PresentedTree shown = shown(way)) {
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

    @ParameterizedTest
    @EnumSource
    void anEmptyTreeIsEmpty(Way way) throws IOException {
        try (PresentedTree shown = shown(way)) {
            assertThat(shown.names("")).isEmpty();
            assertThat(shown.differences(tree)).isEmpty();
        }
    }
}
