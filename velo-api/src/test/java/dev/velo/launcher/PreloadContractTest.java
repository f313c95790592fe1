package dev.velo.launcher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree;
import dev.velo.launcher.CaseDifference.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs in C see under the shim what they see on the real tree; what would change the tree fails as it does on a mount of it.
 *
 * <p>Nothing helps the shim: the tree has been taken away, and with it the folders that it was in.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PreloadContractTest {
    @SuppressWarnings("NullAway.Init") // made before all tests
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CaseTree tree;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private CasePrograms programs;

    private final Map<String, CaseOutput> real = new HashMap<>();
    private final Map<String, CaseOutput> realByLink = new HashMap<>();

    @BeforeAll
    void runOnTheRealTree(@TempDir(cleanup = CleanupMode.NEVER) Path folder) throws Exception {
        temporary = folder;
        tree = CaseTree.make(Caller.all().getFirst(), temporary);
        programs = CasePrograms.build(CaseLibc.GLIBC, temporary);
        tree.ingest();
        for (String family : reading()) {
            real.put(family, onTheRealTree(family, tree.root()));
            realByLink.put(family, onTheRealTree(family, tree.rootByLink()));
        }
        tree.vanish();
        tree.assumeShown("preload");
        tree.openToOthers();
        CaseRecord.begin();
    }

    @AfterAll
    void deleteTree() throws IOException {
        HostileTree.deleteTree(temporary);
    }

    static List<String> families() throws IOException {
        return CasePrograms.families();
    }

    static List<String> reading() throws IOException {
        return CasePrograms.families().stream()
                .filter(family -> !CasePrograms.isChanging(family))
                .toList();
    }

    @Test
    @Order(1)
    void nothingIsMountedMadeOrUnpackedForIt() throws Exception {
        String mounts = Launch.program(tree.place().caller(), temporary, "cat", "/proc/self/mountinfo")
                .run()
                .succeeded()
                .text();

        String seen = tree.shown("preload", tree.root(), "cat", "/proc/self/mountinfo")
                .run()
                .succeeded()
                .text();

        assertThat(seen).isEqualTo(mounts);
        assertThat(temporary.resolve("nowhere")).doesNotExist();
        assertThat(objects()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("reading")
    @Order(2)
    void programsSeeTheRealTree(String family) throws Exception {
        CaseOutput shown = shown("preload", tree.root(), family);

        requireAsReal(Oracle.REAL, real, family, shown);
        CaseRecord.add(family, shown.cases().keySet());
        assertThat(temporary.resolve("nowhere")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("families")
    @Order(3)
    void programsSeeWhatTheyWouldSeeOnAMount(String family) throws Exception {
        tree.assumeShown("mount");
        CaseOutput mounted = shown("mount", tree.root(), family);

        CaseOutput shown = shown("preload", tree.root(), family);

        assertThat(mounted.differences(shown, CaseDifference.permitted(Oracle.MOUNT, family)))
                .isEmpty();
        if (CasePrograms.isChanging(family)) {
            CaseRecord.add(family, shown.cases().keySet());
        }
        assertThat(tree.place().problems()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("reading")
    @Order(4)
    void theTreeAppearsWhereItWasIngestedFrom(String family) throws Exception {
        Outcome outcome = tree.shown(
                        "preload",
                        programs.program(family).toString(),
                        tree.root().toString())
                .run()
                .ended(0);

        requireAsReal(Oracle.REAL, real, family, CaseOutput.of(outcome.bytes()));
    }

    @ParameterizedTest
    @MethodSource("reading")
    @Order(5)
    void theTreeAppearsInAFolderThatIsThere(String family) throws Exception {
        tree.restoreParents();

        CaseOutput shown = shown("preload", tree.root(), family);

        requireAsReal(Oracle.REAL, real, family, shown);
        assertThat(Files.exists(tree.root(), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("reading")
    @Order(6)
    void theTreeAppearsByASymbolicLink(String family) throws Exception {
        tree.restoreParents();

        CaseOutput shown = shown("preload", tree.rootByLink(), family);

        requireAsReal(Oracle.REAL_BY_LINK, realByLink, family, shown);
    }

    /** Also what has the names of the tree, but is something else. */
    @ParameterizedTest
    @MethodSource("reading")
    @Order(7)
    void theTreeShadowsWhatIsAtItsPlace(String family) throws Exception {
        tree.restoreParents();
        Files.createDirectories(tree.root().resolve("file/inside"));
        Files.createDirectories(tree.root().resolve("missing"));
        Files.writeString(tree.root().resolve("dir"), "no directory");
        try {
            CaseOutput shown = shown("preload", tree.root(), family);

            requireAsReal(Oracle.REAL, real, family, shown);
            assertThat(Workplace.names(tree.root())).containsExactly("dir", "file", "missing");
        } finally {
            HostileTree.deleteTree(tree.root());
        }
    }

    /** What would change the tree is only held against mounts: without these, not all cases have run. */
    @Test
    @Order(8)
    void everyWrappedFunctionHasACaseThatRan() throws Exception {
        tree.assumeShown("mount");

        assertThat(CaseRecord.read()).containsAll(CaseRecord.wanted());
    }

    private static void requireAsReal(Oracle oracle, Map<String, CaseOutput> real, String family, CaseOutput shown) {
        assertThat(requireNonNull(real.get(family)).differences(shown, CaseDifference.permitted(oracle, family)))
                .isEmpty();
    }

    private CaseOutput onTheRealTree(String family, Path root) throws Exception {
        Outcome outcome = Launch.program(
                        tree.place().caller(),
                        temporary,
                        programs.program(family).toString(),
                        root.toString())
                .run()
                .ended(0);
        return CaseOutput.of(outcome.bytes());
    }

    private CaseOutput shown(String mode, Path at, String family) throws Exception {
        Outcome outcome = tree.shown(mode, at, programs.program(family).toString(), at.toString())
                .run();
        assertThat(outcome.status()).as("errors <%s>", outcome.complaint()).isZero();
        return CaseOutput.of(outcome.bytes());
    }

    private Set<String> objects() throws IOException {
        return tree.place().contents().keySet().stream()
                .filter(path -> path.contains("/objects/"))
                .collect(java.util.stream.Collectors.toSet());
    }
}
