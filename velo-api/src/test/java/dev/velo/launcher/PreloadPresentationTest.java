package dev.velo.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.PresentationContract;
import dev.velo.core.testing.PresentedTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The shim under the contract of all presentations, by what programs tell of a tree that is nowhere. */
final class PreloadPresentationTest extends PresentationContract {
    private static final Path ROOT = Path.of("/velo-nowhere/tree");

    @Override
    protected PresentedTree shown(TestStore store, Path tree) throws IOException {
        CaseLibc.GLIBC.assumeHere();
        store.ingest(tree);
        Workplace place = new Workplace(Caller.all().getFirst(), store.folder());
        Path page = store.folder().resolve("page");
        List<String> launch = List.of(
                "run",
                "--mode",
                "preload",
                "--trust",
                "--at",
                ROOT.toString(),
                store.manifestFile(tree).toString(),
                "--");
        try {
            List<String> compilation = CaseLibc.GLIBC.compilation(CasePrograms.SOURCES.resolve("tools/page.c"), page);
            Launch.program(place.caller(), place.folder(), compilation.toArray(new String[0]))
                    .run()
                    .succeeded();
            TreeInPrograms shown = new TreeInPrograms(place, launch, ROOT, page);
            Outcome outcome = place.velo(
                            "run",
                            "--mode",
                            "preload",
                            "--at",
                            ROOT.toString(),
                            store.manifestFile(tree).toString(),
                            "--",
                            "true")
                    .run();
            assumeTrue(outcome.status() == 0, outcome.complaint());
            return shown;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
