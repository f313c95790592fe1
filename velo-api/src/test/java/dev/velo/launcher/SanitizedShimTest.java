package dev.velo.launcher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import dev.velo.launcher.CaseDifference.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of cases under a shim that clang watches: nothing undefined happens, and no address is touched that is nobody's. */
@TestInstance(Lifecycle.PER_CLASS)
final class SanitizedShimTest {
    @SuppressWarnings("NullAway.Init") // made before all tests
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CaseTree tree;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CasePrograms programs;

    private final Map<String, CaseOutput> real = new HashMap<>();

    @BeforeAll
    void runOnTheRealTree(@TempDir(cleanup = CleanupMode.NEVER) Path folder) throws Exception {
        assumeTrue(CaseLibc.has("clang"), "clang is not installed");
        temporary = folder;
        tree = CaseTree.make(Caller.all().getFirst(), temporary);
        programs = CasePrograms.build(CaseLibc.GLIBC, temporary);
        tree.ingest();
        for (String family : reading()) {
            Outcome outcome = Launch.program(
                            tree.place().caller(),
                            temporary,
                            programs.program(family).toString(),
                            tree.root().toString())
                    .run()
                    .ended(0);
            real.put(family, CaseOutput.of(outcome.bytes()));
        }
        tree.vanish();
        tree.assumeShown("preload");
        Launch.program(
                        tree.place().caller(),
                        temporary,
                        "chmod",
                        "-R",
                        "a+rX",
                        tree.place().store().toString())
                .run()
                .succeeded();
    }

    @AfterAll
    void deleteTree() throws IOException {
        if (temporary != null) {
            HostileTree.deleteTree(temporary);
        }
    }

    static List<String> reading() throws IOException {
        return CasePrograms.families().stream()
                .filter(family -> !CasePrograms.isChanging(family))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("reading")
    void nothingUndefinedHappens(String family) throws Exception {
        replaceBy("undefined");

        require(family, run(family));
    }

    /**
     * Of the others, some call what the sanitizer wraps itself with arguments that it refuses, and some share memory with a child, whose
     * stack it takes for the last child's.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "access",
                "attributes",
                "descriptors",
                "directories",
                "flags",
                "identity",
                "paths",
                "stats",
                "working"
            })
    void everyAddressIsOurs(String family) throws Exception {
        String runtime = replaceBy("address").lines().getLast();

        require(
                family,
                run(
                        family,
                        "env",
                        "LD_PRELOAD=" + runtime,
                        "ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0:detect_stack_use_after_return=0"));
    }

    private Outcome run(String family, String... before) throws Exception {
        String[] words = new String[before.length + 2];
        System.arraycopy(before, 0, words, 0, before.length);
        words[before.length] = programs.program(family).toString();
        words[before.length + 1] = tree.root().toString();
        return tree.shown("preload", tree.root(), words).run();
    }

    private void require(String family, Outcome outcome) {
        assertThat(outcome.status()).as("errors <%s>", outcome.complaint()).isZero();
        assertThat(requireNonNull(real.get(family))
                        .differences(CaseOutput.of(outcome.bytes()), CaseDifference.permitted(Oracle.REAL, family)))
                .isEmpty();
    }

    /** Puts libraries of one kind where the launcher finds its own. */
    private Outcome replaceBy(String kind) throws Exception {
        Path built = temporary.resolve(kind);
        Outcome outcome = Launch.program(
                        tree.place().caller(),
                        temporary,
                        "sh",
                        CasePrograms.SOURCES.resolve("sanitized.sh").toString(),
                        kind,
                        built.toString())
                .run()
                .ended(0);
        Path room = tree.place().store().resolve("shim");
        try (Stream<Path> libraries = Files.find(room, 2, (path, is) -> path.endsWith("libvelo.so"))) {
            Path folder = requireNonNull(libraries.findFirst().orElseThrow().getParent());
            try (Stream<Path> own = Files.list(built)) {
                for (Path library : own.toList()) {
                    Path target = folder.resolve(requireNonNull(library.getFileName()));
                    Files.copy(library, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return outcome;
    }
}
