package dev.velo.ffm;

import static dev.velo.ffm.PlanArgument.AT_FDCWD;
import static dev.velo.ffm.Texts.bytes;
import static dev.velo.ffm.Texts.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The runner's program in a folder, started without a JVM in between: by a spawned plan, so that a death by signal is seen. */
final class RunnerFixture {
    private static final int PLAN_FD = 9;

    final Path directory;
    final Path out;
    final Path err;
    private final Path program;

    RunnerFixture(Path directory) throws Exception {
        this.directory = directory;
        this.out = directory.resolve("out");
        this.err = directory.resolve("err");
        this.program = Files.write(
                directory.resolve("runner"),
                NativeCodeTest.resource("runner-" + Architecture.current().resourceName()));
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("cannot make the runner executable");
        }
    }

    /** A plan whose child ends in this script of a shell; the caller adds to it before and after. */
    static PlanBuilder script(PlanBuilder plan, String script, String... arguments) {
        plan.child().restoreMask();
        List<byte[]> argv = Stream.concat(Stream.of("sh", "-c", script), Stream.of(arguments))
                .map(Texts::bytes)
                .toList();
        plan.execve(bytes("/bin/sh"), argv, list("PATH=/usr/bin:/bin"));
        return plan;
    }

    SpawnedProcess start(PlanBuilder plan) throws Exception {
        return start(withStreams(new PlanBuilder()), plan);
    }

    /** Gives what this starts the output and the errors that are read here. */
    PlanBuilder withStreams(PlanBuilder starter) {
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_TRUNC | FileCalls.O_CLOEXEC;
        starter.dup3(starter.openat(AT_FDCWD, bytes(out), flags, 0600).result(), 1, 0);
        starter.dup3(starter.openat(AT_FDCWD, bytes(err), flags, 0600).result(), 2, 0);
        return starter;
    }

    /** Starts it with the descriptors that the starter has arranged. */
    SpawnedProcess start(PlanBuilder starter, PlanBuilder plan) throws Exception {
        Path file = Files.createTempFile(directory, "plan", "");
        Files.write(file, plan.build().toBytes());
        PlanEntry opened = starter.openat(AT_FDCWD, bytes(file), FileCalls.O_CLOEXEC, 0);
        starter.dup3(opened.result(), PLAN_FD, 0);
        starter.restoreMask();
        starter.unblockSignals(1L << (ProcessCalls.SIGQUIT - 1));
        starter.execve(bytes(program), list("velo-runner", Integer.toString(PLAN_FD)), list());
        return ProcessCalls.spawn(starter.build());
    }

    SpawnStatus run(PlanBuilder plan) throws Exception {
        try (SpawnedProcess process = start(plan)) {
            return process.waitFor();
        }
    }

    String output() throws IOException {
        return Files.readString(out);
    }

    String errors() throws IOException {
        return Files.readString(err);
    }

    /** Waits until the output has this line, and returns what stands before it. */
    String awaitLine(String line) throws Exception {
        while (true) {
            String text = output();
            int at = text.indexOf(line + "\n");
            if (at >= 0) {
                return text.substring(0, at);
            }
            Thread.sleep(5);
        }
    }

    /** Waits until the process is in this state: one letter as in {@code /proc/<pid>/stat}. */
    static void awaitState(int pid, String states) throws Exception {
        while (true) {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            if (states.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0) {
                return;
            }
            Thread.sleep(5);
        }
    }
}
