package dev.velo.shim;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * libFuzzer changes the golden and the reject images, and the shim's reader keeps inside of them; {@code -Dvelo.fuzz.iterations} says how
 * often.
 */
class ImageFuzzTest {
    private static final int MAX_BYTES = 16_384;

    @TempDir
    private Path temporary;

    @Test
    void noReadLeavesTheImage() throws Exception {
        SanitizedProgram program = SanitizedProgram.build(
                temporary, "fuzzer,address,undefined", "fuzz_image", List.of("image.c", "crc32c.c", "text.c"));
        Path corpus = Files.createDirectory(temporary.resolve("corpus"));
        copyImages(TestData.path("testdata/image"), corpus);
        copyImages(TestData.path("testdata/image/reject"), corpus);

        program.fuzz("image", corpus, Map.of(), MAX_BYTES);
    }

    private static void copyImages(Path from, Path to) throws IOException {
        try (Stream<Path> images = Files.list(from)) {
            for (Path image :
                    images.filter(path -> path.toString().endsWith(".image")).toList()) {
                Files.copy(image, to.resolve(image.getFileName()));
            }
        }
    }
}
