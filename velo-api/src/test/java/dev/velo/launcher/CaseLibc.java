package dev.velo.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The C libraries that the programs of cases are built for. */
enum CaseLibc {
    GLIBC("gcc"),
    MUSL("musl-gcc");

    private final String compiler;

    CaseLibc(String compiler) {
        this.compiler = compiler;
    }

    String compiler() {
        return compiler;
    }

    boolean isHere() {
        return has(compiler);
    }

    /** Skips the test, with the reason, where there is no compiler for it. */
    void assumeHere() {
        assumeTrue(isHere(), compiler + " is not installed");
    }

    /** The words that make a program of one source file. */
    List<String> compilation(Path source, Path program) {
        return List.of(
                compiler,
                "-O1",
                "-pthread",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                program.toString(),
                source.toString());
    }

    static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
