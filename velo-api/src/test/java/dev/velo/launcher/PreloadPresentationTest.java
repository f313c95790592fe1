package dev.velo.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.PresentationContract;
import dev.velo.core.testing.PresentedTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The shim under the contract of all presentations, by what programs tell of a tree that is nowhere. */
final class PreloadPresentationTest extends PresentationContract {
    private static final Path ROOT = Path.of("/velo-nowhere/tree");

    /** Without paths that are too long for one call: the shim has no other way to a file than its path. */
    @Override
    protected HostileTree.Options hostile() {
        return super.hostile().without(HostileTree.Feature.DEEP);
    }

    @Override
    protected PresentedTree shown(Path folder, Path tree) throws IOException {
        CaseLibc.GLIBC.assumeHere();
        Workplace place = new Workplace(Caller.all().getFirst(), folder);
        try {
            Path page = folder.resolve("page");
            Launch.program(
                            place.caller(),
                            folder,
                            CaseLibc.GLIBC
                                    .compilation(CasePrograms.SOURCES.resolve("tools/page.c"), page)
                                    .toArray(new String[0]))
                    .run()
                    .succeeded();
            List<String> launch = List.of("run", "--mode", "preload", "--at", ROOT.toString(), tree + ".velo", "--");
            Outcome outcome = place.velo(
                            Stream.concat(launch.stream(), Stream.of("true")).toArray(String[]::new))
                    .run();
            assumeTrue(outcome.status() == 0, outcome.complaint());
            return new TreeInPrograms(place, launch, ROOT, page);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
