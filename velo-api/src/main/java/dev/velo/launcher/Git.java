package dev.velo.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The program git, in one folder. */
final class Git {
    private final byte[] folder;

    Git(byte[] folder) {
        this.folder = folder;
    }

    /** Runs git with this process's streams. */
    void run(List<String> words) throws IOException {
        Terminal.out().flush();
        Process process = start(new ProcessBuilder(command(words)).inheritIO());
        if (await(process) != 0) {
            throw new IOException("git " + String.join(" ", words) + " failed");
        }
    }

    /** What git says, without the line's end; its complaints go to this process's error stream. */
    String ask(String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(List.of(words)));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = start(builder);
        String said;
        try (var in = process.getInputStream()) {
            said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (await(process) != 0) {
            throw new IOException("git " + String.join(" ", words) + " failed");
        }
        return said.stripTrailing();
    }

    private List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(List.of("git", "-C", StoreOptions.shown(folder)));
        command.addAll(words);
        return command;
    }

    private static Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException("git cannot be started (" + e.getMessage() + "); install it", e);
        }
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for git", e);
        }
    }
}
