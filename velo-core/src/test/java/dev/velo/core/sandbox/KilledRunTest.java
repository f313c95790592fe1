package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.tree.LocalPath;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnStatus;
import dev.velo.ffm.SpawnedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runner that is killed at any moment leaves neither cgroups nor processes. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledRunTest {
    private static final int KILLS = 200;
    private static final int MEASURED = 5;
    private static final long SEED = 20240607;

    /** Ends by itself soon: between its start and its wish to die with the runner, a process does not. */
    private static final String COMMAND = "echo begun; exec sleep 1";

    @TempDir
    Path directory;

    @Test
    void nothingStays() throws Exception {
        ResourceLimits wanted =
                ResourceLimits.NONE.withPids(10).withMemory(64 << 20).withCpu(1);
        LimitedRun.of(directory, wanted).assumeCgroup(LimitedResource.PIDS);
        long span = 2 * nanosToBegin(wanted);
        Random random = new Random(SEED);
        List<LimitedRun> runs = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            LimitedRun run = LimitedRun.of(directory, wanted);
            runs.add(run);
            try (SpawnedProcess runner = run.start(COMMAND)) {
                LockSupport.parkNanos(random.nextLong(span));
                runner.signal(ProcessCalls.SIGKILL);
                // on a busy machine it may have ended before
                assertThat(runner.waitFor()).isIn(new SpawnStatus(0, ProcessCalls.SIGKILL), new SpawnStatus(0, 0));
            }
        }
        while (runs.getFirst().hasProcesses()) {
            Thread.sleep(50);
        }
        assertThat(left(runs)).isEmpty();
        int begun = runs.getFirst().output().split("begun", -1).length - 1;
        assertThat(begun).as("some began before the kill, some did not").isBetween(MEASURED + 1, MEASURED + KILLS - 1);
    }

    private static List<Path> left(List<LimitedRun> runs) {
        return runs.stream()
                .flatMap(run -> run.limits().cgroups().stream())
                .map(cgroup -> LocalPath.of(cgroup.path()))
                .filter(Files::exists)
                .toList();
    }

    /** How long it takes until the command has begun. */
    private long nanosToBegin(ResourceLimits wanted) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < MEASURED; i++) {
            LimitedRun.of(directory, wanted).run("echo begun");
        }
        return (System.nanoTime() - start) / MEASURED;
    }
}
