package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo repack}: what many ingests have left comes into one pack, while commands run. */
@Execution(ExecutionMode.CONCURRENT)
final class RepackCommandTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void smallPacksAreJoinedWhileACommandRuns(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.directory("other");
        place.file("other/more", "more\n");
        place.velo("ingest", "other", "-q").run().succeeded();
        Launch.Started run = place.inTree("echo in; read line; cat greeting sub/deep")
                .start()
                .says("in");
        assertThat(place.velo("repack").run().succeeded().text())
                .startsWith("2 packs of ")
                .contains(" became 1 pack of ");
        assertThat(run.answer("").await().succeeded().lines()).containsExactly("in", "hello", "deep");
        assertThat(place.velo("repack").run().succeeded().text()).startsWith("no packs to join: 1 pack of ");
        assertThat(place.velo("run", "other.velo", "--", "cat", "more")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("more\n");
        assertThat(place.problems()).isEmpty();
    }
}
