package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.tree.LocalPath;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits hold: each bomb is bounded in itself and runs once with a limit that it does not reach, so that it is known to be one. By
 * cgroups where this machine lets this user make them, and by what everybody has.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitsTest {
    /** 2^6 - 1 processes at one time, besides those of sleep; each writes a byte, unless it or one before it cannot be made. */
    private static final String FORK_BOMB =
            "bomb() { printf x; if [ $1 -gt 1 ]; then bomb $(($1 - 1)) & bomb $(($1 - 1)) & fi; sleep 0.5; wait; };"
                    + " bomb 6";

    private static final int BOMB_PROCESSES = 63;
    private static final int FEW_PROCESSES = 20;
    private static final int MANY_PROCESSES = 1000;

    /** A text of 64 MiB, which the shell holds more than once meanwhile. */
    private static final String MEMORY_BOMB =
            "x=0123456789abcdef; i=0; while [ $i -lt 22 ]; do x=$x$x; i=$((i + 1)); done; echo made";

    private static final long LITTLE_MEMORY = 32 << 20;
    private static final long MUCH_MEMORY = 512 << 20;

    private static final String SPIN = "i=0; while [ $i -lt 400000 ]; do i=$((i + 1)); done; echo spun";

    @TempDir
    Path directory;

    @TempDir
    Path control;

    @Test
    void aForkBombStopsAtTheLimit() throws Exception {
        LimitedRun many = LimitedRun.of(control, ResourceLimits.NONE.withPids(MANY_PROCESSES))
                .assumeCgroup(LimitedResource.PIDS);
        assertThat(many.run(FORK_BOMB)).isEqualTo(new SpawnStatus(0, 0));
        assertThat(many.output()).isEqualTo("x".repeat(BOMB_PROCESSES));
        assertThat(many.report().outcomes().getFirst().reached()).hasValue(0);

        LimitedRun few = LimitedRun.of(directory, ResourceLimits.NONE.withPids(FEW_PROCESSES));
        few.run(FORK_BOMB);
        // those that were refused end, and others begin in their place
        assertThat(written(few)).isLessThan(BOMB_PROCESSES);
        assertThat(few.report().outcomes().getFirst().isReached()).isTrue();
        assertThat(few.report().text()).matches("pids: cgroup v[12]: [0-9]+ (process|processes) or threads? refused");
        assertGone(few);
    }

    @Test
    void aMemoryBombIsKilledAtTheLimit() throws Exception {
        LimitedRun much = LimitedRun.of(control, ResourceLimits.NONE.withMemory(MUCH_MEMORY))
                .assumeCgroup(LimitedResource.MEMORY);
        assertThat(much.run(MEMORY_BOMB)).isEqualTo(new SpawnStatus(0, 0));
        assertThat(much.output()).isEqualTo("made\n");
        assertThat(much.report().outcomes().getFirst().reached()).hasValue(0);

        LimitedRun little = LimitedRun.of(directory, ResourceLimits.NONE.withMemory(LITTLE_MEMORY));
        assertThat(little.run(MEMORY_BOMB)).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGKILL));
        assertThat(little.output()).isEmpty();
        assertThat(little.report().text()).matches("memory: cgroup v[12]: 1 process killed");
        assertGone(little);
    }

    @Test
    void aSpinningCommandWaitsForItsShare() throws Exception {
        LimitedRun all =
                LimitedRun.of(control, ResourceLimits.NONE.withCpu(1024)).assumeCgroup(LimitedResource.CPU);
        assertThat(all.run(SPIN)).isEqualTo(new SpawnStatus(0, 0));
        assertThat(all.report().outcomes().getFirst().reached()).hasValue(0);

        LimitedRun share = LimitedRun.of(directory, ResourceLimits.NONE.withCpu(0.25));
        assertThat(share.run(SPIN)).isEqualTo(new SpawnStatus(0, 0));
        assertThat(share.output()).isEqualTo("spun\n");
        assertThat(share.report().text()).matches("cpu: cgroup v[12]: made to wait [0-9]+ times?");
        assertGone(share);
    }

    @Test
    void allThreeHoldTogether() throws Exception {
        ResourceLimits wanted = ResourceLimits.NONE
                .withMemory(LITTLE_MEMORY)
                .withPids(FEW_PROCESSES)
                .withCpu(1);
        LimitedRun run = LimitedRun.of(directory, wanted);
        for (LimitedResource resource : LimitedResource.values()) {
            run.assumeCgroup(resource);
        }
        // a shell that cannot fork ends: the one that waits for the memory bomb is none of the fork bomb's
        String both = "{ " + MEMORY_BOMB + "; } & memory=$!; ( " + FORK_BOMB + " ); wait $memory";
        assertThat(run.run(both)).isNotEqualTo(new SpawnStatus(125, 0));
        assertThat(run.report().outcomes()).extracting(LimitOutcome::isReached).startsWith(true, true);
        assertGone(run);
    }

    @Test
    void aForkBombOfAnOrdinaryUserStopsAtTheRlimit() throws Exception {
        LimitedRun many = LimitedRun.withoutCgroups(control, ResourceLimits.NONE.withPids(MANY_PROCESSES));
        many.run(FORK_BOMB);
        assertThat(written(many)).isEqualTo(BOMB_PROCESSES);

        LimitedRun few = LimitedRun.withoutCgroups(directory, ResourceLimits.NONE.withPids(FEW_PROCESSES));
        few.run(FORK_BOMB);
        // those that were refused end, and others begin in their place
        assertThat(written(few)).isLessThan(BOMB_PROCESSES);
        assertThat(few.limits().usesCgroups()).isFalse();
        assertThat(few.report().text())
                .isEqualTo("pids: rlimit: all processes of the user in the user namespace,"
                        + " because there is no cgroup with the controller pids");
    }

    @Test
    void aMemoryBombOfAnOrdinaryUserStopsAtTheRlimit() throws Exception {
        LimitedRun much = LimitedRun.withoutCgroups(control, ResourceLimits.NONE.withMemory(MUCH_MEMORY));
        assertThat(much.run(MEMORY_BOMB)).isEqualTo(new SpawnStatus(0, 0));

        LimitedRun little = LimitedRun.withoutCgroups(directory, ResourceLimits.NONE.withMemory(LITTLE_MEMORY));
        assertThat(little.run(MEMORY_BOMB)).isNotEqualTo(new SpawnStatus(0, 0));
        assertThat(little.output()).doesNotContain("made");
        assertThat(little.report().text())
                .isEqualTo("memory: rlimit: the address space of each process, not all together,"
                        + " because there is no cgroup with the controller memory");
    }

    @Test
    void withoutCgroupsWholeProcessorsAreGiven() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one processor alone");
        LimitedRun one = LimitedRun.withoutCgroups(directory, ResourceLimits.NONE.withCpu(0.5));
        assertThat(one.run("nproc")).isEqualTo(new SpawnStatus(0, 0));
        assertThat(one.output()).isEqualTo("1\n");
        assertThat(one.report().text())
                .isEqualTo("cpu: affinity: 1 whole processor, unless a process chooses others,"
                        + " because there is no cgroup with the controller cpu");
    }

    private static long written(LimitedRun run) throws Exception {
        return run.output().chars().filter(c -> c == 'x').count();
    }

    private static void assertGone(LimitedRun run) {
        for (Cgroup cgroup : run.limits().cgroups()) {
            assertThat(Files.exists(LocalPath.of(cgroup.path()))).isFalse();
        }
    }
}
