package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Profile;
import dev.velo.core.store.ProfilePack;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Images;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run reads is found out, and laid together in a pack that later runs are shown. */
class RecordingTest {
    private static final int LARGE = (2 << 20) + 5;

    private TestStore store;
    private Path tree;
    private Presenter presenter;
    private Digest digest;

    @BeforeEach
    void makeTree() throws Exception {
        store = TestStore.create();
        TestImage.assumeMounts(store);
        tree = store.directory("tree");
        for (int i = 0; i < 200; i++) {
            Path folder = Files.createDirectories(tree.resolve("folder" + i % 7));
            Files.writeString(folder.resolve("file" + i), "contents of " + i);
        }
        byte[] large = new byte[LARGE];
        new Random(7).nextBytes(large);
        Arrays.fill(large, 128 << 10, 1 << 20, (byte) 0);
        Files.write(tree.resolve("large"), large);
        Files.createFile(tree.resolve("empty"));
        Files.createLink(tree.resolve("second name"), tree.resolve("folder3/file3"));
        digest = store.ingest(tree).tree();
        presenter = new Presenter(store.store(), digest, TestStore.EXACT, () -> store.manifest(tree));
    }

    @AfterEach
    void deleteStore() throws Exception {
        store.close();
    }

    @Test
    void whatWasReadOrMappedIsFoundAndNothingElse() throws Exception {
        Map<Digest, BitSet> read;
        try (Anchor anchor = presenter.anchor()) {
            // what others read by the anchor does not count
            Files.readAllBytes(path(anchor, "folder0/file0"));
            try (Recording recording = Recording.begin(store.store(), anchor)) {
                Files.readAllBytes(path(recording.anchor(), "folder1/file1"));
                Files.readAllBytes(path(recording.anchor(), "second name"));
                Files.readAllBytes(path(recording.anchor(), "empty"));
                try (FileChannel large = FileChannel.open(path(recording.anchor(), "large"))) {
                    large.map(FileChannel.MapMode.READ_ONLY, LARGE - 1, 1).get(0);
                }
                try (Stream<Path> all = Files.walk(path(recording.anchor(), ""))) {
                    assertThat(all.filter(Files::isRegularFile)).hasSize(203);
                }
                read = recording.read(store.manifest(tree));
            }
        }
        assertThat(read).containsOnlyKeys(digest("folder1/file1"), digest("folder3/file3"), digest("large"));
        assertThat(read.get(digest("folder1/file1"))).isEqualTo(BitSet.valueOf(new long[] {1}));
        // a fault reads some pages around it, but not the megabytes before
        assertThat(read.get(digest("large"))).satisfies(parts -> {
            assertThat(parts.get(LARGE / Profile.PART_BYTES)).isTrue();
            assertThat(parts.nextSetBit(0)).isGreaterThan(8);
        });
    }

    @Test
    void nothingOfARecordingIsLeft() throws Exception {
        try (Anchor anchor = presenter.anchor()) {
            List<Path> before = mounts();
            Recording.begin(store.store(), anchor).close();
            assertThat(mounts()).isEqualTo(before);
            Recording.begin(store.store(), anchor).anchor().close(); // as if it had been killed
            assertThat(mounts()).hasSizeGreaterThan(before.size());
        }
        new Anchors(store.store()).unmountIdle();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/record-");
    }

    @Test
    void blobsLaidTogetherAreShownFromTheirPack() throws Exception {
        BitSet first = BitSet.valueOf(new long[] {1});
        BitSet last = new BitSet();
        last.set(LARGE / Profile.PART_BYTES);
        Map<Digest, BitSet> blobs =
                Map.of(digest("folder1/file1"), first, digest("folder2/file2"), first, digest("large"), last);
        new Profiles(store.store()).change(digest, now -> now.with(blobs));
        ProfilePack.Report report =
                ProfilePack.write(store.store(), digest, store.manifest(tree), new Profiles(store.store()).of(digest));
        Images.forget(store.store(), digest);
        assertThat(report.blobs()).isEqualTo(3);
        Profile profile = new Profiles(store.store()).of(digest);
        assertThat(profile.parts()).isEqualTo(blobs);
        assertThat(profile.layout()).satisfies(layout -> {
            assertThat(layout.pack()).isEqualTo(report.pack());
            assertThat(layout.stretches()).hasSize(2);
            assertThat(report.readBytes()).isLessThan(8 << 10);
        });
        assertThat(store.problems()).isEmpty();
        Path pack = store.room(Store.Room.PACKS).resolve(report.pack() + ".pack");
        try (Anchor anchor = presenter.anchor()) {
            assertThat(anchor.image().packs())
                    .anySatisfy(path -> assertThat(PathBytes.show(path)).isEqualTo(pack.toString()));
            assertThat(path(anchor, "large")).hasSameBinaryContentAs(tree.resolve("large"));
            assertThat(path(anchor, "folder2/file2")).hasContent("contents of 2");
            assertThat(path(anchor, "folder3/file3")).hasContent("contents of 3");
        }
        Files.delete(pack);
        try (Anchor anchor = presenter.anchor()) {
            assertThat(anchor.image().packs()).hasSize(1);
            assertThat(path(anchor, "large")).hasSameBinaryContentAs(tree.resolve("large"));
            assertThat(Prefetch.ofProfile(store.store(), anchor)).isEmpty();
        }
    }

    private static Path path(Anchor anchor, String name) {
        return Path.of(PathBytes.show(anchor.tree())).resolve(name);
    }

    private List<Path> mounts() throws Exception {
        try (Stream<Path> names = Files.list(store.room(Store.Room.MOUNTS))) {
            return names.sorted().toList();
        }
    }

    private Digest digest(String name) throws Exception {
        Process sum =
                new ProcessBuilder("sha256sum", "--zero", tree.resolve(name).toString()).start();
        String hex = new String(sum.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(sum.waitFor()).isZero();
        return Digest.of(HexFormat.of().parseHex(hex.substring(0, 64)), 0);
    }
}
