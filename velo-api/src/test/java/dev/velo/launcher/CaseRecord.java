package dev.velo.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;

/** Which cases have run under the shim in this build: a line {@code family:case} for each, for the table of what is covered. */
final class CaseRecord {
    private static final Path FILE = Path.of("target", "shim-cases.txt");

    private CaseRecord() {}

    /** Forgets what an earlier build has run. */
    static void begin() throws IOException {
        Files.deleteIfExists(FILE);
    }

    static void add(String family, Collection<String> cases) throws IOException {
        List<String> lines = cases.stream().map(name -> family + ":" + name).toList();
        Files.write(FILE, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
