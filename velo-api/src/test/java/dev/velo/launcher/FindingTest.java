package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the doctor warns. */
final class FindingTest {
    private static final long GIB = 1L << 30;

    @Test
    void aLineHasVerdictNameFactAndRemedy() {
        assertThat(Finding.ok("space", "much").line()).isEqualTo("ok   space      much");
        assertThat(Finding.warn("space", "little", "free some").line()).isEqualTo("warn space      little; free some");
        assertThat(Finding.no("space", "none", "free some").fields())
                .containsEntry("verdict", "no")
                .containsEntry("name", "space")
                .containsEntry("fact", "none")
                .containsEntry("remedy", "free some");
    }

    @Test
    void spaceIsTightBelowOneGibibyteOrATwentieth() {
        assertThat(FileSystemFindings.space(10 * GIB, 100 * GIB).verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(FileSystemFindings.space(4 * GIB, 100 * GIB).verdict()).isEqualTo(Finding.Verdict.WARN);
        assertThat(FileSystemFindings.space(GIB - 1, 2 * GIB).verdict()).isEqualTo(Finding.Verdict.WARN);
        assertThat(FileSystemFindings.space(1 << 20, 2 * GIB).verdict()).isEqualTo(Finding.Verdict.NO);
    }

    @Test
    void inodesAreTightBelowTenThousandOrATwentieth() {
        assertThat(FileSystemFindings.inodes(0, 0).verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(FileSystemFindings.inodes(500_000, 1_000_000).verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(FileSystemFindings.inodes(40_000, 1_000_000).verdict()).isEqualTo(Finding.Verdict.WARN);
        assertThat(FileSystemFindings.inodes(9_999, 20_000).verdict()).isEqualTo(Finding.Verdict.WARN);
        assertThat(FileSystemFindings.inodes(0, 20_000).verdict()).isEqualTo(Finding.Verdict.NO);
    }

    @Test
    void fileSystemsThatLoseOrRefuseThingsAreWarnedOf() {
        assertThat(FileSystemFindings.judged("ext4", "").verdict()).isEqualTo(Finding.Verdict.OK);
        for (String type : new String[] {"tmpfs", "overlay", "vfat", "nfs4"}) {
            assertThat(FileSystemFindings.judged(type, "").verdict()).isEqualTo(Finding.Verdict.WARN);
        }
    }
}
