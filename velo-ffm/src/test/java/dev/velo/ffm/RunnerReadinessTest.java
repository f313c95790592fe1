package dev.velo.ffm;

import static dev.velo.ffm.RunnerFixture.script;
import static dev.velo.ffm.Texts.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that has to say that it is ready: the runner hears it, and lets none go on that does not say it. */
class RunnerReadinessTest {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int SCRIPT_END = 7;
    private static final SpawnStatus VELO_FAILED = new SpawnStatus(125, 0);

    @TempDir
    Path directory;

    private RunnerFixture runner;

    @BeforeEach
    void openRunner() throws Exception {
        runner = new RunnerFixture(directory);
    }

    @Test
    void aCommandThatSaysItGoesOn() throws Exception {
        assertThat(run("printf 1 >&7; exec 7>&-; echo on; exit 3", PATIENCE_MILLIS))
                .isEqualTo(new SpawnStatus(3, 0));
        assertThat(runner.output()).isEqualTo("on\n");
        assertThat(runner.errors()).isEmpty();
    }

    @Test
    void aCommandThatLetsGoOfThePipeIsKilled() throws Exception {
        assertThat(run("exec 7>&-; sleep 60; echo survived", PATIENCE_MILLIS)).isEqualTo(VELO_FAILED);
        assertThat(runner.output()).isEmpty();
        assertThat(runner.errors()).isEqualTo("velo: nothing took effect\n");
    }

    @Test
    void aCommandThatEndsBeforeIsNoSuccess() throws Exception {
        assertThat(run("exit 0", PATIENCE_MILLIS)).isEqualTo(VELO_FAILED);
        assertThat(runner.errors()).isEqualTo("velo: nothing took effect\n");
    }

    @Test
    void anotherByteDoesNotCount() throws Exception {
        assertThat(run("printf 0 >&7; sleep 60", PATIENCE_MILLIS)).isEqualTo(VELO_FAILED);
    }

    @Test
    void aCommandThatKeepsThePipeIsKilledInTime() throws Exception {
        assertThat(run("exec sleep 60", 50)).isEqualTo(VELO_FAILED);
        assertThat(runner.errors()).isEqualTo("velo: nothing took effect\n");
    }

    @Test
    void signalsReachACommandThatIsNotReadyYet() throws Exception {
        String script = "trap 'echo got; exit 5' TERM; (kill -TERM $PPID); while :; do sleep 0.1; done";
        assertThat(run(script, PATIENCE_MILLIS)).isEqualTo(VELO_FAILED);
        assertThat(runner.output()).isEqualTo("got\n");
    }

    @Test
    void cleanupIsRun() throws Exception {
        Path made = directory.resolve("made");
        PlanBuilder plan = new PlanBuilder().cleanup();
        plan.mkdirat(PlanArgument.AT_FDCWD, bytes(made), 0755);
        assertThat(run(plan, "exit 0", PATIENCE_MILLIS)).isEqualTo(VELO_FAILED);
        assertThat(made).exists();
    }

    private SpawnStatus run(String script, int limitMillis) throws Exception {
        return run(new PlanBuilder(), script, limitMillis);
    }

    /** The script has the pipe's end as descriptor 7, a number that every shell takes. */
    private SpawnStatus run(PlanBuilder plan, String script, int limitMillis) throws Exception {
        int[] ends = FileCalls.pipe2(0);
        plan.setup();
        plan.setCloseOnExec(PlanArgument.of(ends[0]), true);
        plan.readiness(new PlanBuilder.Readiness(ends[0], ends[1], limitMillis, "nothing took effect"));
        plan.child();
        plan.dup3(PlanArgument.of(ends[1]), SCRIPT_END, 0);
        plan.setCloseOnExec(PlanArgument.of(ends[1]), true);
        try (SpawnedProcess process = runner.start(script(plan, script))) {
            FileCalls.close(ends[0]);
            FileCalls.close(ends[1]);
            return process.waitFor();
        }
    }
}
