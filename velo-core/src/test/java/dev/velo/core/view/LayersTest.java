package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.TestMount;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Merged layers are what an overlay of the kernel shows over the same directories. */
class LayersTest {
    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private List<Path> randomLayers(long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> layers = new ArrayList<>();
        for (int layer = 0; layer < 3; layer++) {
            Path root = store.directory("layer" + seed + "-" + layer);
            fill(root, random, layer, 0);
            layers.add(root);
        }
        return layers;
    }

    /** Few names, so that the layers meet: files, directories, links, whiteouts of both kinds, opaque directories. */
    private static void fill(Path directory, Random random, int layer, int depth) throws IOException {
        // the kernel looks for whiteout files only in layers whose root says so
        boolean hasWhiteoutFiles = depth == 0 || random.nextInt(4) == 0;
        if (hasWhiteoutFiles) {
            mark(directory, "opaque", "x");
        } else if (random.nextInt(4) == 0) {
            mark(directory, "opaque", "y");
        }
        for (String name : List.of("a", "b", "c", "d", "e", "f")) {
            Path path = directory.resolve(name);
            switch (random.nextInt(depth < 3 ? 9 : 6)) {
                case 0 -> Files.writeString(path, "layer " + layer);
                case 1 -> Files.createSymbolicLink(path, Path.of("to-" + layer));
                case 2 -> LinkCalls.mknodat(FileCalls.AT_FDCWD, pathAddress(path), Statx.S_IFCHR, 0, 0);
                case 3 -> {
                    Files.createFile(path);
                    if (hasWhiteoutFiles) {
                        mark(path, "whiteout", "");
                    }
                }
                case 6, 7, 8 -> {
                    Files.createDirectory(path);
                    fill(path, random, layer, depth + 1);
                }
                default -> {}
            }
        }
    }

    private static void mark(Path path, String name, String value) throws IOException {
        AttributeCalls.lsetxattr(TestStore.bytes(path), PathBytes.of("user.overlay." + name), PathBytes.of(value));
    }

    private static long pathAddress(Path path) {
        return CString.first(TestStore.bytes(path));
    }

    @Test
    void randomLayersMergeAsTheKernelMergesThem() throws IOException {
        assumeTrue(HostileTree.isRoot(), "making whiteouts and mounting overlays takes root");
        for (int seed = 0; seed < 20; seed++) {
            List<Path> layers = randomLayers(seed);
            List<Manifest> manifests = new ArrayList<>();
            for (Path layer : layers) {
                store.ingest(layer);
                manifests.add(store.manifest(layer));
            }
            Layers.Merged merged = Layers.mergeAndName(manifests);
            Path copy = store.directory("copy" + seed);
            store.checkout(merged.manifest(), copy, CheckoutMode.COPY, TestStore.EXACT);
            Path shown = store.directory("shown" + seed);
            try (TestMount overlay = TestMount.layers(shown, layers)) {
                assertThat(lines(copy))
                        .as("seed " + seed)
                        .isEqualTo(lines(overlay.point()))
                        .isNotEmpty();
            }
        }
    }

    /** Each entry in words. An overlay lists whiteouts in directories that merge with nothing, where they cannot be looked at. */
    private static List<String> lines(Path tree) throws IOException {
        List<String> lines = new ArrayList<>();
        collect(tree, "", lines);
        return lines;
    }

    private static void collect(Path directory, String path, List<String> lines) throws IOException {
        String[] names = directory.toFile().list();
        if (names == null) {
            throw new IOException(directory + " cannot be listed");
        }
        Arrays.sort(names);
        for (String name : names) {
            Path entry = directory.resolve(name);
            if (!Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            String line = path + "/" + name + " "
                    + Files.readAttributes(entry, "unix:mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            if (Files.isSymbolicLink(entry)) {
                lines.add(line + Files.readSymbolicLink(entry));
            } else if (Files.isDirectory(entry)) {
                lines.add(line);
                collect(entry, path + "/" + name, lines);
            } else {
                lines.add(line + Files.readString(entry));
            }
        }
    }

    @Test
    void marksOfAnOverlayInsideTheOverlayHaveTheirOwnNames() throws IOException {
        Manifest lower = SketchedTree.of("a/ 755", "a/below 644 =b");
        Manifest upper = SketchedTree.of("a/ 700 user.overlay.overlay.opaque=y", "file 644 = user.overlay.origin=o");
        assertThat(SketchedTree.lines(Layers.merge(List.of(upper, lower))))
                .containsExactly(
                        "/ 755",
                        "a/ 700 user.overlay.opaque=y",
                        "file 644 =",
                        "a/below 644 " + SketchedTree.content("b"));
    }

    @Test
    void aTreeBelowALayerKeepsWhatLooksLikeMarks() throws IOException {
        Manifest lower = SketchedTree.of("a/ 755 user.overlay.opaque=y", "a/gone 0 c0:0", "b 0 c0:0", "c 0 c0:0");
        Manifest upper = SketchedTree.of("b 0 c0:0", "c 644 =c", "d 644 =d", "e 644 =e");
        Manifest merged = Layers.built(
                        "merged", Layers.over(upper, entry -> entry == upper.find(PathBytes.of("d")), lower))
                .manifest();
        assertThat(SketchedTree.lines(merged))
                .containsExactly(
                        "/ 755",
                        "a/ 755 user.overlay.opaque=y",
                        "c 644 " + SketchedTree.content("c"),
                        "e 644 " + SketchedTree.content("e"),
                        "a/gone 0 c0:0");
    }

    @Test
    void oneLayerIsReturnedAsItIs() throws IOException {
        Path tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "text");
        var report = store.ingest(tree);
        Manifest manifest = store.manifest(tree);
        assertThat(Layers.merge(List.of(manifest))).isSameAs(manifest);
        assertThat(Layers.mergeAndName(List.of(manifest)).tree()).isEqualTo(report.tree());
    }

    @Test
    void theSameLayerTwiceIsTheLayer() throws IOException {
        Path tree = store.directory("tree");
        HostileTree.generate(tree, HostileTree.Options.standard().withEntries(500));
        var report = store.ingest(tree);
        Manifest manifest = store.manifest(tree);
        assumeTrue(!hasWhiteouts(manifest), "the tree has a device 0:0");
        assertThat(Layers.mergeAndName(List.of(manifest, manifest)).tree()).isEqualTo(report.tree());
    }

    private static boolean hasWhiteouts(Manifest manifest) {
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry).isDevice() && manifest.device(entry) == 0) {
                return true;
            }
        }
        return false;
    }
}
