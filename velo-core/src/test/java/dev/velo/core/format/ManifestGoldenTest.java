package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ManifestGoldenTest {
    private static final String EVERYTHING = """
            755 DIRECTORY . 8 from 1 @1600000000.000000000 of 0:0 {user.a=31}
            644 FILE a 5 bytes 2cf24dba @1600000000.000000000 of 0:0
            644 FILE b 6 bytes 16367aac @1600000000.000000000 of 1000:100 {user.b=,user.c=3232}
            1777 DIRECTORY c 2 from 9 @1600000000.000000000
            777 SYMLINK d -> tt @1600000000.000000000
            666 CHARACTER_DEVICE e 1:3 @-1.999999999
            600 FIFO f - @1600000000.000000000
            0 HARD_LINK g = a @0.000000000
            4755 FILE h empty @1600000000.000000000
            644 FILE c/i 5 bytes 2cf24dba @1600000000.000000000 {user.a=31}
            644 FILE c/j 6 bytes 16367aac @1600000000.000000000
            """;

    /** The checked-in file, which has the bytes that the builder writes today. */
    private static byte[] golden(String name, byte[] written) throws IOException {
        Path file = TestData.path("testdata/manifest").resolve(name);
        TestData.check(file, written);
        return Files.readAllBytes(file);
    }

    @Test
    void theGoldenBytesReadAsTheTreeTheyAreOf() throws IOException {
        byte[] golden = golden("everything.velo", ManifestFixture.everything());
        assertThat(ManifestText.of(ManifestFixture.read(golden))).isEqualTo(EVERYTHING);
    }

    @Test
    void theSmallestManifestIsAnEmptyDirectory() throws IOException {
        byte[] golden = golden("smallest.velo", ManifestFixture.smallest());
        assertThat(golden).hasSize(ManifestFormat.HEADER_BYTES + ManifestFormat.ENTRY_BYTES + 1);
        assertThat(ManifestText.of(ManifestFixture.read(golden)))
                .isEqualTo("755 DIRECTORY . 0 from 1 @1600000000.000000000\n");
    }

    @Test
    void everyPathLeadsToItsEntry() throws IOException {
        Manifest manifest = ManifestFixture.read(ManifestFixture.everything());
        int[] parents = manifest.parents();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            assertThat(find(manifest, manifest.describe(entry, parents))).isEqualTo(entry);
        }
    }

    @Test
    void pathsMayHaveDotsAndExtraSlashes() throws IOException {
        Manifest manifest = ManifestFixture.read(ManifestFixture.everything());
        assertThat(find(manifest, "")).isZero();
        assertThat(find(manifest, "/")).isZero();
        assertThat(find(manifest, "//c/.//./i")).isEqualTo(ManifestFixture.I);
        assertThat(find(manifest, "c/")).isEqualTo(ManifestFixture.C);
    }

    @Test
    void otherPathsLeadNowhere() throws IOException {
        Manifest manifest = ManifestFixture.read(ManifestFixture.everything());
        for (String path : new String[] {"x", "aa", "c/a", "a/b", "..", "c/../a", "d/x", "c/i\0", "A"}) {
            assertThat(find(manifest, path)).as(path).isEqualTo(-1);
        }
    }

    private static int find(Manifest manifest, String path) {
        return manifest.find(path.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatWasReadIsWrittenAsTheSameBytes() throws IOException {
        byte[] bytes = ManifestFixture.everything();
        assertThat(ManifestText.rebuilt(ManifestFixture.read(bytes))).isEqualTo(bytes);
    }
}
