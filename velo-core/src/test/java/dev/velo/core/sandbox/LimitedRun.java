package dev.velo.core.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.present.MountTable;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.IdentityCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.Runner;
import dev.velo.ffm.RunnerOptions;
import dev.velo.ffm.SpawnStatus;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A shell's script under limits, without a sandbox around it. */
final class LimitedRun {
    /** A user that nobody is, so that nobody's processes are counted with its own. */
    private static final int STRANGER = 54321;

    private static final int O_APPEND = 02000;
    private static final long HARD_UNLIMITED = -1;

    /** More than any script here is to need, so that none takes the machine with it if a limit does not hold. */
    private static final long BOUND_BYTES = 1L << 30;

    private final Path directory;
    private final LimitPlan limits;
    private final boolean asStranger;

    private LimitedRun(Path directory, LimitPlan limits, boolean asStranger) {
        this.directory = directory;
        this.limits = limits;
        this.asStranger = asStranger;
    }

    /** As this user, with whatever this machine has. */
    static LimitedRun of(Path directory, ResourceLimits wanted) throws IOException {
        return new LimitedRun(directory, LimitPlan.of(wanted), false);
    }

    /** As a user without privilege, on a machine without cgroups. */
    static LimitedRun withoutCgroups(Path directory, ResourceLimits wanted) throws IOException {
        boolean root = IdentityCalls.geteuid() == 0;
        LimitFacts facts = new LimitFacts(
                Cgroups.of(MountTable.of(""), ""),
                ProcessCalls.schedGetaffinity(),
                false,
                HARD_UNLIMITED,
                HARD_UNLIMITED);
        return new LimitedRun(directory, LimitPlan.of(wanted, facts), root);
    }

    LimitPlan limits() {
        return limits;
    }

    /** Skips the test unless a cgroup holds this. */
    LimitedRun assumeCgroup(LimitedResource resource) {
        LimitDecision decision = limits.decisions().stream()
                .filter(each -> each.resource() == resource)
                .findFirst()
                .orElseThrow();
        assumeTrue(decision.mechanism().isCgroup(), decision::text);
        return this;
    }

    /** A plan in which the script finds the directory as {@code $0}; what it writes is in the file {@code out} there. */
    PlanBuilder plan(String script) throws IOException {
        Path results = directory.resolve("results");
        if (!Files.exists(results)) {
            Files.createFile(results);
        }
        PlanBuilder plan = new PlanBuilder();
        limits.setUp(plan);
        plan.child();
        // the command ends with a runner that is killed: alone, without what it started
        plan.prctl(ProcessCalls.PR_SET_PDEATHSIG, ProcessCalls.SIGKILL, 0, 0, 0);
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | O_APPEND | FileCalls.O_CLOEXEC;
        PlanArgument out = plan.openat(PlanArgument.AT_FDCWD, PathBytes.of(directory.resolve("out")), flags, 0666)
                .result();
        plan.dup3(out, 1, 0);
        plan.dup3(out, 2, 0);
        if (asStranger) {
            plan.setresgid(STRANGER, STRANGER, STRANGER);
            plan.setresuid(STRANGER, STRANGER, STRANGER);
        }
        plan.rlimit(ProcessCalls.RLIMIT_AS, BOUND_BYTES, BOUND_BYTES);
        limits.enter(plan);
        limits.cleanUp(plan, PathBytes.of(results));
        plan.child();
        plan.restoreMask();
        plan.execve(
                PathBytes.of("/bin/sh"),
                List.of(PathBytes.of("sh"), PathBytes.of("-c"), PathBytes.of(script), PathBytes.of(directory)),
                List.of(PathBytes.of("PATH=/usr/bin:/bin"), mark()));
        return plan;
    }

    SpawnStatus run(String script) throws IOException {
        try (SpawnedProcess process = start(script)) {
            return process.waitFor();
        }
    }

    SpawnedProcess start(String script) throws IOException {
        return Runner.start(plan(script).build(), RunnerOptions.DEFAULT.withEnvironment(List.of(mark())));
    }

    /** Whether a process lives that this has started, or one that those have. */
    boolean hasProcesses() {
        String mark = PathBytes.show(mark());
        return ProcessHandle.allProcesses().anyMatch(process -> {
            try {
                Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
                return Files.readString(environment, StandardCharsets.ISO_8859_1)
                        .contains(mark);
            } catch (IOException gone) {
                return false;
            }
        });
    }

    /** A variable of all their environments. */
    private byte[] mark() {
        return PathBytes.of("VELO_TEST=" + directory);
    }

    LimitReport report() throws IOException {
        return limits.report(Files.readAllBytes(directory.resolve("results")));
    }

    String output() throws IOException {
        return Files.readString(directory.resolve("out"));
    }
}
