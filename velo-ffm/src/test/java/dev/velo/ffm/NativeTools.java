package dev.velo.ffm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Tools of the machine that some tests need; a test that misses one is skipped and says so. */
final class NativeTools {
    static final Path SOURCES = Path.of("src/main/c").toAbsolutePath();

    record Outcome(int status, String output) {}

    private NativeTools() {}

    static void assumeTool(String name) {
        boolean found = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        assumeTrue(found, name + " is not installed");
    }

    /** Runs a command to its end; output and errors together. */
    static Outcome run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }
}
