package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.testing.ColdStore;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Report;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Blobs that are packed anew: compressed where that saves something, found and read as before.
 *
 * <pre>
 * tree/
 * ├── text-N     numbers in decimal, N bytes, around every bound
 * ├── noise-N    random bytes
 * ├── zeros      200,000 of them: no LZ4 block expands more
 * ├── tiny       no more than a block
 * └── too-long   of zeros, one byte more than is compressed
 * </pre>
 */
class RepackingTest {
    private static final int[] SIZES = {2_000, 4096, 65_535, 65_536, 65_537, 1 << 20, (1 << 20) + 1, 3_000_000};

    private TestStore store;
    private Path tree;

    @BeforeEach
    void ingestTree() throws IOException {
        store = TestStore.createInMemory();
        tree = store.directory("tree");
        for (int size : SIZES) {
            Files.write(tree.resolve("text-" + size), text(size));
            Files.write(tree.resolve("noise-" + size), noise(size));
        }
        Files.write(tree.resolve("zeros"), new byte[200_000]);
        Files.writeString(tree.resolve("tiny"), "a".repeat(PackFormat.BLOCK_BYTES));
        try (RandomAccessFile file =
                new RandomAccessFile(tree.resolve("too-long").toFile(), "rw")) {
            file.setLength(PackFormat.MAX_COMPRESSED_LENGTH + 1L);
        }
        store.ingest(tree);
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private static byte[] text(int size) {
        StringBuilder text = new StringBuilder();
        for (int i = size; text.length() < size; i++) {
            text.append("number ").append(i).append(" of many, ");
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private Packs.Location location(Packs packs, String file) throws IOException {
        Manifest manifest = store.manifest(tree);
        int entry = manifest.find(file.getBytes(StandardCharsets.US_ASCII));
        return packs.require(manifest.digest(manifest.blob(entry)), "test");
    }

    @Test
    void whatCompressesIsCompressedAndTheOthersAreAsTheyAre() throws IOException {
        Repacking.Report report = ColdStore.freeze(store.store());
        assertThat(report.packs()).hasSize(1);
        assertThat(report.blobs()).isEqualTo(2L * SIZES.length + 3);
        assertThat(report.compressed()).isEqualTo(SIZES.length + 1);
        try (Packs packs = store.store().packs()) {
            for (int size : SIZES) {
                assertThat(location(packs, "text-" + size).isRaw()).isFalse();
                assertThat(location(packs, "noise-" + size).isRaw()).isTrue();
            }
            assertThat(location(packs, "zeros").storedLength()).isBetween(200_000L / 255, 1000L);
            assertThat(location(packs, "tiny").isRaw()).isTrue();
            assertThat(location(packs, "too-long").isRaw()).isTrue();
            long stored = packs.all().getFirst().blobBytes() - PackFormat.MAX_COMPRESSED_LENGTH;
            assertThat(report.storedBytes() - PackFormat.MAX_COMPRESSED_LENGTH)
                    .isBetween(stored - packs.all().getFirst().index().count() * 4096L, stored);
        }
    }

    @Test
    void nothingIsWrongWithThem() throws IOException {
        Repacking.Report report = ColdStore.freeze(store.store());
        assertThat(store.problems()).isEmpty();
        assertThat(store.problems(store.manifest(tree))).isEmpty();
        Report whole = Verification.ofStore(
                store.store(), VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO));
        assertThat(whole.blobs()).isEqualTo(2L * SIZES.length + 3);
        assertThat(whole.bytes()).isEqualTo(report.storedBytes());
    }

    @ParameterizedTest
    @EnumSource(names = {"COPY", "FARM", "LINK"})
    void checkoutsAreTheTree(CheckoutMode mode) throws IOException {
        ColdStore.freeze(store.store());
        Path out = store.folder().resolve("out");
        store.checkout(store.manifest(tree), out, mode, TestStore.EXACT);
        TreeComparison.Options options = TreeComparison.Options.standard();
        assertThat(TreeComparison.differences(
                        tree, out, mode == CheckoutMode.LINK ? options.without(Aspect.MODE) : options))
                .isEmpty();
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void whatIsIngestedAgainIsKnown() throws IOException {
        ColdStore.freeze(store.store());
        assertThat(store.ingest(tree).newBlobs()).isZero();
        assertThat(store.files(Store.Room.PACKS)).hasSize(1);
    }

    /** The same pack, to the byte, since its id is that of its index and each blob is held against its digest. */
    @Test
    void compressedAndBackAgainIsWhatItWas() throws IOException {
        List<Digest> before = ColdStore.repack(store.store(), PackEncoding.RAW).packs();
        List<Digest> cold = ColdStore.freeze(store.store()).packs();
        assertThat(cold).doesNotContainAnyElementsOf(before);
        assertThat(ColdStore.freeze(store.store()).packs()).isEqualTo(cold);
        assertThat(ColdStore.repack(store.store(), PackEncoding.KEPT).packs()).isEqualTo(cold);
        assertThat(ColdStore.repack(store.store(), PackEncoding.RAW).packs()).isEqualTo(before);
        assertThat(ColdStore.repack(store.store(), PackEncoding.KEPT).packs()).isEqualTo(before);
    }

    @Test
    void aRawPlaceIsFoundBeforeACompressedOne() throws IOException {
        List<Digest> raw;
        try (Packs packs = store.store().packs()) {
            raw = packs.all().stream().map(PackFile::id).toList();
            // the larger pack is looked into first
            Path more = store.directory("more");
            for (int i = 0; i < 50; i++) {
                Files.write(more.resolve("text" + i), text(1000 + i));
            }
            store.ingest(more);
            packs.refresh();
            Digest cold = Repacking.run(store.store(), ColdStore.blobs(packs), PackEncoding.COLD)
                    .packs()
                    .getFirst();
            packs.refresh();
            assertThat(packs.all().getFirst().id()).isEqualTo(cold);
            Packs.Location found = location(packs, "text-4096");
            assertThat(raw).contains(found.pack().id());
            assertThat(packs.requireFrom(cold, found.digest(), "test")).isEqualTo(found);
            assertThat(found.isRaw()).isTrue();
        }
    }

    @Test
    void packsEndWhereTheyAreLongEnough() throws IOException {
        try (Packs packs = store.store().packs();
                Repacking repacking = new Repacking(store.store(), PackEncoding.COLD, 1 << 20)) {
            for (Packs.Location blob : ColdStore.blobs(packs)) {
                repacking.add(blob);
                repacking.add(blob);
            }
            Repacking.Report report = repacking.finish();
            assertThat(report.packs()).hasSizeGreaterThan(3);
            assertThat(report.blobs()).isEqualTo(2L * SIZES.length + 3);
        }
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void whatIsNotFinishedLeavesNothing() throws IOException {
        List<Path> before = store.files(Store.Room.PACKS);
        try (Packs packs = store.store().packs();
                Repacking repacking = new Repacking(store.store(), PackEncoding.COLD, Repacking.PACK_BYTES)) {
            ColdStore.blobs(packs).forEach(blob -> assertThat(blob.length()).isPositive());
            repacking.add(ColdStore.blobs(packs).getFirst());
        }
        assertThat(Repacking.run(store.store(), List.of(), PackEncoding.COLD).packs())
                .isEmpty();
        assertThat(store.files(Store.Room.PACKS)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(PackEncoding.class)
    void aDamagedBlobIsNotMovedOnAndOthersAre(PackEncoding encoding) throws IOException {
        Path pack = store.files(Store.Room.PACKS).getFirst();
        List<String> refused = new ArrayList<>();
        try (Packs packs = store.store().packs()) {
            for (String file : List.of("text-3000000", "text-4096", "noise-65536")) {
                pack.toFile().setWritable(true);
                try (RandomAccessFile bytes = new RandomAccessFile(pack.toFile(), "rw")) {
                    bytes.seek(location(packs, file).offset() + 4000);
                    bytes.write('!');
                }
            }
            try (Repacking repacking = new Repacking(store.store(), encoding, Repacking.PACK_BYTES)) {
                for (Packs.Location blob : ColdStore.blobs(packs)) {
                    try {
                        repacking.add(blob);
                    } catch (FormatException e) {
                        refused.add(e.getMessage());
                    }
                }
                assertThat(repacking.finish().blobs()).isEqualTo(2L * SIZES.length);
            }
        }
        assertThat(refused).hasSize(3).allMatch(message -> message.contains(pack.toString()));
        Files.delete(pack);
        assertThat(store.problems()).hasSize(3).allMatch(problem -> problem.contains("is in no pack"));
        assertThatThrownBy(() -> store.checkout(
                        store.manifest(tree), store.folder().resolve("out"), CheckoutMode.COPY, TestStore.EXACT))
                .isInstanceOf(FormatException.class);
    }
}
