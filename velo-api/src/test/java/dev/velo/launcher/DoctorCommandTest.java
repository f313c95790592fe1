package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the doctor says of this system, one line for each fact. */
@Execution(ExecutionMode.CONCURRENT)
final class DoctorCommandTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void everyFactIsALine(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);

        Outcome outcome = place.velo("doctor").run().succeeded();

        assertThat(outcome.lines()).allMatch(line -> line.matches("(ok|no)  [a-z]+ +.+"));
        assertThat(outcome.lines().stream().map(line -> line.split(" +", 3)[1]))
                .containsExactly("kernel", "store", "mount", "link", "isolate", "libc", "shim", "preload", "audit");
        assertThat(outcome.text()).contains("ok  link ", "ok  isolate ", "ok  shim ", "ok  preload ");
        assertThat(Workplace.names(place.store().resolve("copies"))).isEmpty();
    }

    @ForEachCaller
    void aStoreThatNoLibraryCanBeNamedInIsTold(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);

        Outcome outcome = place.velo("doctor", "--store", "a b").run().succeeded();

        assertThat(outcome.lines()).anyMatch(line -> line.startsWith("no  shim ") && line.contains("space"));
    }

    @ForEachCaller
    void aShimThatDoesNotLoadIsTold(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        place.velo("doctor").run().succeeded();
        RunPreloadTest.breakShim(place);

        Outcome outcome = place.velo("doctor").run().succeeded();

        assertThat(outcome.lines())
                .anyMatch(line -> line.startsWith("no  preload  the preload shim did not take effect in sh"));
    }

    @ForEachCaller
    void whatIsInTheWayOfAMountIsTold(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        RunCopyTest.assumePossible(place);

        Outcome outcome = place.shell(RunCopyTest.forbidding(caller) + "\"$@\" doctor")
                .run()
                .succeeded();

        assertThat(outcome.lines())
                .anyMatch(line -> line.startsWith("no  mount ") && line.contains("CAP_SYS_ADMIN"))
                .anyMatch(line -> line.startsWith("no  link "))
                .anyMatch(line -> line.startsWith("ok  preload "));
    }
}
