package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.Reason;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files of a store are told with file, place and reason; nothing of them is taken for right. */
class DamageTest {
    private TestStore store;
    private Path tree;
    private Path pack;
    private byte[] whole;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.createInMemory();
        tree = store.directory("tree");
        for (int i = 0; i < 12; i++) {
            Path folder = Files.createDirectories(tree.resolve("folder-" + i % 3));
            Files.write(folder.resolve("file-" + i), noise(i, i == 5 ? 1_300_000 : 300 * i + 1));
        }
        store.ingest(tree);
        pack = store.files(Store.Room.PACKS).get(0);
        whole = Files.readAllBytes(pack);
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private static byte[] noise(int seed, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Path other = file.resolveSibling("other");
        Files.write(other, bytes);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 0x10;
        return flipped;
    }

    /** Reads all there is of the tree, and returns what is wrong with it. */
    private List<String> readAll() throws IOException {
        try {
            return store.problems(store.manifest(tree));
        } catch (FormatException e) {
            assertThat(e.file()).isNotEmpty();
            assertThat(e.offset()).isNotNegative();
            return List.of(e.getMessage());
        }
    }

    private long offsetOf(String path) throws IOException {
        Manifest manifest = store.manifest(tree);
        int entry = manifest.find(path.getBytes(StandardCharsets.US_ASCII));
        try (Packs packs = store.store().packs()) {
            return packs.require(manifest.digest(manifest.blob(entry)), "test").offset();
        }
    }

    @Test
    void everyByteOfAPackThatMattersIsChecked() throws IOException {
        long indexStart;
        try (Packs packs = store.store().packs()) {
            indexStart = packs.all().get(0).blobBytes();
        }
        SplittableRandom random = new SplittableRandom(1);
        int[] places = random.ints(60, (int) indexStart, whole.length).toArray();
        for (int at : places) {
            replace(pack, flipped(whole, at));
            assertThat(store.problems())
                    .describedAs("byte %d", at)
                    .anyMatch(problem -> problem.contains(pack.toString()));
        }
        for (int at = 0; at < 24; at++) {
            replace(pack, flipped(whole, at));
            assertThat(store.problems()).describedAs("header byte %d", at).isNotEmpty();
            assertThat(readAll()).describedAs("header byte %d", at).isNotEmpty();
        }
    }

    @Test
    void wrongBytesOfABlobAreToldWithPackPlaceAndPath() throws IOException {
        long offset = offsetOf("folder-2/file-5");
        replace(pack, flipped(whole, (int) offset + 1_200_000));
        assertThat(store.problems())
                .singleElement()
                .asString()
                .contains(pack.toString())
                .contains("byte " + offset)
                .contains(Reason.WRONG_CONTENT.sentence());
        assertThat(readAll())
                .singleElement()
                .asString()
                .contains("folder-2/file-5")
                .contains(pack.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "COPY, folder-2/file-5", "LINK, folder-2/file-5", "FARM, folder-2/file-5",
        "COPY, folder-1/file-7", "LINK, folder-1/file-7", "FARM, folder-1/file-7",
    })
    void aCheckoutOfADamagedBlobFailsAndLeavesNoWrongFile(CheckoutMode mode, String path) throws IOException {
        replace(pack, flipped(whole, (int) offsetOf(path) + 1_000));
        Path target = store.folder().resolve("out");
        Manifest manifest = store.manifest(tree);
        assertThatThrownBy(() -> store.checkout(manifest, target, mode, TestStore.EXACT))
                .isInstanceOfSatisfying(FormatException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.WRONG_CONTENT);
                    assertThat(e.file()).isEqualTo(pack.toString());
                });
        try (Stream<Path> made = Files.walk(target)) {
            for (Path file : made.filter(Files::isRegularFile).toList()) {
                assertThat(file).hasSameBinaryContentAs(tree.resolve(target.relativize(file)));
            }
        }
        // nor is a wrong one kept to be linked later
        replace(pack, whole);
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aShortenedPackIsRefusedAtAnyLength() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        for (int length : random.ints(20, 1, whole.length).toArray()) {
            replace(pack, Arrays.copyOf(whole, length));
            assertThat(readAll()).describedAs("%d bytes", length).isNotEmpty();
            assertThat(store.problems()).isNotEmpty();
        }
        replace(pack, new byte[0]);
        assertThatThrownBy(() -> store.store().packs())
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
        replace(pack, Arrays.copyOf(whole, whole.length + 4096));
        assertThat(readAll()).isNotEmpty();
    }

    @Test
    void aPackUnderAnotherNameIsRefused() throws IOException {
        Files.move(pack, pack.resolveSibling("0".repeat(64) + ".pack"));
        assertThatThrownBy(() -> store.store().packs())
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INCONSISTENT));
    }

    @Test
    void aMissingPackIsToldForEveryFileOfTheTree() throws IOException {
        Files.delete(pack);
        assertThat(readAll()).hasSize(12).allMatch(problem -> problem.contains(Reason.MISSING.sentence()));
    }

    @Test
    void onceTheDamagedPackIsMovedAwayTheTreeIsIngestedAnew() throws IOException, InterruptedException {
        replace(pack, flipped(whole, (int) offsetOf("folder-2/file-5") + 7));
        Files.move(pack, store.folder().resolve("aside"));
        IngestReport again = store.ingest(tree);
        assertThat(again.newBlobs()).isEqualTo(12);
        assertThat(store.problems()).isEmpty();
        assertThat(readAll()).isEmpty();
    }

    @Test
    void everyByteOfAManifestIsChecked() throws IOException {
        Path manifest = store.manifestFile(tree);
        byte[] bytes = Files.readAllBytes(manifest);
        for (int at = 0; at < bytes.length; at += 3) {
            Files.write(manifest, flipped(bytes, at));
            assertThatThrownBy(() -> store.manifest(tree))
                    .describedAs("byte %d", at)
                    .isInstanceOfSatisfying(
                            FormatException.class, e -> assertThat(e.file()).isEqualTo(manifest.toString()));
        }
        for (int length = 0; length < bytes.length; length += 61) {
            Files.write(manifest, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> store.manifest(tree)).isInstanceOf(FormatException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".velo", ".root"})
    void damagedRootsAreTold(String suffix) throws IOException {
        Path root = store.files(Store.Room.ROOTS).stream()
                .filter(file -> file.toString().endsWith(suffix))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(root);
        for (int at = 0; at < bytes.length; at += 5) {
            replace(root, flipped(bytes, at));
            assertThat(store.problems())
                    .describedAs("byte %d", at)
                    .anyMatch(problem -> problem.contains(root.toString()));
        }
        for (int length : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
            replace(root, Arrays.copyOf(bytes, length));
            assertThat(store.problems()).anyMatch(problem -> problem.contains(root.toString()));
        }
        replace(root, bytes);
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aLooseInodeThatSomebodyWroteToIsTold() throws IOException {
        Path out = store.folder().resolve("out");
        store.checkout(store.manifest(tree), out, CheckoutMode.LINK, TestStore.EXACT);
        Path handed = store.files(Store.Room.HANDED).get(3);
        Files.setAttribute(handed, "unix:mode", 0644);
        Files.write(handed, flipped(Files.readAllBytes(handed), 0));
        assertThat(store.problems()).singleElement().asString().contains(handed.toString());
    }
}
