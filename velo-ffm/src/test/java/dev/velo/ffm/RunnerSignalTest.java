package dev.velo.ffm;

import static dev.velo.ffm.RunnerFixture.awaitState;
import static dev.velo.ffm.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals and terminal stops pass through the runner as if it were not there. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunnerSignalTest {
    private static final String WAIT = "while :; do sleep 0.02; done";

    @TempDir
    Path directory;

    private RunnerFixture runner;

    @BeforeEach
    void extract() throws Exception {
        runner = new RunnerFixture(directory);
    }

    @Test
    void aSentSignalReachesTheCommand() throws Exception {
        PlanBuilder plan = script(new PlanBuilder(), "trap 'exit 42' TERM; echo ready; " + WAIT);
        try (SpawnedProcess process = runner.start(plan)) {
            runner.awaitLine("ready");
            process.signal(ProcessCalls.SIGTERM);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(42, 0));
        }
    }

    @Test
    void aSignalThatTheCommandDoesNotHandleEndsBoth() throws Exception {
        try (SpawnedProcess process = runner.start(script(new PlanBuilder(), "echo ready; exec sleep 100"))) {
            runner.awaitLine("ready");
            process.signal(ProcessCalls.SIGINT);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGINT));
        }
    }

    @Test
    void aSignalOfTheCommandsOwnIsNotSentBack() throws Exception {
        String script = "trap 'n=$((n+1))' USR1; n=0; kill -USR1 $PPID; sleep 0.2; exit $n";
        assertThat(runner.run(script(new PlanBuilder(), script))).isEqualTo(new SpawnStatus(0, 0));
    }

    @Test
    void stopsWithTheCommandAndContinuesIt() throws Exception {
        PlanBuilder plan = script(new PlanBuilder(), "trap 'exit 8' TERM; echo $$; echo ready; " + WAIT);
        try (SpawnedProcess process = runner.start(plan)) {
            int command = Integer.parseInt(runner.awaitLine("ready").strip());
            ProcessCalls.kill(command, ProcessCalls.SIGSTOP);
            awaitState(process.pid(), "T");
            awaitState(command, "T");
            process.signal(ProcessCalls.SIGCONT);
            awaitState(process.pid(), "S");
            awaitState(command, "RS");
            process.signal(ProcessCalls.SIGTERM);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(8, 0));
        }
    }

    @Test
    void aRunnerIsNeverStoppedForGoodByRepeatedStops() throws Exception {
        PlanBuilder plan = script(new PlanBuilder(), "trap 'exit 8' TERM; echo $$; echo ready; " + WAIT);
        try (SpawnedProcess process = runner.start(plan)) {
            int command = Integer.parseInt(runner.awaitLine("ready").strip());
            for (int i = 0; i < 50; i++) {
                ProcessCalls.kill(command, ProcessCalls.SIGSTOP);
                awaitState(process.pid(), "T");
                process.signal(ProcessCalls.SIGCONT);
                awaitState(command, "RS");
                awaitState(process.pid(), "S");
            }
            process.signal(ProcessCalls.SIGTERM);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(8, 0));
        }
    }

    @Test
    void ignoredSignalsAreIgnoredByTheCommandAgain() throws Exception {
        PlanBuilder plan = new PlanBuilder().ignoreSignals(1L << (ProcessCalls.SIGPIPE - 1));
        assertThat(runner.run(script(plan, "grep SigIgn /proc/self/status"))).isEqualTo(new SpawnStatus(0, 0));
        assertThat(Texts.signals(runner.output(), "SigIgn") & 1L << (ProcessCalls.SIGPIPE - 1))
                .isNotZero();
    }

    @Test
    void anInterruptFromTheTerminalReachesTheCommand() throws Exception {
        assertThat(interruptsAtTerminal(new PlanBuilder(), "[ $n -eq 0 ]")).isEqualTo("interrupts 1");
    }

    /** A command that has left the terminal's session shows what the runner adds to the terminal's own signals. */
    @Test
    void anInterruptFromTheTerminalIsNotSentAgain() throws Exception {
        PlanBuilder plan = new PlanBuilder();
        plan.setsid();
        assertThat(interruptsAtTerminal(plan, "[ $i -lt 20 ]")).isEqualTo("interrupts 0");
    }

    private String interruptsAtTerminal(PlanBuilder builder, String goingOn) throws Exception {
        NativeTools.assumeTool("script");
        String command = "n=0; i=0; trap 'n=$((n+1))' INT; echo ready; " + "while " + goingOn
                + "; do sleep 0.02; i=$((i+1)); done; echo interrupts $n";
        Path plan = Files.write(
                directory.resolve("plan"), script(builder, command).build().toBytes());
        String start = "exec " + directory.resolve("runner") + " 9 9< " + plan;
        Process terminal = new ProcessBuilder("script", "-qec", start, "/dev/null")
                .redirectErrorStream(true)
                .start();
        String last = "";
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(terminal.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                last = line;
                if (line.contains("ready")) {
                    terminal.getOutputStream().write(3); // control-C
                    terminal.getOutputStream().flush();
                }
            }
        }
        return last.replace("^C", "");
    }
}
