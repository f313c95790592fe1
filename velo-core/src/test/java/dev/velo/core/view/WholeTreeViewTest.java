package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.testing.ViewComparison;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A view says of every entry what the tree says from which it was made. */
class WholeTreeViewTest {
    @Test
    void everythingThatATreeCanHold() throws IOException {
        requireSame(HostileTree.Options.standard().withEntries(0).with(Feature.SOCKETS, Feature.HUGE_SPARSE_FILE));
    }

    @Test
    void aDirectoryOfSeventyThousand() throws IOException {
        requireSame(HostileTree.Options.small().with(Feature.MANY).withSeed(2));
    }

    private static void requireSame(HostileTree.Options options) throws IOException {
        try (TestStore store = TestStore.createInMemory()) {
            Path tree = store.directory("tree");
            HostileTree.generate(tree, options);
            try (View view = TestView.of(store, tree)) {
                view.image().verify();
                assertThat(ViewComparison.compare(tree, view).differences()).isEmpty();
            }
        }
    }
}
