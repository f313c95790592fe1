package dev.velo.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The programs of cases in C, {@code velo-shim/src/test/c}: one for each family of functions, built for one libc. */
record CasePrograms(CaseLibc libc, Path folder) {
    static final Path SOURCES = Path.of(System.getProperty("velo.root", ".."), "velo-shim/src/test/c")
            .toAbsolutePath()
            .normalize();

    /** Those that would change a tree that can be changed. They are held against a mount alone. */
    private static final Set<String> CHANGING = Set.of("writes", "held");

    /** Builds them all; the test is skipped where there is no compiler. */
    static CasePrograms build(CaseLibc libc, Path folder) throws IOException, InterruptedException {
        libc.assumeHere();
        CasePrograms made = new CasePrograms(libc, Files.createDirectory(folder.resolve("programs-" + libc)));
        for (String family : families()) {
            List<String> words = libc.compilation(SOURCES.resolve(family + ".c"), made.program(family));
            Launch.program(Caller.all().getFirst(), folder, words.toArray(new String[0]))
                    .run()
                    .ended(0); // the linker may warn of what a case is about
        }
        return made;
    }

    /** The words that make a program by any compiler. */
    static String[] words(String compiler, String family, Path program) {
        return new String[] {
            compiler,
            "-O1",
            "-pthread",
            "-o",
            program.toString(),
            SOURCES.resolve(family + ".c").toString()
        };
    }

    Path program(String family) {
        return folder.resolve(family);
    }

    /** The names of all programs. */
    static List<String> families() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            return sources.filter(CasePrograms::hasCases)
                    .map(source -> source.getFileName().toString())
                    .map(name -> name.substring(0, name.length() - ".c".length()))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasCases(Path source) {
        try {
            return source.toString().endsWith(".c") && Files.readString(source).contains("\nCASE(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isChanging(String family) {
        return CHANGING.contains(family);
    }
}
