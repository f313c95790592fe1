package dev.velo.core.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.MtimePolicy;
import dev.velo.core.ingest.OwnerPolicy;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Layers;
import dev.velo.core.view.TreeDifference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive becomes the tree that it was made of. GNU tar is the oracle. */
class TarTreeTest {
    private TarStore place;

    @BeforeEach
    void makeStore() throws IOException {
        place = new TarStore();
    }

    @AfterEach
    void deleteStore() throws IOException {
        place.close();
    }

    /** What a command prints, which must succeed. */
    private static byte[] output(byte[] input, List<String> words) throws IOException, InterruptedException {
        Path file = Files.createTempFile("velo-test", ".in");
        try {
            Files.write(file, input);
            Process process = new ProcessBuilder(words)
                    .redirectInput(file.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (InputStream in = process.getInputStream()) {
                byte[] output = in.readAllBytes();
                assertThat(process.waitFor()).as(words.toString()).isZero();
                return output;
            }
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] tar(Path tree, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("tar", "-C", tree.toString(), "--numeric-owner"));
        words.addAll(List.of(options));
        words.addAll(List.of("-cf", "-", "."));
        return output(new byte[0], words);
    }

    private Path hostileTree() throws IOException {
        Path tree = place.store.directory("tree");
        Set<HostileTree.Feature> features = EnumSet.of(HostileTree.Feature.LARGE_FILES);
        if (HostileTree.isRoot()) {
            features.addAll(EnumSet.of(
                    HostileTree.Feature.DEVICES, HostileTree.Feature.UNREADABLE, HostileTree.Feature.OWNERS));
        }
        HostileTree.generate(tree, new HostileTree.Options(1, 1000, features));
        // GNU tar makes two fifos of one, and the names are marks in archives
        for (String left : List.of(
                "hardlinks/here/fifo-too", "hardlinks/there/fifo", "names/.wh..wh..opq", "names/.wh.whiteout")) {
            Files.delete(tree.resolve(left));
        }
        return tree;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "0.1", "0.0"})
    void aTreeAndItsPaxArchiveAreTheSame(String sparse) throws Exception {
        Path tree = hostileTree();
        byte[] archive =
                tar(tree, "--format=pax", "--xattrs", "--xattrs-include=*", "--sparse", "--sparse-version=" + sparse);

        place.take(new ByteArrayInputStream(archive), TestStore.options());
        place.store.ingest(tree);

        assertThat(place.manifestFile()).hasSameBinaryContentAs(place.store.manifestFile(tree));
        assertThat(place.store.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "oldgnu"})
    void aTreeAndItsGnuArchiveAreTheSameButForFractionsOfSecondsAndAttributes(String format) throws Exception {
        Path tree = hostileTree();
        IngestOptions options = TestStore.options().withMtime(new MtimePolicy.Fixed(Instant.EPOCH));

        place.take(new ByteArrayInputStream(tar(tree, "--format=" + format, "--sparse")), options);
        place.store.ingest(tree, options);

        assertThat(differentButForAttributes(place.store.manifest(tree), place.manifest()))
                .isEmpty();
    }

    private static List<String> differentButForAttributes(Manifest left, Manifest right) throws IOException {
        List<String> different = new ArrayList<>();
        TreeDifference.between(left, right, new TreeDifference.Listener() {
            @Override
            public void added(byte[] path, int entry) {
                different.add("added " + PathBytes.show(path));
            }

            @Override
            public void deleted(byte[] path, int entry) {
                different.add("deleted " + PathBytes.show(path));
            }

            @Override
            public void changed(byte[] path, int old, int young, Set<TreeDifference.Aspect> aspects) {
                if (!aspects.equals(Set.of(TreeDifference.Aspect.ATTRIBUTES))) {
                    different.add(aspects + " " + PathBytes.show(path));
                }
            }
        });
        return different;
    }

    @Test
    void whatIsCheckedOutComparesEqualToTheTree() throws Exception {
        Path tree = hostileTree();
        byte[] archive = tar(tree, "--format=pax", "--xattrs", "--xattrs-include=*");
        Manifest manifest = place.take(archive);
        Path out = place.store.folder().resolve("out");

        place.store.checkout(manifest, out, CheckoutMode.COPY, TestStore.EXACT);

        assertThat(TreeComparison.differences(tree, out)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "xz", "bzip2", "zstd"})
    void compressionIsToldByTheFirstBytes(String program) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin", program)) || Files.isExecutable(Path.of("/bin", program)),
                program + " is not installed");
        byte[] archive = new TarArchive()
                .directory("a")
                .file("a/b", "text".repeat(100_000))
                .ended();

        place.take(archive);
        byte[] plain = Files.readAllBytes(place.manifestFile());
        place.take(output(archive, List.of(program, "-c")));

        assertThat(place.manifestFile()).hasBinaryContent(plain);
    }

    @Test
    void gzipInSeveralMembersIsReadToItsEnd() throws Exception {
        byte[] archive = new TarArchive().file("a", "text").file("b", "more").ended();
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int at = 0; at < archive.length; at += 300) {
            byte[] part = Arrays.copyOfRange(archive, at, Math.min(archive.length, at + 300));
            members.writeBytes(output(part, List.of("gzip", "-c")));
        }

        // a pipe, which often has nothing at hand although there is more to come
        InputStream slow = new ByteArrayInputStream(members.toByteArray()) {
            @Override
            public synchronized int available() {
                return 0;
            }

            @Override
            public synchronized int read(byte[] bytes, int start, int count) {
                return super.read(bytes, start, Math.min(count, 7));
            }
        };
        place.take(slow, TestStore.options());

        assertThat(place.sketch(place.manifest())).containsOnlyKeys("a", "b");
    }

    @Test
    void namesAreBytesAndLeadingSlashesAndDotsMeanNothing() throws Exception {
        Manifest tree = place.take(new TarArchive()
                .directory("./")
                .directory("/a\u00ff/")
                .file("./a\u00ff//b", "1")
                .file("///c", "2"));

        assertThat(tree.find(TarArchive.latin("a\u00ff/b"))).isPositive();
        assertThat(tree.find(TarArchive.latin("c"))).isPositive();
        assertThat(tree.permissions(0)).isEqualTo(0644);
        assertThat(tree.mtimeSeconds(0)).isEqualTo(1000);
        assertThat(tree.uid(0)).isEqualTo(7);
        assertThat(tree.gid(0)).isEqualTo(8);
    }

    @Test
    void ownersAreLeftOutWhenAsked() throws Exception {
        place.take(new TarArchive().file("a", "1").stream(), TestStore.options().withOwner(OwnerPolicy.SQUASH));

        assertThat(place.manifest().hasOwner(1)).isFalse();
    }

    @Test
    void paxRecordsWinOverTheHeaderAndKeepTheirBytes() throws Exception {
        Manifest tree = place.take(new TarArchive()
                .pax(
                        "path", "n\u00ffme",
                        "uid", "3000000",
                        "gid", "4000000",
                        "mtime", "-1.25",
                        "SCHILY.xattr.user.binary", "\0\n=\u00ff",
                        "SCHILY.xattr.user.empty", "",
                        "SCHILY.xattr.security.selinux", "left out")
                .file("short", "1")
                .file("next", "2"));

        int file = tree.find(TarArchive.latin("n\u00ffme"));
        assertThat(tree.uid(file)).isEqualTo(3_000_000);
        assertThat(tree.gid(file)).isEqualTo(4_000_000);
        assertThat(tree.mtimeSeconds(file)).isEqualTo(-2);
        assertThat(tree.mtimeNanos(file)).isEqualTo(750_000_000);
        assertThat(TarStore.attributes(tree, file)).containsExactly("user.binary=\0\n=\u00ff", "user.empty=");
        assertThat(tree.uid(tree.find(TarArchive.latin("next")))).isEqualTo(7);
    }

    @Test
    void globalRecordsHoldForAllThatFollow() throws Exception {
        Manifest tree = place.take(new TarArchive()
                .entry("global", 'g', "", TarArchive.records("uid", "9", "comment", "none"))
                .file("a", "1")
                .pax("uid", "10")
                .file("b", "2"));

        assertThat(tree.uid(tree.find(TarArchive.latin("a")))).isEqualTo(9);
        assertThat(tree.uid(tree.find(TarArchive.latin("b")))).isEqualTo(10);
    }

    @Test
    void directoriesThatNobodyDescribesAreMade() throws Exception {
        Manifest tree = place.take(new TarArchive().file("a/b/c", "1"));

        int directory = tree.find(TarArchive.latin("a/b"));
        assertThat(tree.permissions(directory)).isEqualTo(0755);
        assertThat(tree.mtimeSeconds(directory)).isZero();
        assertThat(tree.uid(directory)).isZero();
    }

    @Test
    void ofEqualNamesTheLastWinsAndDirectoriesMerge() throws Exception {
        Manifest tree = place.take(new TarArchive()
                .file("file", "first")
                .hardLink("kept", "file")
                .file("file", "second")
                .directory("folder")
                .file("folder/a", "a")
                .directory("folder")
                .file("folder/b", "b")
                .directory("replaced")
                .file("replaced/gone", "gone")
                .file("replaced", "now a file")
                .symlink("link", "elsewhere")
                .directory("link")
                .file("link/inside", "inside"));

        assertThat(place.sketch(tree))
                .containsOnly(
                        entry("file", "second"),
                        entry("kept", "first"),
                        entry("folder", "/"),
                        entry("folder/a", "a"),
                        entry("folder/b", "b"),
                        entry("replaced", "now a file"),
                        entry("link", "/"),
                        entry("link/inside", "inside"));
    }

    @Test
    void whiteoutsDeleteFromLayersBelow() throws Exception {
        Manifest lower = place.take(new TarArchive()
                .file("deleted", "1")
                .file("kept", "2")
                .file("folder/old", "3")
                .file("opaque/old", "4")
                .file("renewed/old", "5")
                .file("replaced/old", "6"));
        Manifest upper = place.take(new TarArchive()
                .file(".wh.deleted", "")
                .file("folder/.wh.old", "")
                .file("opaque/new", "7")
                .file("opaque/.wh..wh..opq", "")
                .directory("renewed")
                .file("renewed/new", "8")
                .file(".wh.renewed", "")
                .file(".wh.replaced", "")
                .file("replaced", "9"));

        assertThat(place.sketch(upper))
                .contains(
                        entry("deleted", "CHARACTER_DEVICE 0:0"),
                        entry("folder/old", "CHARACTER_DEVICE 0:0"),
                        entry("opaque", "/ opaque"),
                        entry("renewed", "/ opaque"),
                        entry("replaced", "9"))
                .doesNotContainKey(".wh.deleted");
        assertThat(place.sketch(Layers.merge(List.of(upper, lower))))
                .containsOnly(
                        entry("kept", "2"),
                        entry("folder", "/"),
                        entry("opaque", "/"),
                        entry("opaque/new", "7"),
                        entry("renewed", "/"),
                        entry("renewed/new", "8"),
                        entry("replaced", "9"));
    }

    @Test
    void anOpaqueRootHidesAllLayersBelow() throws Exception {
        Manifest lower = place.take(new TarArchive().file("old", "1"));
        Manifest upper = place.take(new TarArchive().file(".wh..wh..opq", "").file("new", "2"));

        assertThat(place.sketch(Layers.merge(List.of(upper, lower)))).containsExactly(Map.entry("new", "2"));
    }

    @Test
    void whatAufsKeepsForItselfIsLeftOutWithAWarning() throws Exception {
        var report = place.take(
                new TarArchive().directory(".wh..wh.plnk").file(".wh..wh.plnk/1.2", "x").file("a", "1").stream(),
                TestStore.options());

        assertThat(place.sketch(place.manifest())).containsOnlyKeys("a");
        assertThat(report.warnings()).hasSize(2).allMatch(warning -> warning.contains("aufs"));
    }

    @Test
    void devicesGetIntoTheManifestOfAnybody() throws Exception {
        byte[] header = TarArchive.header("dev/null", '3', "", 0);
        TarArchive.put(header, 329, "0000001");
        TarArchive.put(header, 337, "0000003");
        Manifest tree =
                place.take(new TarArchive().raw(TarArchive.summed(header)).entry("dev/initctl", '6', "", new byte[0]));

        assertThat(place.sketch(tree))
                .containsEntry("dev/null", "CHARACTER_DEVICE 1:3")
                .containsEntry("dev/initctl", "FIFO");
    }

    @Test
    void aHardLinkMayStandBeforeItsFileInTheOrderOfNames() throws Exception {
        Manifest tree =
                place.take(new TarArchive().file("z", "1").hardLink("a", "/z").hardLink("b/c", "./a"));

        assertThat(place.sketch(tree))
                .containsOnly(entry("a", "1"), entry("z", "= a"), entry("b", "/"), entry("b/c", "= a"));
        assertThat(tree.find(PathBytes.of("a"))).isPositive();
    }
}
