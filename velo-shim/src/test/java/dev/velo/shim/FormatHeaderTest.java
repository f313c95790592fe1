package dev.velo.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The header that C includes says what the layouts say; {@code -Dvelo.regenerate=true} brings it up to date. */
class FormatHeaderTest {
    private static final Path HEADER = TestData.path("velo-shim/src/main/c/velo_format.h");

    @Test
    void theHeaderIsUpToDate() throws IOException {
        TestData.check(HEADER, FormatHeader.text());
    }

    @Test
    void structsHaveEveryFieldAtItsOffset() {
        String text = FormatHeader.text();
        assertThat(text)
                .contains("\tuint16_t i_nlink;\n", "\tuint8_t reserved1[37];\n", "\tuint8_t digest[32];\n")
                .contains("_Static_assert(sizeof(struct velo_dirent) == 12, \"velo_dirent\");\n")
                .contains("_Static_assert(offsetof(struct velo_trailer, crc32c) == 100, \"crc32c\");\n");
    }
}
