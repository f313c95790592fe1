package dev.velo.launcher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree;
import dev.velo.launcher.CaseDifference.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same library serves programs of musl, and those that they start, of either libc. */
@TestInstance(Lifecycle.PER_CLASS)
final class PreloadMuslTest {
    /** The loader of musl has no auditors: libraries of the tree are not for its programs. */
    private static final Set<String> WITHOUT = Set.of("libraries");

    @SuppressWarnings("NullAway.Init") // made before all tests
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CaseTree tree;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CasePrograms programs;

    private final Map<String, CaseOutput> real = new HashMap<>();

    @BeforeAll
    void runOnTheRealTree(@TempDir(cleanup = CleanupMode.NEVER) Path folder) throws Exception {
        temporary = folder;
        programs = CasePrograms.build(CaseLibc.MUSL, folder);
        tree = CaseTree.make(Caller.all().getFirst(), folder);
        tree.ingest();
        for (String family : families()) {
            Outcome outcome = Launch.program(
                            tree.place().caller(),
                            folder,
                            programs.program(family).toString(),
                            tree.root().toString())
                    .run()
                    .ended(0);
            real.put(family, CaseOutput.of(outcome.bytes()));
        }
        tree.vanish();
        tree.assumeShown("preload");
        tree.openToOthers();
    }

    @AfterAll
    void deleteTree() throws IOException {
        HostileTree.deleteTree(temporary);
    }

    static List<String> families() throws IOException {
        return CasePrograms.families().stream()
                .filter(family -> !CasePrograms.isChanging(family) && !WITHOUT.contains(family))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("families")
    void programsSeeTheRealTree(String family) throws Exception {
        Outcome outcome = tree.shown(
                        "preload",
                        programs.program(family).toString(),
                        tree.root().toString())
                .run();

        assertThat(outcome.status()).as("errors <%s>", outcome.complaint()).isZero();
        assertThat(requireNonNull(real.get(family))
                        .differences(
                                CaseOutput.of(outcome.bytes()), CaseDifference.permitted(Oracle.REAL_BY_MUSL, family)))
                .isEmpty();
    }
}
