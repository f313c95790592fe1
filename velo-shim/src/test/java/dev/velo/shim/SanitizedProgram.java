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
import java.util.Map;
import java.util.stream.Stream;

/** A test program in C together with sources of the shim, built by clang so that it ends at whatever is not defined. */
final class SanitizedProgram {
    private static final Path SOURCES = TestData.path("velo-shim/src/main/c");
    private static final Path TESTS = TestData.path("velo-shim/src/test/c");

    private final Path program;

    private SanitizedProgram(Path program) {
        this.program = program;
    }

    /** What became of it, and all that it said. */
    record Outcome(int status, String text) {
        /** It ended well. */
        Outcome succeeded() {
            assertThat(status).as(text).isZero();
            return this;
        }
    }

    /**
     * Builds {@code TEST.c}. The test is skipped where clang is not installed, or lacks a sanitizer.
     *
     * @param sanitizers as {@code -fsanitize} has them
     * @param sources of the shim
     */
    static SanitizedProgram build(Path folder, String sanitizers, String test, List<String> sources) throws Exception {
        assumeTrue(hasClang(), "clang is not installed");
        Path program = folder.resolve(test);
        List<String> words = new ArrayList<>(List.of(
                "clang",
                "-std=c11",
                "-g",
                "-O1",
                "-fno-builtin",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fsanitize=" + sanitizers,
                "-fno-sanitize-recover=undefined",
                "-I" + SOURCES,
                TESTS.resolve(test + ".c").toString()));
        sources.forEach(source -> words.add(SOURCES.resolve(source).toString()));
        words.addAll(List.of("-o", program.toString()));
        Outcome built = run(folder, Map.of(), words);
        assumeTrue(built.status == 0 || !built.text.contains("libclang_rt"), "clang lacks a library: " + built.text);
        built.succeeded();
        return new SanitizedProgram(program);
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    /** Runs it with more variables. */
    Outcome run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        return run(program.resolveSibling("."), variables, words);
    }

    /**
     * Lets libFuzzer work, for as many inputs as {@code -Dvelo.fuzz.iterations} says. An input that ends it is kept in {@code
     * target/fuzz}.
     *
     * @param name of the corpus, of which {@code testdata/fuzz/NAME} is a part as well
     * @param corpus the folder with the rest
     */
    void fuzz(String name, Path corpus, Map<String, String> variables, int maxBytes) throws Exception {
        Path kept = TestData.path("testdata/fuzz/" + name);
        if (Files.isDirectory(kept)) {
            try (Stream<Path> inputs = Files.list(kept)) {
                for (Path input : inputs.toList()) {
                    Files.copy(input, corpus.resolve(input.getFileName()));
                }
            }
        }
        Path failures = Files.createDirectories(Path.of("target/fuzz", name)).toAbsolutePath();
        Outcome fuzzed = run(
                        variables,
                        "-runs=" + Integer.getInteger("velo.fuzz.iterations", 20_000),
                        "-seed=" + Long.getLong("velo.fuzz.seed", 1),
                        "-max_len=" + maxBytes,
                        "-artifact_prefix=" + failures + "/",
                        corpus.toString())
                .succeeded();
        assertThat(fuzzed.text()).contains("DONE");
    }

    private static boolean hasClang() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "clang")));
    }

    private static Outcome run(Path folder, Map<String, String> variables, List<String> words)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), text);
    }
}
