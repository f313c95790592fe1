package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.testing.TestData;
import dev.velo.core.testing.ViewComparison;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.ImageDefect.Found;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image is kept as long as it is sound and its packs are there; else it is bound anew, or the refusal names what is missing. */
class ImagesTest {
    private TestStore store;
    private Path tree;
    private IngestReport report;

    @BeforeEach
    void ingestATree() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.writeString(Files.createDirectory(tree.resolve("directory")).resolve("file"), "text");
        Files.writeString(tree.resolve("other"), "other text");
        report = store.ingest(tree);
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private Image image() throws IOException {
        return Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree));
    }

    /** Binds the tree if it is not bound, and returns the image's file. */
    private Path bound() throws IOException {
        try (Image image = image()) {
            return Path.of(PathBytes.show(image.path()));
        }
    }

    private String uuid() throws IOException {
        try (Image image = image()) {
            return HexFormat.of().formatHex(image.uuid());
        }
    }

    private void requireWhole() throws IOException {
        try (View view = View.open(store.store(), image())) {
            view.image().verify();
            assertThat(ViewComparison.compare(tree, view).differences()).isEmpty();
        }
    }

    private List<Path> packs() throws IOException {
        return store.files(Store.Room.PACKS);
    }

    @Test
    void aSoundImageIsKept() throws IOException {
        String first = uuid();
        assertThat(uuid()).isEqualTo(first);
        requireWhole();
    }

    @Test
    void anImageThatIsGoneIsBoundAnew() throws IOException {
        String first = uuid();
        Files.delete(bound());
        assertThat(uuid()).isNotEqualTo(first);
        requireWhole();
    }

    @Test
    void anImageThatIsDamagedAtItsEndsIsBoundAnew() throws IOException {
        Path file = bound();
        byte[] sound = Files.readAllBytes(file);
        for (byte[] damaged : List.of(
                new byte[0],
                Arrays.copyOf(sound, 100),
                Arrays.copyOf(sound, sound.length / 2),
                Arrays.copyOf(sound, sound.length - 1),
                Arrays.copyOf(sound, sound.length + 512),
                flipped(sound, 1030),
                flipped(sound, sound.length - 50))) {
            replace(file, damaged);
            requireWhole();
            assertThat(Files.size(file)).isEqualTo(sound.length);
        }
    }

    /** Whatever opening refuses gets to no view and no mount. */
    @Test
    void noRejectFileOfTheFormatIsUsed() throws IOException {
        try (TestStore golden = ImageFixture.store()) {
            byte[] manifest = ImageFixture.manifest();
            Digest digest = ImageFixture.tree(manifest);
            ManifestSource source = () -> ImageFixture.read(manifest);
            Image first = Images.of(golden.store(), digest, TestStore.EXACT, source);
            first.close();
            Path file = Path.of(PathBytes.show(first.path()));
            Path directory = TestData.path("testdata/image/reject");
            for (ImageDefect defect : ImageRejectTest.defects()) {
                if (defect.found() == Found.OPENED) {
                    replace(file, Files.readAllBytes(directory.resolve(defect.file())));
                    try (Image image = Images.of(golden.store(), digest, TestStore.EXACT, source)) {
                        image.verify();
                        assertThat(image.tree()).as(defect.name()).isEqualTo(digest);
                    }
                }
            }
        }
    }

    @Test
    void whatIsNoImageInItsPlaceIsReplaced() throws IOException {
        Path file = bound();
        Path elsewhere = Files.writeString(store.folder().resolve("elsewhere"), "precious");
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        requireWhole();
        assertThat(elsewhere).hasContent("precious");
        assertThat(file).isRegularFile();
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void theImageOfAnotherTreeInItsPlaceIsReplaced() throws IOException {
        Path other = store.directory("another");
        Files.writeString(other.resolve("file"), "text");
        Path file = bound();
        try (Image image = OpenedTree.image(store, other)) {
            Files.copy(Path.of(PathBytes.show(image.path())), file, StandardCopyOption.REPLACE_EXISTING);
        }
        requireWhole();
    }

    @Test
    void blobsThatAreInAnotherPackNowAreFoundThere() throws IOException {
        Path file = bound();
        List<Path> old = packs();
        Files.move(old.getFirst(), store.folder().resolve("moved"));
        Path more = store.directory("more");
        Files.writeString(more.resolve("before"), "written first, so that the pack is another one");
        Files.writeString(more.resolve("file"), "text");
        Files.writeString(more.resolve("other"), "other text");
        store.ingest(more);
        assertThat(packs()).isNotEqualTo(old);
        byte[] before = Files.readAllBytes(file);
        requireWhole();
        assertThat(file.toFile()).isFile();
        assertThat(Files.readAllBytes(file)).isNotEqualTo(before);
    }

    @Test
    void aBlobThatNoPackHoldsIsNamed() throws IOException {
        bound();
        Files.delete(packs().getFirst());
        assertThatThrownBy(this::image)
                .isInstanceOfSatisfying(
                        FormatException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.MISSING))
                .hasMessageContaining("ingest the tree again");
    }

    @Test
    void aPackThatHasBecomeShorterIsNamed() throws IOException {
        bound();
        Path pack = packs().getFirst();
        try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
            file.setLength(600);
        }
        assertThatThrownBy(this::image).isInstanceOfSatisfying(FormatException.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.TRUNCATED);
            assertThat(refusal.file()).isEqualTo(pack.toString());
        });
    }

    @Test
    void aDirectoryInThePlaceOfAPackIsNoPack() throws IOException {
        bound();
        Path pack = packs().getFirst();
        Files.move(pack, store.folder().resolve("moved"));
        Files.createDirectory(pack);
        assertThatThrownBy(this::image).isInstanceOf(IOException.class).hasMessageContaining("EISDIR");
    }

    /** Opening does not look there, and the kernel believes it. */
    @Test
    void damageInTheMiddleIsFoundWhenTheStoreIsVerified() throws IOException {
        Path file = bound();
        assertThat(store.problems()).isEmpty();
        byte[] sound = Files.readAllBytes(file);
        for (int at : new int[] {1536 + 4, sound.length / 2, sound.length - 120}) {
            replace(file, flipped(sound, at));
            assertThat(store.problems())
                    .singleElement()
                    .asString()
                    .startsWith(file + ": ")
                    .endsWith("remove it, it is made anew");
        }
    }

    /** Trust and owners decide what an image says; each choice has its own. */
    @Test
    void otherPoliciesHaveOtherImages() throws IOException {
        MetadataPolicy plain = new MetadataPolicy(Root.Trust.UNTRUSTED, MetadataPolicy.Ownership.MAKER);
        try (Image exact = image();
                Image other = Images.of(store.store(), report.tree(), plain, () -> store.manifest(tree))) {
            assertThat(other.path()).isNotEqualTo(exact.path());
            assertThat(other.uuid()).isNotEqualTo(exact.uuid());
        }
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Files.delete(file);
        Files.write(file, bytes);
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 1;
        return flipped;
    }
}
