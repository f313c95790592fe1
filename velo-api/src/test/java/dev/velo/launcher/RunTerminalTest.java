package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs on a terminal, which script(1) plays. */
@Execution(ExecutionMode.CONCURRENT)
final class RunTerminalTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void theTerminalIsTheCommands(Caller caller) throws Exception {
        Outcome outcome = onTerminal(
                        Workplace.ingested(caller, temporary),
                        "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && stty size >/dev/null && echo all; tty; exit 5")
                .run()
                .ended(5);

        assertThat(outcome.lines()).first().isEqualTo("all");
        assertThat(outcome.lines()).last().asString().startsWith("/dev/");
    }

    @ForEachCaller
    void theInterruptKeyReachesTheCommandOnce(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String script = "count=0; trap \"count=\\$((count + 1))\" INT; trap \"echo interrupted \\$count; exit 9\" TERM;"
                + " echo ready; sleep 0.5; sleep 0.5; kill -TERM $$; sleep 1";
        Launch.Started run = onTerminal(place, script).start();
        awaitText(run, "ready");

        run.process().getOutputStream().write(3);
        run.process().getOutputStream().flush();

        assertThat(run.await().text()).contains("interrupted 1");
    }

    @ForEachCaller
    void anInteractiveShellHasItsJobControl(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = onTerminal(place, "exec bash --norc -i")
                .input("sleep 30 &\njobs; kill %1; set -o | grep monitor; exit 4\n".getBytes(StandardCharsets.UTF_8))
                .run()
                .ended(4);

        assertThat(outcome.text()).contains("Running", "monitor        \ton").doesNotContain("no job control");
    }

    @ForEachCaller
    void theStopKeyGivesTheTerminalBackToTheShell(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Launch.Started run = place.shell("""
                        export WORDS="$*"; exec script -qec 'bash --norc -i' /dev/null
                        """).start();
        run.answer("PS1=; $WORDS run tree.velo -- sh -c 'echo rea\"\"dy; read line; echo continued $line'");
        awaitText(run, "ready");

        run.process().getOutputStream().write(26);
        run.process().getOutputStream().flush();
        awaitText(run, "Stopped");
        run.answer("fg").answer("typed");
        awaitText(run, "continued typed");
        run.answer("exit 6");

        run.await().ended(6);
    }

    /** A run of this script, on a terminal of its own. */
    private static Launch onTerminal(Workplace place, String script) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script(1) is not installed");
        return place.shell("export WORDS=\"$*\" SCRIPT='" + script.replace("'", "'\\''") + "';"
                + " exec script -qec '$WORDS run tree.velo -- bash -c \"$SCRIPT\"' /dev/null");
    }

    private static void awaitText(Launch.Started run, String text) throws Exception {
        for (int i = 0; i < 4000 && !Files.readString(run.output()).contains(text); i++) {
            Thread.sleep(5);
        }
        assertThat(Files.readString(run.output())).contains(text);
    }
}
