package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo gc}: tells first, takes on request, and leaves alone what is in use. */
@Execution(ExecutionMode.CONCURRENT)
final class CollectCommandTest {
    private static final String STORE = "find store -printf '%p %i %s\\n' | sort";

    @TempDir
    private Path temporary;

    @ForEachCaller
    void withoutDeleteNothingIsChanged(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Files.delete(place.manifest());
        String before = place.shell(STORE).run().succeeded().text();
        Outcome outcome = place.velo("gc", "--prune-stale").run().succeeded();
        assertThat(outcome.text()).contains("would be removed").contains("velo gc --delete");
        assertThat(place.shell(STORE).run().succeeded().text()).isEqualTo(before);
    }

    @ForEachCaller
    void whereNobodyCanBeAskedYesMustBeSaid(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Files.delete(place.manifest());
        place.velo("gc", "--prune-stale", "--delete").run().failed(1, "velo: nobody can be asked here", "say --yes");
        assertThat(place.shell("ls store/packs").run().succeeded().lines()).hasSize(1);
    }

    @ForEachCaller
    void whatNothingNeedsGoes(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Files.delete(place.manifest());
        Outcome outcome = place.velo("gc").run().succeeded();
        assertThat(outcome.text()).contains("stale: ").contains("need all there is; nothing to free");
        place.velo("gc", "--prune-stale", "--delete", "--yes").run().succeeded();
        assertThat(place.shell("ls store/packs store/roots").run().succeeded().text())
                .isEqualTo("store/packs:\n\nstore/roots:\n");
    }

    @ForEachCaller
    void commandsThatRunGoOn(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        for (String mode : new String[] {"auto", "link", "preload"}) {
            place.velo("ingest", "tree", "-q").run().succeeded();
            Launch.Started run = place.velo(
                            "run",
                            "--mode",
                            mode,
                            "tree.velo",
                            "--",
                            "sh",
                            "-c",
                            "echo in; read line; cat greeting sub/*")
                    .start()
                    .says("in");
            Files.delete(place.manifest());
            place.velo("gc", "--prune-stale", "--delete", "--yes").run().succeeded();
            assertThat(run.answer("").await().succeeded().lines()).as(mode).startsWith("in", "hello");
        }
        place.velo("gc", "--delete", "--yes").run().succeeded();
        assertThat(place.shell("ls store/packs store/farms").run().succeeded().text())
                .doesNotContain(".pack");
    }

    @ForEachCaller
    void withoutAStoreThereIsNothingToCollect(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.velo("gc", "--store", "nowhere").run().failed(1, "velo: ", "nowhere");
    }

    @ForEachCaller
    void aWrongLengthOfTimeIsNamed(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.velo("gc", "--older-than", "2x")
                .run()
                .failed(1, "velo: --older-than 2x is no length of time; write it as 90s, 30m, 2h, 7d or 2w");
    }
}
