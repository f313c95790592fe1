package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Packs;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Images with blocks of 4096 bytes, which is all that erofs-utils 1.5 can read, are accepted and extracted by {@code fsck.erofs} and
 * told by {@code dump.erofs} as a view tells them. {@code -Dvelo.trees=DIR:DIR} takes trees of one's own as well.
 */
class ErofsUtilsTest {
    @BeforeEach
    void requireTools() {
        ErofsTools.assumeInstalled();
    }

    @Test
    void aHostileTree() throws IOException {
        try (TestStore store = TestStore.create()) {
            Path tree = store.directory("tree");
            HostileTree.generate(
                    tree, HostileTree.Options.standard().without(Feature.DEEP).withEntries(0));
            check(store, tree, true);
        }
    }

    /** The shape of a {@code node_modules}: many small files, many of them equal. */
    @Test
    void aTreeOfSmallFiles() throws IOException {
        try (TestStore store = TestStore.create()) {
            Path tree = store.directory("tree");
            HostileTree.generate(
                    tree, HostileTree.Options.small().withEntries(4000).withSeed(3));
            check(store, tree, true);
        }
    }

    @TestFactory
    Stream<DynamicTest> treesOfOnesOwn() {
        return Arrays.stream(System.getProperty("velo.trees", "").split(":"))
                .filter(tree -> !tree.isEmpty())
                .map(tree -> DynamicTest.dynamicTest(tree, () -> {
                    try (TestStore store = TestStore.create()) {
                        check(store, Path.of(tree), false);
                    }
                }));
    }

    private static void check(TestStore store, Path tree, boolean extract) throws IOException {
        IngestReport report = store.ingest(tree);
        Path image = store.folder().resolve("image");
        Path blobs = store.folder().resolve("blobs");
        bind(store, store.manifest(tree), report.tree(), image, blobs);
        String device = "--device=" + blobs;
        ErofsTools.Said said = ErofsTools.run("fsck.erofs", device, image.toString());
        assertThat(said.status()).as(said.text()).isZero();
        System.out.println("fsck.erofs accepts the image of " + tree.getFileName() + " "
                + said.text().strip());
        if (extract) {
            Path extracted = store.folder().resolve("extracted");
            said = ErofsTools.run("fsck.erofs", device, "--extract=" + extracted, image.toString());
            assertThat(said.status()).as(said.text()).isZero();
            assertThat(differences(tree, extracted)).isEmpty();
        }
        try (View view = View.open(store.store(), Image.open(TestStore.bytes(image)))) {
            int compared = DumpedInodes.compare(view, device, image.toString());
            System.out.println(
                    "dump.erofs agrees on " + compared + " of " + view.image().inodeCount() + " inodes");
        }
    }

    /** What fsck.erofs 1.5 extracts is without attributes, link groups and bits that a change of owner clears, and ends before a last hole. */
    private static List<String> differences(Path tree, Path extracted) throws IOException {
        TreeComparison.Options options = TreeComparison.Options.standard()
                .with(Aspect.OWNER)
                .without(Aspect.ATTRIBUTES)
                .with(TreeComparison.LinkGroups.IGNORED);
        return TreeComparison.differences(tree, extracted, options).stream()
                .filter(difference -> !difference.matches("(?s).*: mode 10[2467](\\d{3}) .* 10[01]\\1 on the right"))
                .filter(difference -> !difference.matches("\\./sparse/(hole|zeros)-.*: size .*"))
                .toList();
    }

    private static void bind(TestStore store, Manifest manifest, Digest tree, Path image, Path blobs)
            throws IOException {
        try (Packs packs = store.store().packs();
                AlignedBlobs aligned = AlignedBlobs.of(manifest, packs, blobs);
                PublishedFile file = PublishedFile.create(store.store().fd(Store.Room.IMAGES), 0600)) {
            new Binding(TestStore.EXACT, 0, 0, AlignedBlobs.BLOCK_SHIFT, 1)
                    .write(manifest, tree, aligned::require, file);
            file.publishNew(PathBytes.of("aligned"));
        }
        Files.move(store.room(Store.Room.IMAGES).resolve("aligned"), image);
        // where a view looks for what the image calls its pack
        Files.createLink(
                store.room(Store.Room.PACKS).resolve(SketchedTree.digest(PathBytes.of("aligned")) + ".pack"), blobs);
    }
}
