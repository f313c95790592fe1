package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MemoryCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every presentation owes: the tree as it was, in all that can be seen of it. */
class PresentationContractTest {
    private static final TreeComparison.Options EXACTLY =
            TreeComparison.Options.standard().with(Aspect.OWNER).without(Aspect.SOCKETS);
    private static final long FIVE_GIBIBYTES = 5L << 30;

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

    /** The ingested tree, by this presentation. */
    private ShownTree shown(Presentation presentation) throws IOException {
        if (presentation == Presentation.MOUNT) {
            TestImage.assumeMounts(store);
        }
        IngestReport report = store.ingest(tree);
        Presenter presenter = new Presenter(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree));
        return presenter.by(presentation).tree();
    }

    private static Path path(ShownTree shown) {
        return Path.of(PathBytes.show(shown.tree()));
    }

    @ParameterizedTest
    @EnumSource
    void aHostileTreeIsExact(Presentation presentation) throws IOException {
        HostileTree.generate(
                tree, HostileTree.Options.standard().withEntries(5_000).with(Feature.SOCKETS));
        try (ShownTree shown = shown(presentation)) {
            assertThat(TreeComparison.differences(tree, path(shown), EXACTLY)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void diffFindsNoDifference(Presentation presentation) throws Exception {
        Files.writeString(Files.createDirectories(tree.resolve("a/b")).resolve("file"), "text");
        Files.createFile(tree.resolve("empty"));
        Files.createSymbolicLink(tree.resolve("a/dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(tree.resolve("up"), Path.of("../.."));
        try (ShownTree shown = shown(presentation)) {
            Process diff = new ProcessBuilder(
                            "diff",
                            "-r",
                            "--no-dereference",
                            tree.toString(),
                            path(shown).toString())
                    .inheritIO()
                    .start();
            assertThat(diff.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryOfSeventyThousandIsListed(Presentation presentation) throws IOException {
        HostileTree.generate(tree, HostileTree.Options.small().with(Feature.MANY));
        try (ShownTree shown = shown(presentation);
                Stream<Path> original = Files.list(tree.resolve("many"));
                Stream<Path> listed = Files.list(path(shown).resolve("many"))) {
            assertThat(listed.map(Path::getFileName).sorted().toList())
                    .hasSize(70_000)
                    .isEqualTo(original.map(Path::getFileName).sorted().toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSparseFileOfFiveGibibytesIsThere(Presentation presentation) throws IOException {
        Path sparse = tree.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(FIVE_GIBIBYTES);
            file.seek(FIVE_GIBIBYTES / 2 + 5);
            file.writeByte(7);
            file.seek(FIVE_GIBIBYTES - 1);
            file.writeByte(9);
        }
        try (ShownTree shown = shown(presentation);
                RandomAccessFile file =
                        new RandomAccessFile(path(shown).resolve("sparse").toFile(), "r")) {
            assertThat(file.length()).isEqualTo(FIVE_GIBIBYTES);
            file.seek(FIVE_GIBIBYTES / 2 + 4);
            assertThat(new int[] {file.read(), file.read(), file.read()}).containsExactly(0, 7, 0);
            file.seek(1 << 30);
            assertThat(file.read()).isZero();
            file.seek(FIVE_GIBIBYTES - 1);
            assertThat(new int[] {file.read(), file.read()}).containsExactly(9, -1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMappingShowsZerosPastTheEnd(Presentation presentation) throws IOException {
        for (int size : new int[] {1, 5, 511, 513, 4095}) {
            Files.write(tree.resolve("file" + size), "x".repeat(size).getBytes(StandardCharsets.UTF_8));
        }
        try (ShownTree shown = shown(presentation)) {
            for (int size : new int[] {1, 5, 511, 513, 4095}) {
                byte[] page = mapped(path(shown).resolve("file" + size));
                for (int i = 0; i < page.length; i++) {
                    assertThat(page[i]).as("byte %s of %s", i, size).isEqualTo(i < size ? (byte) 'x' : 0);
                }
            }
        }
    }

    private static byte[] mapped(Path path) throws IOException {
        int fd = FileCalls.openat(FileCalls.AT_FDCWD, TestStore.bytes(path), FileCalls.O_RDONLY, 0);
        try {
            MemorySegment page = MemoryCalls.mmap(4096, MemoryCalls.PROT_READ, MemoryCalls.MAP_SHARED, fd, 0);
            byte[] bytes = page.toArray(ValueLayout.JAVA_BYTE);
            MemoryCalls.munmap(page);
            return bytes;
        } finally {
            FileCalls.close(fd);
        }
    }
}
