package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where an ingest puts the blobs of a tree. */
class PackLayoutTest {
    private static final int LARGE = 64 << 10;

    private record Blob(Digest digest, long offset, long length) {}

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

    private static List<Blob> blobs(PackFile pack) {
        List<Blob> blobs = new ArrayList<>();
        for (int i = 0; i < pack.index().count(); i++) {
            blobs.add(new Blob(
                    pack.index().digest(i), pack.index().offset(i), pack.index().length(i)));
        }
        blobs.sort(Comparator.comparingLong(Blob::offset));
        return blobs;
    }

    private static byte[] noise(int seed, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void blobsAreAlignedAndThePaddingIsZero() throws IOException {
        HostileTree.generate(
                tree, HostileTree.Options.small().with(Feature.LARGE_FILES).withEntries(2_000));
        store.ingest(tree);
        try (Packs packs = store.store().packs();
                RandomAccessFile file = new RandomAccessFile(
                        store.files(Store.Room.PACKS).get(0).toFile(), "r")) {
            PackFile pack = packs.all().get(0);
            long end = 24;
            for (Blob blob : blobs(pack)) {
                assertThat(blob.offset() % (blob.length() >= LARGE ? 4096 : 512))
                        .isZero();
                requireZeros(file, end, blob.offset());
                end = blob.offset() + blob.length();
                if (blob.length() >= LARGE) {
                    long aligned = (end + 4095) / 4096 * 4096;
                    requireZeros(file, end, aligned);
                    end = aligned;
                }
            }
            requireZeros(file, end, pack.blobBytes());
            assertThat(pack.blobBytes() % 4096).isZero();
        }
    }

    private static void requireZeros(RandomAccessFile file, long from, long to) throws IOException {
        assertThat(to - from).isBetween(0L, 8191L);
        byte[] padding = new byte[(int) (to - from)];
        file.seek(from);
        file.readFully(padding);
        assertThat(padding).containsOnly(new byte[padding.length == 0 ? 0 : 1]);
    }

    @Test
    void blobsStandInTheOrderOfTheManifest() throws IOException {
        HostileTree.generate(
                tree, HostileTree.Options.small().with(Feature.LARGE_FILES).withEntries(2_000));
        store.ingest(tree);
        Manifest manifest = store.manifest(tree);
        Set<Digest> wanted = new LinkedHashSet<>();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.FILE && manifest.blob(entry) >= 0) {
                wanted.add(manifest.digest(manifest.blob(entry)));
            }
        }
        try (Packs packs = store.store().packs()) {
            assertThat(packs.all()).hasSize(1);
            assertThat(blobs(packs.all().get(0)).stream().map(Blob::digest)).containsExactlyElementsOf(wanted);
        }
    }

    @Test
    void aPackThatHasGrownToItsLimitIsFollowedByAnother() throws IOException {
        for (int i = 0; i < 60; i++) {
            Files.write(tree.resolve("small-" + i), noise(i, 20_000));
        }
        for (int i = 0; i < 4; i++) {
            Files.write(tree.resolve("large-" + i), noise(100 + i, 1_500_000));
        }
        long limit = 400_000;
        IngestReport report = store.ingest(tree, TestStore.options().withPackBytes(limit));
        assertThat(report.packBytes()).isEqualTo(store.packBytes());
        Set<Digest> seen = new HashSet<>();
        try (Packs packs = store.store().packs()) {
            assertThat(packs.all()).hasSizeGreaterThanOrEqualTo(7);
            for (PackFile pack : packs.all()) {
                List<Blob> blobs = blobs(pack);
                // only the last blob of a pack may reach over the limit, and only if it stands alone
                assertThat(blobs.size() == 1 || pack.blobBytes() <= limit + 1_048_576)
                        .isTrue();
                blobs.forEach(blob -> assertThat(seen.add(blob.digest())).isTrue());
            }
        }
        assertThat(seen).hasSize(64);
        assertThat(store.problems(store.manifest(tree))).isEmpty();
        assertThat(store.ingest(tree).newBlobs()).isZero();
    }

    @Test
    void aBlobMetTwiceStandsInOnePackOnly() throws IOException {
        byte[] large = noise(1, 2_000_000);
        byte[] middle = noise(2, 70_000);
        for (String name : List.of("a", "b", "c")) {
            Path folder = Files.createDirectory(tree.resolve(name));
            Files.write(folder.resolve("large"), large);
            Files.write(folder.resolve("middle"), middle);
            Files.write(folder.resolve("own"), noise(name.hashCode(), 700));
        }
        IngestReport report = store.ingest(tree, TestStore.options().withPackBytes(1_000_000));
        assertThat(report.newBlobs()).isEqualTo(5);
        assertThat(report.newBytes()).isEqualTo(2_070_000 + 3 * 700);
        // large files that turned out to be known took no space for good
        assertThat(store.packBytes()).isLessThan(2_070_000 + 100_000);
        assertThat(store.problems()).isEmpty();
        assertThat(store.problems(store.manifest(tree))).isEmpty();
    }

    @Test
    void whatFollowsAnAbandonedLargeFileIsPaddedWithZeros() throws IOException {
        Path before = Files.createDirectory(tree.resolve("a"));
        Files.write(before.resolve("large"), noise(1, 2_000_000));
        Files.write(before.resolve("large-again"), noise(1, 2_000_000));
        Files.write(before.resolve("odd"), noise(3, 1));
        Files.write(before.resolve("sparse"), new byte[3_000_001]);
        store.ingest(tree);
        assertThat(store.problems(store.manifest(tree))).isEmpty();
        try (Packs packs = store.store().packs();
                RandomAccessFile file = new RandomAccessFile(
                        store.files(Store.Room.PACKS).get(0).toFile(), "r")) {
            List<Blob> blobs = blobs(packs.all().get(0));
            assertThat(blobs).extracting(Blob::length).containsExactly(2_000_000L, 1L, 3_000_001L);
            requireZeros(file, blobs.get(1).offset() + 1, blobs.get(2).offset());
        }
    }
}
