package dev.velo.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A copy of the script {@code velo} and the runnable jar, as somebody might have unpacked them.
 *
 * <pre>
 * folder/
 * ├── velo
 * └── velo-api/target/velo-api.jar
 * </pre>
 */
record ScriptFixture(Path folder) {
    private static final Path ROOT = Path.of(System.getProperty("velo.root", ".."));
    private static final Path JAR = ROOT.resolve("velo-api/target/velo-api.jar");

    static ScriptFixture install(Path folder) throws IOException {
        assumeTrue(Files.exists(JAR), "the runnable jar is not built yet");
        Files.createDirectories(folder.resolve("velo-api/target"));
        Files.copy(ROOT.resolve("velo"), folder.resolve("velo"));
        Files.copy(JAR, folder.resolve("velo-api/target/velo-api.jar"));
        Files.setPosixFilePermissions(folder.resolve("velo"), PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ScriptFixture(folder);
    }

    /** The same with its start-up archive. */
    static ScriptFixture installAndTrain(Path folder) throws IOException, InterruptedException {
        ScriptFixture made = install(folder);
        made.velo(Caller.all().getFirst(), folder, "--version").run().ended(0);
        return made;
    }

    Path script() {
        return folder.resolve("velo");
    }

    Path jar() {
        return folder.resolve("velo-api/target/velo-api.jar");
    }

    Path target() {
        return folder.resolve("velo-api/target");
    }

    /** The script with the JDK of this test. */
    Launch velo(Caller caller, Path home, String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = script().toString();
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return Launch.program(caller, home, words).with("VELO_JAVA_HOME", System.getProperty("java.home"));
    }

    /** A shell script in which $VELO is the script. */
    Launch shell(Caller caller, Path home, String script) {
        return Launch.program(caller, home, "bash", "-c", script)
                .with("VELO", script().toString())
                .with("VELO_JAVA_HOME", System.getProperty("java.home"));
    }

    /** The names of the start-up archives in a directory. */
    static java.util.List<String> archives(Path directory) throws IOException {
        return Workplace.names(directory).stream()
                .filter(name -> name.endsWith(".jsa") || name.endsWith(".aot"))
                .toList();
    }
}
