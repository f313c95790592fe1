package dev.velo.core.view;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import java.io.IOException;
import java.nio.file.Path;

/** Views of trees that a test has made. */
final class TestView {
    private TestView() {}

    /** Ingests a tree, everything kept, and opens the view of it, which is the caller's. */
    static View of(TestStore store, Path tree) throws IOException {
        IngestReport report = store.ingest(tree);
        return View.open(
                store.store(), Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree)));
    }
}
