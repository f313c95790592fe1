package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** C that tests compile. */
final class CompiledProgram {
    private CompiledProgram() {}

    /** Skips the test, with the reason, where there is no compiler. */
    static void assumeCompiler() {
        assumeTrue(has("gcc"), "gcc is not installed");
    }

    static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs the compiler, which must have nothing to say. */
    static void compile(String... arguments) throws IOException, InterruptedException {
        assumeCompiler();
        Process compiler = new ProcessBuilder(
                        Stream.concat(Stream.of("gcc", "-Wall", "-Wextra", "-Werror"), Stream.of(arguments))
                                .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).isEmpty();
        assertThat(compiler.waitFor()).isZero();
    }
}
