package dev.velo.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Reason;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a store is found at the depth that reads it, and told with who is touched by it. */
class VerificationTest {
    private DamagedStore store;

    @BeforeEach
    void make() throws IOException {
        store = new DamagedStore();
    }

    @AfterEach
    void delete() throws IOException {
        store.close();
    }

    private static Finding only(Report report) {
        assertThat(report.findings()).hasSize(1);
        return report.findings().getFirst();
    }

    private static List<String> uses(Finding finding) {
        return finding.uses().first().stream()
                .map(use -> Path.of(use.manifest()).getFileName() + " " + use.shown())
                .toList();
    }

    @Test
    void aWholeStoreIsRightAtAnyDepth() throws IOException {
        Report structure = store.verify(DamagedStore.STRUCTURE);
        assertThat(structure.problems()).isEmpty();
        assertThat(structure.packs()).isEqualTo(2);
        assertThat(structure.trees()).isEqualTo(2);
        assertThat(structure.blobs()).isEqualTo(3);
        assertThat(structure.bytes()).isZero();

        Report contents = store.verify(DamagedStore.CONTENTS);
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.blobs()).isEqualTo(3);
        assertThat(contents.bytes()).isEqualTo(3_000 + 1_300_000 + 70_000);
    }

    @Test
    void otherBytesOfABlobAreFoundInContentsWithEveryTreeAndPath() throws IOException {
        Path pack = store.damageBlob(store.one, "a/small", 100);

        assertThat(store.verify(DamagedStore.STRUCTURE).problems()).isEmpty();
        Finding finding = only(store.verify(DamagedStore.CONTENTS));
        assertThat(finding.kind()).isEqualTo(Finding.Kind.BLOB);
        assertThat(finding.sentence())
                .contains(pack.toString(), Reason.WRONG_CONTENT.sentence(), "byte " + finding.offset());
        assertThat(uses(finding)).containsExactlyInAnyOrder("one.velo a/small", "one.velo a/twin", "two.velo same");
        assertThat(finding.uses().count()).isEqualTo(3);
    }

    @Test
    void aFurtherNameIsTouchedAsWell() throws IOException {
        store.damageBlob(store.one, "b/large", 1_200_000);

        Finding finding = only(store.verify(DamagedStore.CONTENTS));
        assertThat(uses(finding)).containsExactlyInAnyOrder("one.velo b/large", "one.velo hard");
    }

    @Test
    void ofManyUsesSomeAreNamedAndAllCounted() throws IOException {
        Path many = store.own.directory("many");
        for (int i = 0; i < 50; i++) {
            Files.write(many.resolve("file-" + i), DamagedStore.noise(1, 3000));
        }
        store.own.ingest(many);
        store.damageBlob(store.one, "a/small", 0);

        Finding finding = only(store.verify(DamagedStore.CONTENTS));
        assertThat(finding.uses().count()).isEqualTo(53);
        assertThat(finding.uses().first()).hasSize(Uses.LIMIT);
        assertThat(finding.told()).contains("and 33 more");
    }

    @Test
    void aDamagedIndexOrFooterIsFoundInTheStructureWithWhatIsMissing() throws IOException {
        Path pack = store.pack(store.two, "other");
        for (long at : new long[] {-1, -30, -80}) {
            DamagedStore.damage(pack, at);
            Report report = store.verify(DamagedStore.STRUCTURE);
            assertThat(report.findings())
                    .anySatisfy(finding -> assertThat(finding.sentence()).contains(pack.toString()))
                    .anySatisfy(finding -> {
                        assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING);
                        assertThat(uses(finding)).containsExactly("two.velo other");
                    });
            DamagedStore.damage(pack, at);
            assertThat(store.verify(DamagedStore.STRUCTURE).problems()).isEmpty();
        }
    }

    @Test
    void aTreeIsVerifiedByItself() throws IOException {
        store.damageBlob(store.two, "other", 0);
        assertThat(ofTree(store.one, DamagedStore.CONTENTS).problems()).isEmpty();
        assertThat(ofTree(store.two, DamagedStore.STRUCTURE).problems()).isEmpty();
        assertThat(uses(only(ofTree(store.two, DamagedStore.CONTENTS)))).containsExactly("two.velo other");

        Files.delete(store.pack(store.two, "other"));
        assertThat(uses(only(ofTree(store.two, DamagedStore.STRUCTURE)))).containsExactly("two.velo other");
    }

    private Report ofTree(Path tree, VerifyOptions options) throws IOException {
        byte[] path = TestStore.bytes(store.own.manifestFile(tree));
        Root root = Root.unregistered(Roots.digestOf(path), path);
        return Verification.ofTree(store.own.store(), root, store.own.manifest(tree), options);
    }

    @Test
    void aDamagedCopyOfAManifestIsToldAndItsTreeStillVerified() throws IOException {
        Path copy = store.roots(".velo").getFirst();
        DamagedStore.damage(copy, 200);
        store.damageBlob(store.one, "a/small", 0);

        Report report = store.verify(DamagedStore.CONTENTS);
        assertThat(report.findings()).hasSize(2).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.MANIFEST);
            assertThat(finding.sentence()).contains(copy.toString());
        });
        assertThat(report.findings())
                .anySatisfy(finding -> assertThat(finding.uses().count()).isEqualTo(3));
    }

    @Test
    void aTreeWithoutAnyManifestIsTold() throws IOException {
        Files.delete(store.roots(".velo").getFirst());
        assertThat(store.verify(DamagedStore.STRUCTURE).problems()).isEmpty();
        Files.delete(store.own.manifestFile(store.one));
        Files.delete(store.own.manifestFile(store.two));
        assertThat(only(store.verify(DamagedStore.STRUCTURE)).sentence()).contains("ingest the tree again");
    }

    @Test
    void aDamagedRootIsTold() throws IOException {
        Path root = store.roots(".root").getFirst();
        DamagedStore.damage(root, 20);
        assertThat(only(store.verify(DamagedStore.STRUCTURE)).sentence()).contains(root.toString());
    }

    @Test
    void aDamagedImageIsFoundInTheStructure() throws IOException {
        Roots roots = new Roots(store.own.store());
        Images.of(
                        store.own.store(),
                        roots.all().getFirst().tree(),
                        TestStore.EXACT,
                        () -> roots.manifest(roots.all().getFirst()))
                .close();
        Path image = store.own.files(Store.Room.IMAGES).stream()
                .filter(file -> !file.toString().endsWith(".lock"))
                .findFirst()
                .orElseThrow();
        DamagedStore.damage(image, -120);

        Finding finding = only(store.verify(DamagedStore.STRUCTURE));
        assertThat(finding.kind()).isEqualTo(Finding.Kind.IMAGE);
        assertThat(finding.sentence()).contains(image.toString(), "it is made anew");
    }

    @Test
    void aChangedLooseFileIsFoundInContentsWithItsUsesAndItsFarm() throws IOException {
        Path farm = farm();
        Path object = store.own.files(Store.Room.OBJECTS).stream()
                .filter(file -> file.toFile().length() == 70_000)
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(object);
        bytes[0]++;
        Files.write(object, bytes);

        assertThat(store.verify(DamagedStore.STRUCTURE).problems()).isEmpty();
        Report report = store.verify(DamagedStore.CONTENTS);
        assertThat(report.findings()).hasSize(2);
        assertThat(report.findings()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.LOOSE);
            assertThat(finding.sentence()).contains(object.toString());
            assertThat(uses(finding)).containsExactly("two.velo other");
        });
        assertThat(report.findings()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.FARM);
            assertThat(farm.toString()).startsWith(finding.sentence().split(":", 2)[0]);
        });
    }

    private Path farm() throws IOException {
        Roots roots = new Roots(store.own.store());
        Root root = roots.all().stream()
                .filter(each -> PathBytes.show(each.origin()).endsWith("two"))
                .findFirst()
                .orElseThrow();
        store.own.checkout(
                store.own.manifest(store.two), store.own.folder().resolve("out"), CheckoutMode.LINK, TestStore.EXACT);
        try (var made = dev.velo.core.present.Farm.of(
                store.own.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root), 1)) {
            return Path.of(PathBytes.show(made.tree()));
        }
    }

    @Test
    void packsThatWereWholeAWhileAgoAreNotReadAgain() throws IOException {
        VerifyOptions week = DamagedStore.CONTENTS.withMaxAge(Duration.ofDays(7));
        assertThat(store.verify(week).skippedPacks()).isZero();
        Report again = store.verify(week);
        assertThat(again.skippedPacks()).isEqualTo(2);
        assertThat(again.blobs()).isZero();
        assertThat(store.verify(DamagedStore.CONTENTS).blobs()).isEqualTo(3);
        assertThat(store.verify(DamagedStore.CONTENTS.withMaxAge(null)).blobs()).isEqualTo(3);
    }

    @Test
    void aPackThatSomebodyWroteToIsReadAgain() throws IOException {
        VerifyOptions week = DamagedStore.CONTENTS.withMaxAge(Duration.ofDays(7));
        store.verify(week);
        store.damageBlob(store.two, "other", 5);
        Report report = store.verify(week);
        assertThat(report.skippedPacks()).isEqualTo(1);
        assertThat(only(report).kind()).isEqualTo(Finding.Kind.BLOB);
        assertThat(only(store.verify(week)).kind()).isEqualTo(Finding.Kind.BLOB);
    }

    @Test
    void anInterruptedVerificationGoesOn() throws IOException {
        store.verify(DamagedStore.CONTENTS);
        Path state = store.own.room(Store.Room.STATS).resolve("verify");
        // as it stands there in the middle of a verification
        String text =
                Files.readString(state).replaceAll("begun 0\n", "begun " + System.currentTimeMillis() / 1000 + "\n");
        Path pack = store.pack(store.two, "other");
        String id = pack.getFileName().toString().replace(".pack", "");
        String body = text.replaceAll("pack " + id + " .*\n", "").replaceAll("crc32c .*\n", "");
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(body.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Files.writeString(state, body + "crc32c " + String.format("%08x", crc.getValue()) + "\n");

        Report rest = store.verify(DamagedStore.CONTENTS.withMaxAge(null));
        assertThat(rest.skippedPacks()).isEqualTo(1);
        assertThat(rest.blobs()).isEqualTo(1);
        // that one came to its end, and the next is a new one
        assertThat(store.verify(DamagedStore.CONTENTS.withMaxAge(null)).blobs()).isEqualTo(3);
    }

    @Test
    void aDamagedNoteOfWhatWasReadIsAsIfThereWereNone() throws IOException {
        VerifyOptions week = DamagedStore.CONTENTS.withMaxAge(Duration.ofDays(7));
        store.verify(week);
        Path state = store.own.room(Store.Room.STATS).resolve("verify");
        DamagedStore.damage(state, 30);
        assertThat(store.verify(week).blobs()).isEqualTo(3);
        Files.write(state, new byte[0]);
        assertThat(store.verify(week).blobs()).isEqualTo(3);
    }
}
