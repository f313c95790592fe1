package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A stranger's tree with a program that attacks what runs it ({@code src/test/c/attack}), and a root to run it in. Each attack is tried
 * twice: in a sandbox, which refuses it, and where one protection is missing, where it succeeds; else the test would show nothing.
 *
 * <pre>
 * folder/
 * ├── base.velo      a root of busybox
 * ├── attack.velo
 * └── attack/
 *     └── attack     the program; in a sandbox it is {@value #INSIDE}
 * </pre>
 */
record Attacker(Workplace place) {
    static final String INSIDE = "/attack/attack";

    private static final Path SOURCES = Path.of(System.getProperty("velo.root", ".."), "velo-api/src/test/c/attack");

    /** Compiled once for all tests. */
    private static final class Program {
        static final Path FILE = compile();

        private static Path compile() {
            try {
                Path file = Files.createTempFile("velo-attack", "");
                file.toFile().deleteOnExit();
                List<String> words = new ArrayList<>(
                        List.of("gcc", "-static", "-O1", "-Wall", "-Wextra", "-Wno-unused-result", "-Werror"));
                try (Stream<Path> sources = Files.list(SOURCES)) {
                    sources.map(Path::toString)
                            .filter(name -> name.endsWith(".c"))
                            .sorted()
                            .forEach(words::add);
                }
                words.addAll(List.of("-o", file.toString()));
                assertThat(new ProcessBuilder(words).inheritIO().start().waitFor())
                        .as("gcc")
                        .isZero();
                return file;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** In a temporary directory, which becomes the caller's. */
    static Attacker in(Caller caller, Path folder) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "gcc is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/busybox")), "takes busybox-static");
        Attacker made = new Attacker(Workplace.make(caller, folder));
        made.place
                .velo("base", "busybox", "/usr/bin/busybox", "-o", "base.velo", "-q")
                .run()
                .succeeded();
        made.place.directory("attack");
        made.program("attack/attack");
        made.ingest("attack");
        return made;
    }

    /** A copy of the program, executable by everybody. */
    Path program(String name) throws IOException {
        Path copy = Files.copy(Program.FILE, place.folder().resolve(name));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        place.caller().own(copy);
        return copy;
    }

    /** Makes a manifest of a folder, of the same name. */
    void ingest(String folder, String... options) throws IOException, InterruptedException {
        place.velo(array(List.of("ingest", folder, "-q"), List.of(options)))
                .run()
                .succeeded();
    }

    /** A run of a command in a sandbox with these options, which shows the program. */
    Launch isolated(List<String> options, String... command) {
        List<String> run = words(List.of("run", "--isolate", "--manifest", "attack.velo", "--at", "/attack"), options);
        return place.velo(array(words(run, List.of("--base", "base.velo", "--")), List.of(command)));
    }

    /** The program in a sandbox with these options. The attacks are words, with commas between them. */
    Launch inside(List<String> options, String attacks) {
        return isolated(options, array(List.of(INSIDE), List.of(attacks.split(" ", -1))));
    }

    /** The program as the caller's, in no sandbox. */
    Launch outside(String attacks) {
        return outside(List.of(), attacks);
    }

    /** The same, started by the last of these words. */
    Launch outside(List<String> starter, String attacks) {
        String program = place.folder().resolve("attack/attack").toString();
        return Launch.program(
                place.caller(),
                place.folder(),
                array(words(starter, List.of(program)), List.of(attacks.split(" ", -1))));
    }

    /** All of the attacks were tried, and refused. */
    static void refused(Launch launch) throws IOException, InterruptedException {
        results(launch, "refused");
    }

    /** All of the attacks were tried, and succeeded. */
    static void succeeded(Launch launch) throws IOException, InterruptedException {
        results(launch, "SUCCEEDED");
    }

    private static void results(Launch launch, String expected) throws IOException, InterruptedException {
        Outcome outcome = launch.run();
        assertThat(outcome.lines())
                .as("status %s, errors <%s>", outcome.status(), outcome.complaint())
                .isNotEmpty();
        assertThat(outcome.lines().stream().filter(line -> !line.endsWith(" " + expected)))
                .as("not %s; errors <%s>", expected, outcome.complaint())
                .isEmpty();
        // the last attack was come to, and Velo started it
        assertThat(outcome.status()).isLessThan(2);
    }

    static List<String> words(List<String> first, List<String> then) {
        return Stream.of(first, then).flatMap(List::stream).toList();
    }

    private static String[] array(List<String> first, List<String> then) {
        return words(first, then).toArray(String[]::new);
    }
}
