package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A program in a sandbox does not take more than it was granted. What it tries is bounded in any case. */
@Execution(ExecutionMode.CONCURRENT)
final class SandboxLoadTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path temporary;

    @ForEachCaller
    void processesAreLimited(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);

        Attacker.refused(attacker.inside(List.of("--pids", "50"), "processes 60"));
        Attacker.succeeded(attacker.inside(List.of("--pids", "100"), "processes 60"));
        Attacker.succeeded(attacker.inside(List.of(), "processes 60"));
        // with nothing but a time to end by
        attacker.inside(List.of("--pids", "50", "--timeout", "1"), "bomb 400")
                .run()
                .ended(124);
    }

    @ForEachCaller
    void memoryIsLimited(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String attack = "memory " + 96 * MIB;

        // a group that is killed as a whole says nothing any more
        assertThat(attacker.inside(List.of("--memory", "64m"), attack).run().text())
                .doesNotContain("SUCCEEDED");
        Attacker.succeeded(attacker.inside(List.of("--memory", "256m"), attack));
        Attacker.succeeded(attacker.inside(List.of(), attack));
    }

    @ForEachCaller
    void writtenMemoryIsLimited(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        for (String place : List.of("/x", "/tmp/x", "/dev/shm/x", "/dev/x", "/attack/x")) {
            Attacker.refused(attacker.inside(List.of("--size", "4m", "--writable"), "fill " + place + " " + 5 * MIB));
        }
        Attacker.succeeded(attacker.inside(List.of("--size", "8m"), "fill /tmp/x " + 5 * MIB));
        Attacker.succeeded(attacker.inside(List.of(), "fill /tmp/x " + 5 * MIB));
    }

    @ForEachCaller
    void descriptorsAreLimitedAndTheSandboxEndsAsEver(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);

        Attacker.refused(attacker.inside(List.of(), "open-all"));
        attacker.isolated(
                        List.of(),
                        "/bin/sh",
                        "-c",
                        "for i in 1 2 3 4; do " + Attacker.INSIDE + " open-all & done; wait; exit 9")
                .run()
                .ended(9);
    }
}
