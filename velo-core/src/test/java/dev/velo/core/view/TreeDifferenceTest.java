package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.OwnerPolicy;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of two trees. */
class TreeDifferenceTest {
    private static final FileTime TIME = FileTime.from(Instant.ofEpochSecond(1000));

    private TestStore store;

    /**
     * <pre>
     * tree/
     * ├── folder/
     * │   ├── a
     * │   └── b
     * ├── folder.txt
     * └── link -> folder.txt
     * </pre>
     */
    private Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.createDirectory(tree.resolve("folder"));
        Files.writeString(tree.resolve("folder/a"), "a");
        Files.writeString(tree.resolve("folder/b"), "b");
        Files.writeString(tree.resolve("folder.txt"), "text");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("folder.txt"));
        settle();
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    /** Gives everything but the link one time, so that only what a test says is different. */
    private void settle() throws IOException {
        try (var paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (!Files.isSymbolicLink(path)) {
                    Files.setLastModifiedTime(path, TIME);
                }
            }
        }
    }

    private Manifest ingested() throws IOException {
        store.ingest(tree);
        return store.manifest(tree);
    }

    private interface Change {
        void make() throws IOException;
    }

    private List<String> told(Change change) throws IOException {
        Manifest before = ingested();
        change.make();
        return told(before, ingested());
    }

    private static List<String> told(Manifest before, Manifest after) throws IOException {
        List<String> told = new ArrayList<>();
        TreeDifference.between(before, after, new TreeDifference.Listener() {
            @Override
            public void added(byte[] path, int entry) {
                told.add("added " + PathBytes.show(path));
            }

            @Override
            public void deleted(byte[] path, int entry) {
                told.add("deleted " + PathBytes.show(path));
            }

            @Override
            public void changed(byte[] path, int oldEntry, int newEntry, Set<TreeDifference.Aspect> aspects) {
                told.add(aspects + " " + PathBytes.show(path));
            }
        });
        return told;
    }

    @Test
    void equalTreesHaveNone() throws Exception {
        assertThat(told(() -> {})).isEmpty();
    }

    @Test
    void aHostileTreeIsLikeItself() throws Exception {
        Path hostile = store.directory("hostile");
        HostileTree.generate(hostile, HostileTree.Options.small());
        store.ingest(hostile);
        Manifest first = store.manifest(hostile);
        assertThat(told(first, store.manifest(hostile))).isEmpty();
        assertThat(told(ingested(), first)).hasSizeGreaterThan(first.entryCount() - 1);
    }

    @Test
    void contentTimeModeAndAttributes() throws Exception {
        assertThat(told(() -> {
                    Files.writeString(tree.resolve("folder/a"), "A");
                    settle();
                }))
                .containsExactly("[CONTENT] folder/a");
        assertThat(told(() -> Files.setLastModifiedTime(tree.resolve("folder"), FileTime.fromMillis(1))))
                .containsExactly("[MTIME] folder");
        assertThat(told(() -> Files.setPosixFilePermissions(
                        tree.resolve("folder/b"), PosixFilePermissions.fromString("rwx--x--x"))))
                .containsExactly("[MODE] folder/b");
        assertThat(told(() -> {
                    Files.writeString(tree.resolve("folder.txt"), "");
                    settle();
                }))
                .containsExactly("[MTIME] folder", "[CONTENT] folder.txt");
    }

    @Test
    void whatIsNewAndWhatIsGoneWithAllThatIsInIt() throws Exception {
        assertThat(told(() -> {
                    Files.createDirectory(tree.resolve("folder/new"));
                    Files.writeString(tree.resolve("folder/new/file"), "x");
                    Files.delete(tree.resolve("folder.txt"));
                    settle();
                }))
                .containsExactly("added folder/new", "added folder/new/file", "deleted folder.txt");
        assertThat(told(() -> {
                    HostileTree.deleteTree(tree.resolve("folder"));
                    settle();
                }))
                .containsExactly(
                        "deleted folder",
                        "deleted folder/a",
                        "deleted folder/b",
                        "deleted folder/new",
                        "deleted folder/new/file");
    }

    @Test
    void aDirectoryThatBecomesAFileAndBack() throws Exception {
        List<String> told = told(() -> {
            HostileTree.deleteTree(tree.resolve("folder"));
            Files.writeString(tree.resolve("folder"), "x");
            settle();
        });
        assertThat(told).containsExactly("[TYPE] folder", "deleted folder/a", "deleted folder/b");
        assertThat(told(() -> {
                    Files.delete(tree.resolve("folder"));
                    Files.createDirectory(tree.resolve("folder"));
                    Files.createLink(tree.resolve("folder/c"), tree.resolve("folder.txt"));
                    settle();
                }))
                .containsExactly("[TYPE] folder", "added folder/c");
    }

    @Test
    void aFileThatBecomesAFurtherNameOfAnother() throws Exception {
        Change change = () -> {
            Files.delete(tree.resolve("folder/b"));
            Files.createLink(tree.resolve("folder/b"), tree.resolve("folder/a"));
            settle();
        };
        assertThat(told(change)).containsExactly("[CONTENT, LINK] folder/b");
        assertThat(told(() -> {
                    Files.delete(tree.resolve("folder/b"));
                    Files.writeString(tree.resolve("folder/b"), "a");
                    settle();
                }))
                .containsExactly("[LINK] folder/b");
    }

    @Test
    void aLinkWithAnotherTarget() throws Exception {
        assertThat(told(() -> {
                    Files.delete(tree.resolve("link"));
                    Files.createSymbolicLink(tree.resolve("link"), Path.of("folder"));
                    settle();
                }))
                .singleElement()
                .asString()
                .startsWith("[CONTENT")
                .endsWith("link");
    }

    @Test
    void ownersThatOnlyOneTreeKeeps() throws Exception {
        Manifest kept = ingested();
        IngestOptions squashing = TestStore.options().withOwner(OwnerPolicy.SQUASH);
        store.ingest(tree, squashing);

        assertThat(told(kept, store.manifest(tree)))
                .hasSize(kept.entryCount())
                .allMatch(line -> line.startsWith("[OWNER] "));
    }
}
