package dev.velo.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process to be: the launcher itself, or a shell script in which {@code "$@"} stands for the launcher. */
final class Launch {
    private static final int SECONDS = 60;

    private final Caller caller;
    private final List<String> before;
    private final List<String> after;
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private boolean isLauncher = true;
    private Path folder;
    private byte @Nullable [] input;

    private Launch(Caller caller, Path folder, List<String> before, List<String> after) {
        this.caller = caller;
        this.folder = folder;
        this.before = before;
        this.after = linked(after);
        MountCleanup.watch(folder);
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        environment.put("HOME", folder.toString());
        environment.put("LANG", "C.UTF-8");
    }

    /** Runs show hard links unless the test names another mode: they are what both callers can have. */
    private static List<String> linked(List<String> words) {
        if (words.isEmpty()
                || !words.get(0).equals("run")
                || words.stream().anyMatch(word -> word.startsWith("--mode") || word.equals("--help"))) {
            return words;
        }
        List<String> linked = new ArrayList<>(words);
        linked.addAll(1, List.of("--mode", "link"));
        return linked;
    }

    static Launch velo(Caller caller, Path folder, String... arguments) {
        return new Launch(caller, folder, List.of(), List.of(arguments));
    }

    static Launch shell(Caller caller, Path folder, String script) {
        return new Launch(caller, folder, List.of("bash", "-c", script, "bash"), List.of());
    }

    /** Another program, started as the launcher is. */
    static Launch program(Caller caller, Path folder, String... words) {
        Launch launch = new Launch(caller, folder, List.of(words), List.of());
        launch.isLauncher = false;
        return launch;
    }

    Launch in(Path workingDirectory) {
        folder = workingDirectory;
        return this;
    }

    Launch with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** One more option for the JVM. */
    Launch java(String option) {
        options.add(option);
        return this;
    }

    Launch input(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    Outcome run() throws IOException, InterruptedException {
        return start().await();
    }

    /** Starts the process and leaves it to itself; its input stays open until that is closed, or is what was given. */
    Started start() throws IOException {
        List<String> words = new ArrayList<>(caller.prefix());
        words.addAll(before);
        if (isLauncher) {
            words.addAll(Installation.words(options));
        }
        words.addAll(after);
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        File output = File.createTempFile("velo", ".out");
        File errors = File.createTempFile("velo", ".err");
        Process process = builder.redirectOutput(output).redirectError(errors).start();
        if (input != null) {
            try (var stream = process.getOutputStream()) {
                stream.write(input);
            }
        }
        return new Started(process, output.toPath(), errors.toPath());
    }

    /** A process that was started, and the files that hold what it prints. */
    record Started(Process process, Path output, Path errors) {
        /** Waits until the process has printed this line. */
        Started says(String line) throws IOException, InterruptedException {
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (true) {
                boolean last = !process.isAlive() || System.nanoTime() > limit;
                if (lines().contains(line)) {
                    return this;
                }
                if (last) {
                    throw new AssertionError("not said: " + line + "; errors: " + Files.readString(errors));
                }
                Thread.sleep(5);
            }
        }

        /** The complete lines of the output so far. */
        List<String> lines() throws IOException {
            String text = Files.readString(output);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        }

        Started answer(String line) throws IOException {
            process.getOutputStream().write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return this;
        }

        Outcome await() throws IOException, InterruptedException {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running: " + process + Files.readString(errors));
            }
            Outcome outcome = new Outcome(process.exitValue(), Files.readAllBytes(output), Files.readAllBytes(errors));
            process.getOutputStream().close();
            Files.delete(output);
            Files.delete(errors);
            return outcome;
        }
    }
}
