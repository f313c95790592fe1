package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.PresentationContract;
import dev.velo.core.testing.PresentedTree;
import dev.velo.core.view.Images;
import dev.velo.core.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The presentations of this module under their contract, and the view that needs none. */
class PresentationContractTest {
    @Nested
    final class Mounted extends PresentationContract {
        @Override
        protected PresentedTree shown(Path folder, Path tree) throws IOException {
            TestImage.assumeMounts(store());
            return onDisk(Presentation.MOUNT, store(), ingested(), tree);
        }
    }

    @Nested
    final class Linked extends PresentationContract {
        @Override
        protected PresentedTree shown(Path folder, Path tree) throws IOException {
            return onDisk(Presentation.LINK, store(), ingested(), tree);
        }
    }

    @Nested
    final class Viewed extends PresentationContract {
        @Override
        protected PresentedTree shown(Path folder, Path tree) throws IOException {
            return new TreeInView(View.open(
                    store().store(),
                    Images.of(store().store(), ingested().tree(), TestStore.EXACT, () -> store().manifest(tree))));
        }
    }

    private static TreeOnDisk onDisk(Presentation way, TestStore store, IngestReport report, Path tree)
            throws IOException {
        Presenter presenter = new Presenter(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree));
        return new TreeOnDisk((ShownTree) presenter.by(way).tree());
    }

    @ParameterizedTest
    @EnumSource(names = {"MOUNT", "LINK"})
    void diffFindsNoDifference(Presentation way) throws Exception {
        try (TestStore store = TestStore.create()) {
            if (way == Presentation.MOUNT) {
                TestImage.assumeMounts(store);
            }
            Path tree = store.directory("tree");
            Files.writeString(Files.createDirectories(tree.resolve("a/b")).resolve("file"), "text");
            Files.createFile(tree.resolve("empty"));
            Files.createSymbolicLink(tree.resolve("a/dangling"), Path.of("nowhere"));
            Files.createSymbolicLink(tree.resolve("up"), Path.of("../.."));
            try (TreeOnDisk shown = onDisk(way, store, store.ingest(tree), tree)) {
                Process diff = new ProcessBuilder(
                                "diff",
                                "-r",
                                "--no-dereference",
                                tree.toString(),
                                shown.root().toString())
                        .inheritIO()
                        .start();
                assertThat(diff.waitFor()).isZero();
            }
        }
    }
}
