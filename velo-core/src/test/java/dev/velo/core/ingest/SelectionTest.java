package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which entries of a tree an ingest takes, and where they stand. */
class SelectionTest {
    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private void files(String... paths) throws IOException {
        for (String path : paths) {
            Path file = tree.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, path);
        }
    }

    private static IngestOptions options(List<String> excludes, List<String> includes, String prefix) {
        IngestOptions o = TestStore.options();
        return new IngestOptions(
                o.owner(),
                o.mtime(),
                o.sync(),
                o.trust(),
                o.choices(),
                excludes,
                includes,
                PathBytes.of(prefix),
                o.threads(),
                o.packBytes());
    }

    /** The paths of all that is no directory, and of empty directories with a slash behind. */
    private Set<String> taken(IngestOptions options) throws IOException {
        store.ingest(tree, options);
        Manifest manifest = store.manifest(tree);
        int[] parents = manifest.parents();
        Set<String> paths = new TreeSet<>();
        for (int entry = 1; entry < manifest.entryCount(); entry++) {
            boolean directory = manifest.kind(entry) == EntryKind.DIRECTORY;
            if (!directory || manifest.childCount(entry) == 0) {
                paths.add(manifest.describe(entry, parents) + (directory ? "/" : ""));
            }
        }
        return paths;
    }

    private Set<String> taken() throws IOException {
        return taken(TestStore.options());
    }

    private Set<String> taken(List<String> excludes, List<String> includes) throws IOException {
        return taken(options(excludes, includes, ""));
    }

    @Test
    void excludedPatternsAreLeftOutAtAnyDepth() throws IOException {
        files("a.o", "a.c", "x/b.o", "x/y/c.o", "x/y/c.c");
        assertThat(taken(List.of("*.o"), List.of())).containsExactly("a.c", "x/y/c.c");
    }

    @Test
    void anIncludeTakesBackWhatAnExcludeLeavesOut() throws IOException {
        files("a.o", "keep.o", "x/keep.o", "x/b.o");
        assertThat(taken(List.of("*.o"), List.of("keep.o"))).containsExactly("keep.o", "x/keep.o");
    }

    @Test
    void anchoredPatternsAndThoseOfDirectoriesMeanWhatTheyDoInGit() throws IOException {
        files("build", "x/build/out", "target/classes", "x/target/classes", "docs/a/b/c.md", "docs/c.md");
        assertThat(taken(List.of("/target", "build/", "docs/**/c.md"), List.of()))
                .containsExactly("build", "docs/a/b/", "x/target/classes");
    }

    @Test
    void aFileOfRulesHoldsForItsDirectoryAndBelow() throws IOException {
        files("a.log", "x/a.log", "x/y/a.log", "x/y/a.txt");
        Files.writeString(tree.resolve("x/.veloignore"), "# a comment\n\n*.log\r\n");
        assertThat(taken()).containsExactly("a.log", "x/.veloignore", "x/y/a.txt");
    }

    @Test
    void theNearestRuleWinsAndNegationTakesBack() throws IOException {
        files("a.log", "x/a.log", "x/important.log", "x/y/important.log");
        Files.writeString(tree.resolve(".veloignore"), "*.log\n");
        Files.writeString(tree.resolve("x/.veloignore"), "!important.log\n");
        Files.createDirectories(tree.resolve("x/y"));
        Files.writeString(tree.resolve("x/y/.veloignore"), "important.log\n");
        assertThat(taken()).containsExactly(".veloignore", "x/.veloignore", "x/important.log", "x/y/.veloignore");
    }

    @Test
    void whatIsInALeftOutDirectoryCannotBeTakenBack() throws IOException {
        files("x/a", "x/b", "c");
        assertThat(taken(List.of("x/"), List.of("x/a"))).containsExactly("c");
    }

    @Test
    void theCommandLineWinsOverFilesOfRules() throws IOException {
        files("a", "b");
        Files.writeString(tree.resolve(".veloignore"), "a\n!b\n");
        assertThat(taken(List.of("b"), List.of("a"))).containsExactly(".veloignore", "a");
    }

    @Test
    void namesAreMatchedByteByByte() throws IOException {
        byte[][] names = {{'a', (byte) 0xff}, {'a', (byte) 0xfe}, "ä".getBytes(StandardCharsets.UTF_8)};
        try (Descriptor directory = TestStore.open(tree)) {
            for (byte[] name : names) {
                FileCalls.close(FileCalls.openat(directory.fd(), name, FileCalls.O_CREAT | FileCalls.O_RDWR, 0600));
            }
        }
        Files.write(tree.resolve(".veloignore"), new byte[] {'a', (byte) 0xff, '\n', (byte) 0xc3, '?', '\n'});
        store.ingest(tree);
        Manifest manifest = store.manifest(tree);
        assertThat(manifest.find(names[0])).isEqualTo(-1);
        assertThat(manifest.find(names[1])).isPositive();
        assertThat(manifest.find(names[2])).isEqualTo(-1);
    }

    @Test
    void aFileOfRulesThatIsASymlinkLeadsNowhere() throws IOException {
        files("a");
        Path outside = Files.writeString(store.folder().resolve("outside"), "a\n");
        Files.createSymbolicLink(tree.resolve(".veloignore"), outside);
        try {
            assertThat(taken()).containsExactly(".veloignore", "a");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(tree.resolve(".veloignore").toString());
        }
    }

    @Test
    void aPrefixPutsTheTreeUnderDirectories() throws IOException {
        files("a", "x/b");
        assertThat(taken(options(List.of(), List.of(), "usr/lib/app")))
                .containsExactly("usr/lib/app/a", "usr/lib/app/x/b");
        assertThat(store.problems(store.manifest(tree))).isEmpty();
        for (String bad : List.of("..", "a/../b", ".", "x".repeat(256))) {
            assertThatThrownBy(() -> options(List.of(), List.of(), bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void otherFileSystemsAreEmptyDirectoriesIfAsked() throws IOException {
        files("a", "x/b");
        try (TestMount mount = TestMount.tmpfs(Files.createDirectories(tree.resolve("x/mounted")))) {
            Files.writeString(mount.point().resolve("inside"), "inside");
            assertThat(taken()).containsExactly("a", "x/b", "x/mounted/inside");
            IngestOptions one = TestStore.options().withChoices(Set.of(IngestOptions.Choice.ONE_FILE_SYSTEM));
            assertThat(taken(one)).containsExactly("a", "x/b", "x/mounted/");
        }
    }

    @Test
    void whatCannotBeReadFailsOrIsLeftOutWithAWarning() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can become somebody else");
        files("a", "locked/b", "secret", "x/listed");
        Files.createLink(tree.resolve("secret-too"), tree.resolve("secret"));
        Files.setAttribute(store.folder(), "unix:mode", 0755);
        Files.setAttribute(tree.resolve("locked"), "unix:mode", 0700);
        Files.setAttribute(tree.resolve("secret"), "unix:mode", 0600);
        Files.setAttribute(tree.resolve("x"), "unix:mode", 0744);
        IngestOptions skip = TestStore.options().withChoices(Set.of(IngestOptions.Choice.SKIP_UNREADABLE));
        try (TestStore own = Unprivileged.store()) {
            assertThatThrownBy(() -> Unprivileged.run(() -> own.ingest(tree)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(tree.toString());
            IngestReport report = Unprivileged.run(() -> own.ingest(tree, skip));
            assertThat(report.warnings())
                    .anyMatch(warning -> warning.contains(tree.resolve("locked").toString()))
                    .anyMatch(warning -> warning.contains(tree.resolve("secret").toString()))
                    .anyMatch(
                            warning -> warning.contains(tree.resolve("x/listed").toString()))
                    .hasSize(3);
            Manifest manifest = own.manifest(tree);
            assertThat(manifest.find(PathBytes.of("a"))).isPositive();
            assertThat(manifest.find(PathBytes.of("secret"))).isEqualTo(-1);
            assertThat(manifest.find(PathBytes.of("secret-too"))).isEqualTo(-1);
            assertThat(manifest.childCount(manifest.find(PathBytes.of("locked"))))
                    .isZero();
            assertThat(manifest.childCount(manifest.find(PathBytes.of("x")))).isZero();
        }
    }
}
