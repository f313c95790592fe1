package dev.velo.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    static List<String> read() throws IOException {
        return Files.readAllLines(FILE);
    }

    /** The cases that the table of wrapped functions names, in its last column. */
    static Set<String> wanted() throws IOException {
        String page = Files.readString(CasePrograms.SOURCES.resolve("../../../../docs/PRELOAD.md"));
        return Pattern.compile("\\| `(\\w+:\\w+)` \\|$", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
