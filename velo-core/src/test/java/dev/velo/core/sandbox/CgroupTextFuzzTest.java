package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.present.MountTable;
import dev.velo.core.testing.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Whatever cgroups somebody has made and named, a process finds its own or none. */
class CgroupTextFuzzTest {
    private static final MountTable MOUNTS = MountTable.of("""
            30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
            31 22 0:27 /below /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            """);

    @Test
    void memberships() throws IOException {
        Fuzz.of("cgroup")
                .with("0::/user.slice/a\n", "4:memory:/below/b\n1:cpu,cpuacct:/\n0::/\n", "0::/../x\n")
                .run(input -> assertThat(Cgroups.of(MOUNTS, new String(input, StandardCharsets.ISO_8859_1)))
                        .isNotNull());
    }
}
