package dev.velo.core.view;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs of erofs-utils, which read images by code that shares nothing with Velo's or the kernel's. */
final class ErofsTools {
    private ErofsTools() {}

    static void assumeInstalled() {
        for (String program : new String[] {"fsck.erofs", "dump.erofs"}) {
            assumeTrue(
                    List.of("/usr/bin", "/usr/sbin", "/sbin", "/usr/local/bin").stream()
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    program + " is not installed (package erofs-utils)");
        }
    }

    /**
     * What a program said.
     *
     * @param text both streams
     */
    record Said(int status, String text) {}

    static Said run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TZ", "UTC");
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Said(process.waitFor(), text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
