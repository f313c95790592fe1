package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.present.MountTable;
import dev.velo.core.tree.LocalPath;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Runner;
import dev.velo.ffm.RunnerOptions;
import dev.velo.ffm.SpawnStatus;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of a cgroup of the unified hierarchy: also where its controllers are taken by v1, and nothing can be limited by it.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnifiedCgroupTest {
    @TempDir
    Path directory;

    @Test
    void isEnteredFromOtherNamespacesAndRemovedWithWhatIsLeftInIt() throws Exception {
        Cgroup cgroup = new Cgroup(
                new CgroupParent(LimitMechanism.CGROUP_V2, root(), Set.of(), Set.of(), Double.POSITIVE_INFINITY),
                "velo-test-" + ProcessHandle.current().pid());
        PlanBuilder plan = new PlanBuilder().keeper();
        plan.namespaces(PlanBuilder.CLONE_NEWCGROUP | PlanBuilder.CLONE_NEWNS);
        plan.setup();
        PlanEntry made = cgroup.make(plan, ResourceLimits.NONE);
        plan.cleanup();
        cgroup.remove(plan);
        plan.child();
        cgroup.enter(plan, made);
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_CLOEXEC;
        byte[] out = PathBytes.of(directory.resolve("out"));
        plan.dup3(plan.openat(PlanArgument.AT_FDCWD, out, flags, 0600).result(), 1, 0);
        plan.restoreMask();
        List<byte[]> command = List.of(
                PathBytes.of("sh"), PathBytes.of("-c"), PathBytes.of("sleep 60 & echo $!; cat /proc/self/cgroup"));
        plan.execve(PathBytes.of("/bin/sh"), command, List.of(PathBytes.of("PATH=/usr/bin:/bin")));
        try (SpawnedProcess runner = Runner.start(plan.build(), RunnerOptions.DEFAULT)) {
            assertThat(runner.waitFor()).isEqualTo(new SpawnStatus(0, 0));
        }
        String output = Files.readString(directory.resolve("out"));
        assertThat(output).contains("0::/" + PathBytes.show(PathBytes.lastName(cgroup.path())) + "\n");
        assertThat(Files.exists(LocalPath.of(cgroup.path()))).isFalse();
        assertThat(lives(output.substring(0, output.indexOf('\n')))).isFalse();
    }

    /** An orphan that has ended is a zombie until the machine's first process awaits it. */
    private static boolean lives(String process) {
        try {
            return !Files.readString(Path.of("/proc", process, "stat")).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }

    /** The root of the hierarchy, in which every process may stay as it is. */
    private static byte[] root() throws IOException {
        for (MountTable.Mount mount : MountTable.read().mounts()) {
            if (mount.type().equals("cgroup2")
                    && Files.isWritable(LocalPath.of(mount.point()))
                    && Files.readString(Path.of("/proc/self/cgroup")).contains("0::/\n")) {
                return mount.point();
            }
        }
        assumeTrue(false, "the root of the unified hierarchy of cgroups is not to be written to here");
        throw new AssertionError();
    }
}
