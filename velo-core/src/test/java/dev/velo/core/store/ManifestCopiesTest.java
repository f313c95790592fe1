package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.Reason;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Repair;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which form the store's copies of manifests have, and what that makes of the store.
 *
 * <pre>
 * empty/               a manifest that no form makes shorter
 * full/
 * ├── file-000 … 199   each with its number
 * └── same-000 … 199   "the same"
 * </pre>
 */
class ManifestCopiesTest {
    private static final String FIRST = "velo-store 1 sha-256 512\n";
    private static final String SECOND = "velo-store 2 sha-256 512\n";
    private static final int FILES = 200;

    private TestStore store;
    private Path empty;
    private Path full;

    @BeforeEach
    void make() throws IOException {
        store = TestStore.create();
        empty = store.directory("empty");
        full = store.directory("full");
        for (int i = 0; i < FILES; i++) {
            Files.writeString(full.resolve(String.format("file-%03d", i)), "number " + i);
            Files.writeString(full.resolve(String.format("same-%03d", i)), "the same");
        }
    }

    @AfterEach
    void delete() throws IOException {
        store.close();
    }

    private Path copy(Digest tree) {
        return store.room(Store.Room.ROOTS).resolve(tree + ".velo");
    }

    private Path format() {
        return store.folder().resolve("store/FORMAT");
    }

    /** The store, opened again as an older Velo has left it. */
    private void becomeFirstVersion() throws IOException {
        store.store().close();
        Files.writeString(format(), FIRST);
        store = TestStore.in(store.folder());
    }

    private static String magic(Path file) throws IOException {
        return new String(Files.readAllBytes(file), 0, 8, StandardCharsets.US_ASCII);
    }

    @Test
    void aCopyIsCompactAndIsTheSameManifest() throws IOException {
        Digest tree = store.ingest(full).tree();
        byte[] manifest = Files.readAllBytes(store.manifestFile(full));
        assertThat(magic(copy(tree))).isEqualTo("VELOCOMP");
        assertThat(Files.size(copy(tree))).isLessThan(manifest.length / 2);
        assertThat(magic(store.manifestFile(full))).isEqualTo("VELOTREE");

        Manifest read = new Roots(store.store()).manifest(tree);
        assertThat(read.entryCount()).isEqualTo(2 * FILES + 1);
        assertThat(read.digestBytes()).isEqualTo(store.manifest(full).digestBytes());
        assertThat(new ManifestCopies(store.store()).verify(ManifestCopies.name(tree)))
                .isEqualTo(tree);
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aCopyThatWouldNotBeShorterIsTheManifest() throws IOException {
        Digest tree = store.ingest(empty).tree();
        assertThat(copy(tree)).hasSameBinaryContentAs(store.manifestFile(empty));
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void digestsAreReadWithoutTheRest() throws IOException {
        Digest tree = store.ingest(full).tree();
        byte[] expected = store.manifest(full).digestBytes();
        ManifestCopies copies = new ManifestCopies(store.store());
        assertThat(copies.digests(tree, FILES + 1)).isEqualTo(expected);
        assertThat(copies.digests(tree, FILES)).isNull();
        Files.delete(copy(tree));
        assertThat(copies.digests(tree, FILES + 1)).isNull();
        Files.copy(store.manifestFile(full), copy(tree));
        assertThat(copies.digests(tree, FILES + 1)).isEqualTo(expected);
    }

    @Test
    void digestsOfAFileThatIsCutAreNone() throws IOException {
        Digest tree = store.ingest(full).tree();
        byte[] whole = Files.readAllBytes(copy(tree));
        ManifestCopies copies = new ManifestCopies(store.store());
        for (int length : new int[] {0, 8, 63, 95, 96, 1000, FILES * Digest.BYTES}) {
            Files.delete(copy(tree));
            Files.write(copy(tree), Arrays.copyOf(whole, length));
            assertThat(copies.digests(tree, FILES + 1)).as("%d bytes", length).isNull();
        }
    }

    @Test
    void aCopyUnderAnotherNameIsNotItsTree() throws IOException {
        Digest tree = store.ingest(full).tree();
        Digest other = new Digest(1, 2, 3, 4);
        Files.copy(copy(tree), copy(other));
        assertThatThrownBy(() -> new ManifestCopies(store.store()).verify(ManifestCopies.name(other)))
                .isInstanceOfSatisfying(
                        FormatException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.WRONG_CONTENT));
    }

    @Test
    void aCompactCopyIsNoManifestForStrangers() throws IOException {
        Digest tree = store.ingest(full).tree();
        byte[] path = TestStore.bytes(copy(tree));
        assertThat(Store.isManifest(path)).isFalse();
        assertThatThrownBy(() -> Store.readManifest(path))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(copy(tree) + ": ")
                .hasMessageContaining("a compact manifest, which only the store that keeps it reads");
        assertThatThrownBy(() -> new Registration(store.store()).add(path)).isInstanceOf(FormatException.class);
    }

    @Test
    void aRepairWritesACompactCopyAgain() throws IOException {
        Digest tree = store.ingest(full, synced()).tree();
        byte[] whole = Files.readAllBytes(copy(tree));
        byte[] damaged = whole.clone();
        damaged[1000] ^= 1;
        Files.delete(copy(tree));
        Files.write(copy(tree), damaged);
        Repair.run(store.store(), () -> Verification.ofStore(store.store(), VerifyOptions.of(Depth.STRUCTURE)));
        assertThat(copy(tree)).hasBinaryContent(whole);
        assertThat(store.room(Store.Room.QUARANTINE).resolve(tree + ".velo")).hasBinaryContent(damaged);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy(tree))))
                .isEqualTo("r--------");
    }

    private static IngestOptions synced() {
        return TestStore.options().withSync(SyncPolicy.FULL);
    }

    @Test
    void aStoreBecomesOneOfTheSecondVersionWithItsFirstCompactCopy() throws IOException {
        becomeFirstVersion();
        Files.setPosixFilePermissions(format(), PosixFilePermissions.fromString("rw-r--r--"));
        store.ingest(empty);
        assertThat(format()).hasContent(FIRST);
        Digest tree = store.ingest(full).tree();
        assertThat(format()).hasContent(SECOND);
        assertThat(magic(copy(tree))).isEqualTo("VELOCOMP");
        assertThat(store.folder().resolve("store")).isDirectoryNotContaining("glob:**/.tmp*");
        assertThat(store.room(Store.Room.ROOTS)).isDirectoryNotContaining("glob:**/.tmp*");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(format())))
                .as("of a store that is open to others")
                .isEqualTo("rw-r--r--");
    }

    @Test
    void whoFindsThatAnotherProcessHasDoneItLeavesItAlone() throws IOException {
        becomeFirstVersion();
        Files.writeString(format(), SECOND);
        Object before = Files.getAttribute(format(), "unix:ino");
        store.ingest(full);
        assertThat(Files.getAttribute(format(), "unix:ino")).isEqualTo(before);
    }

    @Test
    void aPlainCopyStaysPlainAndIsRead() throws IOException {
        Digest tree = store.ingest(full).tree();
        Files.delete(copy(tree));
        Files.copy(store.manifestFile(full), copy(tree));
        becomeFirstVersion();
        assertThat(store.problems()).isEmpty();
        assertThat(new Roots(store.store()).manifest(tree).entryCount()).isEqualTo(2 * FILES + 1);
        store.ingest(full, synced());
        assertThat(magic(copy(tree))).isEqualTo("VELOTREE");
        assertThat(store.problems()).isEmpty();
    }
}
