package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.velo.core.tree.PathBytes;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the kernel's table of mounts says, and what its release says. */
class MountTableTest {
    private static final String TABLE = """
            21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
            35 36 0:31 / /a\\040b rw - overlay none rw,lowerdir=/l,upperdir=/u\\134\\054p,workdir=/w,userxattr
            36 21 0:30 / /a\\040b rw - erofs /store/images/x\\134y ro
            37 21 0:32 / /empty rw - tmpfs  rw
            """;

    @Test
    void theMountOnTopIsSeenWhicheverWasMadeFirst() {
        MountTable table = MountTable.of(TABLE);
        MountTable.Mount found = Objects.requireNonNull(table.at(PathBytes.of("/a b")));
        assertThat(found.type()).isEqualTo("overlay");
        assertThat(table.at(PathBytes.of("/a"))).isNull();
    }

    @Test
    void anOverlayIsFoundByItsUpper() {
        MountTable table = MountTable.of(TABLE);
        assertThat(table.writingTo(PathBytes.of("/u,p"))).isNotNull();
        assertThat(table.writingTo(PathBytes.of("/u"))).isNull();
    }

    @Test
    void releasesAreNumbers() {
        assertThat(KernelRelease.of("6.18.44-fc-v669")).isEqualTo(new KernelRelease(6, 18));
        assertThat(KernelRelease.of("5.10").isAtLeast(5, 10)).isTrue();
        assertThat(KernelRelease.of("7").isAtLeast(6, 12)).isTrue();
        assertThat(KernelRelease.of("6.1.0-13-amd64").isAtLeast(6, 12)).isFalse();
        assertThat(KernelRelease.of("").isAtLeast(1, 0)).isFalse();
    }

    @Test
    void anOlderKernelIsTold() {
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> MountSupport.requireRelease(new KernelRelease(6, 1)))
                .withMessage("mounting an image takes Linux 6.12 or later, and this is 6.1");
    }
}
