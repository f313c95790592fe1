package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.present.MountTable;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where cgroups can be made, by folders that look like those of a kernel:
 *
 * <pre>
 * directory/unified          the mount point of v2
 * directory/unified/around   the cgroup around that of this process
 * directory/unified/around/own
 * directory/both             the mount point of a v1 hierarchy with two controllers
 * </pre>
 */
class CgroupsTest {
    private static final Set<LimitedResource> ALL = EnumSet.allOf(LimitedResource.class);

    @TempDir
    Path directory;

    private Cgroups unified(String own) {
        return Cgroups.of(
                MountTable.of("30 1 0:20 / " + directory.resolve("unified") + " rw - cgroup2 cgroup2 rw,nsdelegate\n"),
                "0::" + own + "\n");
    }

    private void cgroup(String path, String type, String controllers, String enabled, String processes)
            throws IOException {
        Path cgroup = Files.createDirectories(directory.resolve(path));
        if (!type.isEmpty()) {
            Files.writeString(cgroup.resolve("cgroup.type"), type + "\n");
        }
        Files.writeString(cgroup.resolve("cgroup.controllers"), controllers + "\n");
        Files.writeString(cgroup.resolve("cgroup.subtree_control"), enabled + "\n");
        Files.writeString(cgroup.resolve("cgroup.procs"), processes);
    }

    @Test
    void besideTheOwnCgroupWhereThatHasProcesses() throws IOException {
        cgroup("unified/around", "domain", "cpu memory pids", "memory pids", "");
        cgroup("unified/around/own", "domain", "memory pids", "", "123\n");
        CgroupParent parent = only(unified("/around/own").parents(ALL));
        assertThat(parent.mechanism()).isEqualTo(LimitMechanism.CGROUP_V2);
        assertThat(PathBytes.show(parent.directory()))
                .isEqualTo(directory.resolve("unified/around").toString());
        assertThat(parent.resources()).isEqualTo(ALL);
        assertThat(parent.enabled()).containsExactly(LimitedResource.CPU);
    }

    @Test
    void belowTheRootOfAllWhichMayHaveProcesses() throws IOException {
        cgroup("unified", "", "cpu memory pids", "cpu memory pids", "1\n");
        CgroupParent parent = only(unified("/").parents(Set.of(LimitedResource.PIDS)));
        assertThat(PathBytes.show(parent.directory()))
                .isEqualTo(directory.resolve("unified").toString());
        assertThat(parent.enabled()).isEmpty();
    }

    @Test
    void nowhereInAContainersRootThatHasProcesses() throws IOException {
        cgroup("unified", "domain", "cpu memory pids", "", "1\n");
        Cgroups cgroups = unified("/");
        assertThat(cgroups.parents(ALL)).isEmpty();
        assertThat(cgroups.whyNot(LimitedResource.PIDS))
                .startsWith(directory.resolve("unified") + " is no cgroup in which this user may make others")
                .contains("systemd-run");
    }

    @Test
    void notBesideThreadsOfAnotherProcess() throws IOException {
        cgroup("unified/around", "threaded", "pids", "pids", "");
        cgroup("unified/around/own", "threaded", "pids", "", "123\n");
        assertThat(unified("/around/own").parents(ALL)).isEmpty();
    }

    @Test
    void notWhereTheOwnCgroupIsOutsideOfWhatIsShown() throws IOException {
        cgroup("unified", "", "pids", "pids", "");
        assertThat(unified("/../elsewhere").parents(ALL)).isEmpty();
        Cgroups elsewhere = Cgroups.of(
                MountTable.of("30 1 0:20 /part " + directory.resolve("unified") + " rw - cgroup2 cgroup2 rw\n"),
                "0::/elsewhere\n");
        assertThat(elsewhere.parents(ALL)).isEmpty();
    }

    @Test
    void oneForControllersThatShareAHierarchyAndTheLeastQuotaAround() throws IOException {
        Path own = Files.createDirectories(directory.resolve("both/own"));
        Files.writeString(directory.resolve("both/cpu.cfs_quota_us"), "150000\n");
        Files.writeString(directory.resolve("both/cpu.cfs_period_us"), "100000\n");
        Files.writeString(own.resolve("cpu.cfs_quota_us"), "-1\n");
        Files.writeString(own.resolve("cpu.cfs_period_us"), "100000\n");
        Cgroups cgroups = Cgroups.of(
                MountTable.of("30 1 0:20 /docker " + directory.resolve("both") + " rw - cgroup cgroup rw,cpu,pids\n"),
                "2:name=systemd:/docker/own\n3:cpu,pids:/docker/own\n0::/\n");
        CgroupParent parent = only(cgroups.parents(ALL));
        assertThat(parent.mechanism()).isEqualTo(LimitMechanism.CGROUP_V1);
        assertThat(PathBytes.show(parent.directory())).isEqualTo(own.toString());
        assertThat(parent.resources()).containsExactly(LimitedResource.PIDS, LimitedResource.CPU);
        assertThat(parent.cpuCores()).isEqualTo(1.5);
        assertThat(cgroups.whyNot(LimitedResource.MEMORY)).isEqualTo("there is no cgroup with the controller memory");
    }

    @Test
    void theUnifiedHierarchyComesFirst() throws IOException {
        cgroup("unified", "", "pids", "pids", "");
        Files.createDirectories(directory.resolve("memory"));
        Cgroups cgroups = Cgroups.of(
                MountTable.of("30 1 0:20 / " + directory.resolve("unified") + " rw - cgroup2 cgroup2 rw\n"
                        + "31 1 0:21 / " + directory.resolve("memory") + " rw - cgroup cgroup rw,memory\n"),
                "4:memory:/\n0::/\n");
        assertThat(cgroups.parents(ALL))
                .extracting(CgroupParent::mechanism)
                .containsExactly(LimitMechanism.CGROUP_V2, LimitMechanism.CGROUP_V1);
    }

    private static CgroupParent only(List<CgroupParent> parents) {
        assertThat(parents).hasSize(1);
        return parents.getFirst();
    }
}
