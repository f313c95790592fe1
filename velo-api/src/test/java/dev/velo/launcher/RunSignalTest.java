package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Signals to a run, stops, and who is there while a command runs. */
@Execution(ExecutionMode.CONCURRENT)
final class RunSignalTest {
    /** Counts the interrupts that it gets until it is told to end. */
    private static final String COUNTING = """
            count=0; trap 'count=$((count + 1))' INT; trap 'echo interrupted $count; exit 9' TERM
            echo ready; while :; do sleep 0.05; done
            """;

    @TempDir
    private Path temporary;

    @ForEachCaller
    void aRequestToEndReachesTheCommand(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Launch.Started run = place.velo("run", "tree.velo", "--", "bash", "-c", COUNTING)
                .start()
                .says("ready");

        signal(caller, "TERM", run.process().pid());

        assertThat(run.await().ended(9).lines()).containsExactly("ready", "interrupted 0");
    }

    @ForEachCaller
    void anInterruptOfTheWholeGroupReachesTheCommand(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Launch.Started run = place.shell(
                        "exec setsid --wait \"$@\" run tree.velo -- bash -c '" + COUNTING.replace("'", "'\\''") + "'")
                .with("NOTHING", "")
                .start()
                .says("ready");
        long group = groupOf(run.process());

        signal(caller, "INT", -group);
        Thread.sleep(400);
        signal(caller, "TERM", group);

        // once from the sender and once passed on: for the runner it is no other than one to itself
        assertThat(run.await().ended(9).lines()).last().asString().matches("interrupted [12]");
    }

    @ForEachCaller
    void aCommandThatStopsStopsTheRunUntilItIsContinued(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Launch.Started run = place.velo(
                        "run", "tree.velo", "--", "sh", "-c", "echo ready; kill -STOP $$; echo continued")
                .start()
                .says("ready");
        awaitState(run.process().pid(), 'T');
        assertThat(run.lines()).doesNotContain("continued");

        signal(caller, "CONT", run.process().pid());

        assertThat(run.await().succeeded().lines()).containsExactly("ready", "continued");
    }

    @ForEachCaller
    void noJvmStaysBehind(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Launch.Started run = place.velo("run", "tree.velo", "--", "sh", "-c", "echo $PPID; echo ready; read line")
                .start()
                .says("ready");
        Path runner = Path.of("/proc", String.valueOf(run.process().pid()));

        // the process that was started has become the runner, and the runner is the command's parent
        assertThat(run.lines()).first().isEqualTo(String.valueOf(run.process().pid()));
        assertThat(Files.readString(runner.resolve("comm"))).isEqualTo("velo-runner\n");
        assertThat(Workplace.names(runner.resolve("task"))).hasSize(1);
        long residentPages =
                Long.parseLong(Files.readString(runner.resolve("statm")).split(" ", -1)[1]);
        assertThat(residentPages * 4).as("resident KiB").isLessThan(1024);

        run.answer("").await().succeeded();
    }

    @ForEachCaller
    void ignoredSignalsStayIgnored(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String script = "trap '' USR1 WINCH; \"$@\" run tree.velo -- sh -c 'kill -USR1 $$; kill -WINCH $$; echo alive'";

        assertThat(place.shell(script).run().succeeded().text()).isEqualTo("alive\n");
    }

    @ForEachCaller
    void noSignalIsBlockedForTheCommand(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome inside = place.velo("run", "tree.velo", "--", "grep", "SigBlk", "/proc/self/status")
                .run()
                .succeeded();

        assertThat(inside.text()).isEqualTo("SigBlk:\t0000000000000000\n");
    }

    private static void signal(Caller caller, String name, long target) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, "--", String.valueOf(target))
                        .start()
                        .waitFor())
                .as("kill by %s", caller)
                .isZero();
    }

    /** The process group of what setsid has started: itself, or its only child where it had to fork. */
    private static long groupOf(Process process) {
        return process.descendants()
                .filter(each -> each.info().command().orElse("").contains("velo"))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElse(process.pid());
    }

    private static void awaitState(long pid, char state) throws IOException, InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (stateOf(pid) != state) {
            assertThat(System.nanoTime()).as("still in state %s", stateOf(pid)).isLessThan(limit);
            Thread.sleep(5);
        }
    }

    private static char stateOf(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
