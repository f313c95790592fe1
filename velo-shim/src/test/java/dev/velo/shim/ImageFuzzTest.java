package dev.velo.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * libFuzzer changes the golden and the reject images, and the shim's reader keeps inside of them; {@code -Dvelo.fuzz.iterations} says how
 * often.
 */
class ImageFuzzTest {
    private static final Path SOURCES = TestData.path("velo-shim/src/main/c");

    @TempDir
    private Path temporary;

    @Test
    void noReadLeavesTheImage() throws Exception {
        assumeTrue(hasClang(), "clang is not installed");
        Path program = temporary.resolve("fuzz");
        Outcome built = run(List.of(
                "clang",
                "-std=c11",
                "-g",
                "-O1",
                "-fsanitize=fuzzer,address,undefined",
                "-fno-sanitize-recover=undefined",
                "-I" + SOURCES,
                TestData.path("velo-shim/src/test/c/fuzz_image.c").toString(),
                SOURCES.resolve("image.c").toString(),
                SOURCES.resolve("text.c").toString(),
                "-o",
                program.toString()));
        assumeTrue(built.status == 0, "clang has no libFuzzer here: " + built.text);
        Path corpus = Files.createDirectory(temporary.resolve("corpus"));
        copyImages(TestData.path("testdata/image"), corpus);
        copyImages(TestData.path("testdata/image/reject"), corpus);

        Outcome fuzzed = run(List.of(
                program.toString(),
                "-runs=" + Integer.getInteger("velo.fuzz.iterations", 20_000),
                "-seed=1",
                "-max_len=16384",
                corpus.toString()));

        assertThat(fuzzed.status).as(fuzzed.text).isZero();
        assertThat(fuzzed.text).contains("DONE");
    }

    private static void copyImages(Path from, Path to) throws IOException {
        try (Stream<Path> images = Files.list(from)) {
            for (Path image :
                    images.filter(path -> path.toString().endsWith(".image")).toList()) {
                Files.copy(image, to.resolve(image.getFileName()));
            }
        }
    }

    private static boolean hasClang() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "clang")));
    }

    private record Outcome(int status, String text) {}

    private Outcome run(List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(words))
                .directory(temporary.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), text);
    }
}
