package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes in comes out, where there is much of it; in memory, since disks are slow to forget. */
class LargeRoundTripTest {
    private static final TreeComparison.Options EXACTLY =
            TreeComparison.Options.standard().with(Aspect.HOLES, Aspect.OWNER).without(Aspect.SOCKETS);

    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.createInMemory();
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private Path copy() throws IOException {
        Path copy = store.directory("copy");
        CheckoutReport report = store.checkout(store.manifest(tree), copy, CheckoutMode.COPY, TestStore.EXACT);
        assertThat(report.warnings()).isEmpty();
        assertThat(report.linked()).isZero();
        return copy;
    }

    @Test
    void tenThousandHostileEntriesAreExactAsACopyAndAsAFarm() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.standard());
        IngestReport report = store.ingest(tree);
        assertThat(report.entries()).isGreaterThan(10_000);
        assertThat(TreeComparison.differences(tree, copy(), EXACTLY)).isEmpty();
        assertThat(TreeComparison.differences(tree, store.farm(report, tree, TestStore.EXACT), EXACTLY))
                .isEmpty();
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aDirectoryOfSeventyThousandIsExact() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.small().with(Feature.MANY));
        IngestReport report = store.ingest(tree);
        assertThat(report.entries()).isGreaterThan(70_000);
        assertThat(TreeComparison.differences(tree, copy(), EXACTLY)).isEmpty();
    }

    @Test
    void theCopyOfACopyHasTheSameName() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.standard().withEntries(0));
        IngestReport first = store.ingest(tree);
        IngestReport second = store.ingest(copy());
        assertThat(second.tree()).isEqualTo(first.tree());
        assertThat(second.newBlobs()).isZero();
    }

    @Test
    void aSparseFileOfFourGibibytesTakesFewBlocksInThePackAndInTheCopy() throws IOException {
        Path huge = store.directory("huge");
        HostileTree.generate(
                huge, HostileTree.Options.small().with(Feature.HUGE_SPARSE_FILE).without(Feature.DEVICES));
        Files.move(huge.resolve("sparse/huge"), tree.resolve("huge"));
        store.ingest(tree);
        assertThat(store.packBytes()).isGreaterThan(4L << 30);
        for (Path pack : store.files(Store.Room.PACKS)) {
            assertThat(allocated(pack)).isLessThan(2L << 20);
        }
        // the copy holds its bytes against the digest, so that only the ends are compared here
        Path copied = copy().resolve("huge");
        assertThat(allocated(copied)).isLessThan(2L << 20);
        assertThat(Files.size(copied)).isEqualTo(Files.size(tree.resolve("huge")));
        assertThat(lastBytes(copied)).isEqualTo(lastBytes(tree.resolve("huge")));
    }

    private static byte[] lastBytes(Path file) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[20_000];
            opened.seek(opened.length() - bytes.length);
            opened.readFully(bytes);
            return bytes;
        }
    }

    private static long allocated(Path file) throws IOException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, TestStore.bytes(file), 0, stat);
        return stat.blocks() * 512;
    }
}
