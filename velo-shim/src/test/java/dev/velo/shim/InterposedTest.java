package dev.velo.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of wrapped functions, and all that is made from it; {@code -Dvelo.regenerate=true} brings the files up to date. */
class InterposedTest {
    private static final Path SOURCES = TestData.path("velo-shim/src/main/c");
    private static final Path PROGRAMS = TestData.path("velo-shim/src/test/c");

    private final List<Interposed> functions = Interposed.all();

    @Test
    void theWrappersAreUpToDate() throws IOException {
        TestData.check(SOURCES.resolve("wrappers.c"), WrapperSource.text(functions, Interposed.CALLED));
    }

    @Test
    void theHeaderIsUpToDate() throws IOException {
        TestData.check(SOURCES.resolve("interposed.h"), InterposedHeader.text(functions, Interposed.CALLED));
    }

    @Test
    void theCoverageTableIsUpToDate() throws IOException {
        Path page = TestData.path("docs/PRELOAD.md");
        TestData.check(page, CoveragePage.update(Files.readString(page), functions, LeftAlone.all()));
    }

    @Test
    void noFunctionIsListedTwice() {
        assertThat(functions).extracting(Interposed::name).doesNotHaveDuplicates();
    }

    /** What is served by hand is where the list says. */
    @Test
    void handWrittenFunctionsAreInTheirFiles() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Interposed function : functions) {
            if (function.serving() instanceof Serving.ByHand hand) {
                String source = Files.readString(SOURCES.resolve(hand.file()));
                if (!Pattern.compile("\\b" + function.name() + "\\b")
                        .matcher(source)
                        .find()) {
                    missing.add(function.name() + " in " + hand.file());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theLibraryExportsTheListAndNothingElse() throws IOException, InterruptedException {
        InputStream library = InterposedTest.class.getResourceAsStream("libvelo-" + machine() + ".so");
        assumeTrue(library != null, "the library is not built: is there a compiler?");
        Path file = Files.createTempFile("libvelo", ".so");
        try (InputStream bytes = Objects.requireNonNull(library)) {
            Files.write(file, bytes.readAllBytes());
            Set<String> exported = new TreeSet<>(symbols(file));
            exported.removeIf(name -> name.startsWith("velo_shim_"));
            assertThat(exported)
                    .containsExactlyInAnyOrderElementsOf(
                            functions.stream().map(Interposed::name).toList());
        } finally {
            Files.delete(file);
        }
    }

    /** The column of libcs is what the libcs of this machine say; versions in it may be newer than these. */
    @Test
    void theLibcsHereHaveWhatTheListSays() throws IOException, InterruptedException {
        lacksNothing("glibc", Path.of("/lib/" + machine() + "-linux-gnu/libc.so.6"));
        lacksNothing("musl", Path.of("/lib/ld-musl-" + machine() + ".so.1"));
    }

    private void lacksNothing(String name, Path libc) throws IOException, InterruptedException {
        if (Files.exists(libc)) {
            Set<String> missing = new TreeSet<>();
            for (Interposed function : functions) {
                if (List.of(function.libcs().split(", ")).contains(name)) {
                    missing.add(function.name());
                }
            }
            missing.removeAll(symbols(libc));
            assertThat(missing).as("not in %s", name).isEmpty();
        }
    }

    @Test
    void everyFunctionNamesACaseThatExists() throws IOException {
        Set<String> cases = casesOfPrograms();
        assumeTrue(!cases.isEmpty(), "there are no test programs");
        assertThat(cases).containsAll(shownBy());
    }

    private Set<String> shownBy() {
        Set<String> shown = new TreeSet<>();
        functions.forEach(function -> shown.add(function.shownBy()));
        LeftAlone.all().forEach(function -> shown.add(function.shownBy()));
        return shown;
    }

    /** Cases begin with a macro, CASE or one that is made of it, and their names. */
    private static Set<String> casesOfPrograms() throws IOException {
        Pattern definition = Pattern.compile("^[A-Z_0-9]+\\((\\w+)[,)]", Pattern.MULTILINE);
        Set<String> cases = new HashSet<>();
        if (!Files.isDirectory(PROGRAMS)) {
            return cases;
        }
        try (Stream<Path> files = Files.list(PROGRAMS)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".c")) {
                    Matcher matcher = definition.matcher(Files.readString(file));
                    while (matcher.find()) {
                        cases.add(name.substring(0, name.length() - 2) + ":" + matcher.group(1));
                    }
                }
            }
        }
        return cases;
    }

    private static String machine() {
        return System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    }

    /** The functions that an ELF file defines for others. */
    private static Set<String> symbols(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("nm", "-D", "--defined-only", file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        Set<String> symbols = new HashSet<>();
        for (String line : text.lines().toList()) {
            String name = line.substring(line.lastIndexOf(' ') + 1);
            symbols.add(name.contains("@") ? name.substring(0, name.indexOf('@')) : name);
        }
        return symbols;
    }
}
