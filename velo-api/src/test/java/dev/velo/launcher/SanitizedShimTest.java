package dev.velo.launcher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The programs of cases under a shim that clang watches: nothing undefined happens, and no address is touched that is nobody's. */
@TestInstance(Lifecycle.PER_CLASS)
final class SanitizedShimTest {
    @SuppressWarnings("NullAway.Init") // made before all tests
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CaseTree tree;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CasePrograms programs;

    private final Map<String, CaseOutput> plain = new HashMap<>();

    @BeforeAll
    void runUnderThePlainShim(@TempDir(cleanup = CleanupMode.NEVER) Path folder) throws Exception {
        assumeTrue(CaseLibc.has("clang"), "clang is not installed");
        temporary = folder;
        tree = CaseTree.make(Caller.all().getFirst(), temporary);
        programs = CasePrograms.build(CaseLibc.GLIBC, temporary);
        build("undefined");
        build("address");
        tree.ingest();
        tree.vanish();
        tree.assumeShown("preload");
        program("chmod", "-R", "a+rX", tree.place().store().toString());
        for (String family : reading()) {
            plain.put(family, CaseOutput.of(run(family).bytes()));
        }
    }

    private void build(String kind) throws Exception {
        program(
                "sh",
                CasePrograms.SOURCES.resolve("sanitized.sh").toString(),
                kind,
                temporary.resolve(kind).toString());
    }

    private void program(String... words) throws Exception {
        Launch.program(tree.place().caller(), temporary, words).run().ended(0);
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

    @Test
    void nothingUndefinedHappens() throws Exception {
        replaceBy("undefined");

        for (String family : reading()) {
            require(family, run(family));
        }
    }

    /**
     * Of the others, some call what the sanitizer wraps itself with arguments that it refuses, some start programs, and some share memory with a child, whose
     * stack it takes for the last child's.
     */
    @Test
    void everyAddressIsOurs() throws Exception {
        replaceBy("address");

        for (String family : List.of("access", "directories", "identity", "paths", "stats")) {
            require(family, run(family));
        }
    }

    private Outcome run(String family) throws Exception {
        Path root = tree.root();
        return tree.shown("preload", root, programs.program(family).toString(), root.toString())
                .with("ASAN_OPTIONS", "detect_leaks=0:verify_asan_link_order=0:detect_stack_use_after_return=0")
                .run();
    }

    private void require(String family, Outcome outcome) {
        assertThat(outcome.status()).as("errors <%s>", outcome.complaint()).isZero();
        assertThat(requireNonNull(plain.get(family)).differences(CaseOutput.of(outcome.bytes()), Set.of()))
                .as(family)
                .isEmpty();
    }

    /** Puts libraries of one kind where the launcher finds its own. */
    private void replaceBy(String kind) throws Exception {
        Path room = tree.place().store().resolve("shim");
        try (Stream<Path> libraries = Files.find(room, 2, (path, is) -> path.endsWith("libvelo.so"));
                Stream<Path> own = Files.list(temporary.resolve(kind))) {
            Path folder = requireNonNull(libraries.findFirst().orElseThrow().getParent());
            for (Path library : own.toList()) {
                Files.copy(
                        library,
                        folder.resolve(requireNonNull(library.getFileName())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
