package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PackGoldenTest {
    /** The checked-in file, which has the bytes that are written today. */
    private static byte[] golden(String name, byte[] written) throws IOException {
        Path file = TestData.path("testdata/pack").resolve(name);
        TestData.check(file, written);
        return Files.readAllBytes(file);
    }

    @Test
    void anEmptyPackHasAnIndexOfNothing() throws IOException {
        PackIndex index = PackFixture.verify(golden("empty.pack", PackFixture.empty()));
        assertThat(index.count()).isZero();
        assertThat(index.find(ManifestFixture.digest("hello"))).isEqualTo(-1);
    }

    @Test
    void smallBlobsStandInBlocks() throws IOException {
        byte[] pack = golden("small.pack", PackFixture.small());
        PackIndex index = PackFixture.verify(pack);
        assertThat(index.count()).isEqualTo(2);
        requireBlob(pack, index, "hello", 512);
        requireBlob(pack, index, "second", 1024);
        assertThat(index.find(ManifestFixture.digest("third"))).isEqualTo(-1);
    }

    private static void requireBlob(byte[] pack, PackIndex index, String content, long offset) {
        Digest digest = ManifestFixture.digest(content);
        int entry = index.find(digest);
        assertThat(index.digest(entry)).isEqualTo(digest);
        assertThat(index.offset(entry)).isEqualTo(offset);
        assertThat(PackFixture.blob(pack, index, entry)).isEqualTo(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCompressedBlobIsShorterInThePackThanItIs() throws IOException {
        byte[] pack = golden("compressed.pack", PackFixture.compressed());
        PackIndex index = PackFixture.verify(pack);
        requireBlob(pack, index, "hello", 512);
        requireBlob(pack, index, "second", 1536);
        int entry = index.find(ManifestFixture.digest("a".repeat(100)));
        assertThat(index.isRaw(entry)).isFalse();
        assertThat(index.isRaw()).isFalse();
        assertThat(index.offset(entry)).isEqualTo(1024);
        assertThat(index.length(entry)).isEqualTo(100);
        assertThat(index.storedLength(entry)).isEqualTo(11);
        assertThat(Arrays.copyOfRange(pack, 1024, 1024 + 11)).isEqualTo(PackFixture.BLOCK_OF_A);
    }

    @Test
    void largeBlobsStandOnPagesAndZerosAreBetween() throws IOException {
        byte[] pack = golden("large.pack", PackFixture.large());
        PackIndex index = PackFixture.verify(pack);
        int large = index.length(0) == 5 ? 1 : 0;
        assertThat(index.offset(large)).isEqualTo(4096);
        assertThat(index.length(large)).isEqualTo(65537);
        for (int at = 512 + 5; at < 4096; at++) {
            assertThat(pack[at]).isZero();
        }
        for (int at = 4096 + 65537; at < 73728; at++) {
            assertThat(pack[at]).isZero();
        }
    }
}
