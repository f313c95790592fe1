package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes in comes out: in everything that can be seen of a tree, which files are one among it. */
class RoundTripTest {
    private static final TreeComparison.Options EXACTLY =
            TreeComparison.Options.standard().with(Aspect.HOLES, Aspect.OWNER).without(Aspect.SOCKETS);

    private static final HostileTree.Options SMALLER =
            HostileTree.Options.standard().withEntries(5_000);

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

    private Path copy() throws IOException {
        Path copy = store.directory("copy");
        CheckoutReport report = store.checkout(store.manifest(tree), copy, CheckoutMode.COPY, TestStore.EXACT);
        assertThat(report.warnings()).isEmpty();
        assertThat(report.linked()).isZero();
        return copy;
    }

    @Test
    void aHostileTreeIsCopiedExactly() throws IOException {
        HostileTree.Summary made = HostileTree.generate(tree, SMALLER.with(Feature.SOCKETS));
        IngestReport report = store.ingest(tree);
        assertThat(report.entries()).isEqualTo(made.entries() + 1 - report.warningCount());
        assertThat(report.warnings()).isNotEmpty().allMatch(warning -> warning.contains("socket"));
        assertThat(TreeComparison.differences(tree, copy(), EXACTLY)).isEmpty();
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aHostileTreeIsExactAsAFarm() throws IOException {
        HostileTree.generate(tree, SMALLER);
        IngestReport report = store.ingest(tree);
        Path farm = store.farm(report, tree, TestStore.EXACT);
        // distinct files stay distinct though their bytes and metadata are the same
        assertThat(TreeComparison.differences(tree, farm, EXACTLY)).isEmpty();
        assertThat(store.files(Store.Room.OBJECTS)).isNotEmpty();
        assertThat(store.problems()).isEmpty();
    }
}
