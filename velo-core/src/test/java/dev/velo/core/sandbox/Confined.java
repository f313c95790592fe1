package dev.velo.core.sandbox;

import dev.velo.ffm.Architecture;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnStatus;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Commands that are run under the filter of this machine's architecture, or without it to compare. */
record Confined(Path directory, boolean filtered) {
    /** What became of a command; its output and errors together. */
    record Outcome(SpawnStatus status, String output) {}

    /** Runs a command that is found along {@code PATH}. */
    Outcome run(List<String> command) throws Exception {
        return run(new PlanBuilder(), command);
    }

    /** Runs the plan, and then the command. */
    Outcome run(PlanBuilder plan, List<String> command) throws Exception {
        Path out = directory.resolve("out");
        PlanEntry opened = plan.openat(
                PlanArgument.AT_FDCWD,
                bytes(out.toString()),
                FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_TRUNC | FileCalls.O_CLOEXEC,
                0600);
        plan.dup3(opened.result(), 1, 0);
        plan.dup3(opened.result(), 2, 0);
        if (filtered) {
            plan.noNewPrivileges();
            plan.seccomp(SeccompFilter.of(Architecture.current()).toBytes());
        }
        plan.unblockSignals(1L << (ProcessCalls.SIGQUIT - 1));
        plan.restoreMask();
        String path = System.getenv("PATH");
        plan.execSearch(
                bytes(command.getFirst()),
                command.stream().map(Confined::bytes).toList(),
                Stream.of("PATH=" + path, "HOME=" + directory, "LC_ALL=C.UTF-8")
                        .map(Confined::bytes)
                        .toList(),
                bytes(path));
        try (SpawnedProcess process = ProcessCalls.spawn(plan.build())) {
            return new Outcome(process.waitFor(), text(out));
        }
    }

    private static String text(Path out) throws IOException {
        return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
