package dev.velo.core.view;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import java.io.IOException;
import java.nio.file.Path;

/** A tree of a test store, ingested and opened as a view. */
final class OpenedTree {
    private OpenedTree() {}

    static Image image(TestStore store, Path tree) throws IOException {
        IngestReport report = store.ingest(tree);
        return Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree));
    }

    static View view(TestStore store, Path tree) throws IOException {
        return View.open(store.store(), image(store, tree));
    }
}
