package dev.velo.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.Farm;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A repair makes right what can be made right, says what is lost, and deletes nothing that is truth. */
class RepairTest {
    private DamagedStore store;

    @BeforeEach
    void make() throws IOException {
        store = new DamagedStore();
    }

    @AfterEach
    void delete() throws IOException {
        store.close();
    }

    private void requireRight() throws IOException {
        assertThat(store.verify(DamagedStore.CONTENTS).problems()).isEmpty();
        int number = 0;
        for (Path tree : List.of(store.one, store.two)) {
            Path out = store.own.folder().resolve("out-" + number++);
            store.own.checkout(store.own.manifest(tree), out, CheckoutMode.COPY, TestStore.EXACT);
            HostileTree.deleteTree(out);
        }
    }

    @Test
    void aWholeStoreIsLeftAsItIs() throws IOException {
        List<Path> before = store.own.files(Store.Room.PACKS);
        RepairReport report = store.repair(DamagedStore.CONTENTS);
        assertThat(report.done()).isEmpty();
        assertThat(report.left()).isEmpty();
        assertThat(store.own.files(Store.Room.PACKS)).isEqualTo(before);
        assertThat(store.quarantine()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/small", "b/large"})
    void aBlobIsReadAgainFromTheOriginAndThePackIsTheSameAgain(String path) throws IOException {
        byte[] before = Files.readAllBytes(store.pack(store.one, path));
        Path pack = store.damageBlob(store.one, path, 7);
        byte[] damaged = Files.readAllBytes(pack);

        RepairReport report = store.repair(DamagedStore.CONTENTS);

        assertThat(report.left()).isEmpty();
        assertThat(report.done()).singleElement().asString().contains(pack.toString(), "read again from " + store.one);
        assertThat(pack).hasBinaryContent(before);
        assertThat(store.quarantine())
                .singleElement()
                .satisfies(kept -> assertThat(kept).hasBinaryContent(damaged));
        requireRight();
    }

    @Test
    void theOriginOfAnotherTreeServesAsWell() throws IOException {
        Files.delete(store.one.resolve("a/small"));
        Files.write(store.one.resolve("a/twin"), DamagedStore.noise(9, 3000));
        store.damageBlob(store.one, "a/small", 7);

        assertThat(store.repair(DamagedStore.CONTENTS).done())
                .singleElement()
                .asString()
                .contains("same of ");
        requireRight();
    }

    @Test
    void whatHasChangedAtTheOriginIsLostAndTheRestIsKept() throws IOException {
        Files.write(store.one.resolve("b/large"), DamagedStore.noise(9, 1_300_000));
        Path pack = store.damageBlob(store.one, "b/large", 7);

        RepairReport report = store.repair(DamagedStore.CONTENTS);

        assertThat(report.left()).singleElement().asString().contains("is lost", "b/large of ", "hard of ");
        assertThat(pack).doesNotExist();
        assertThat(store.quarantine()).hasSize(1);
        assertThat(store.verify(DamagedStore.CONTENTS).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING);
                    assertThat(finding.uses().count()).isEqualTo(2);
                });
        // the tree is ingested anew, and what it lacked is there
        Files.write(store.one.resolve("b/large"), DamagedStore.noise(2, 1_300_000));
        store.own.ingest(store.one);
        requireRight();
    }

    @Test
    void nothingIsReadThroughWhatAHostilePlaceHasPutThere() throws Exception {
        Path elsewhere = store.own.directory("elsewhere");
        Files.write(elsewhere.resolve("large"), DamagedStore.noise(2, 1_300_000));
        HostileTree.deleteTree(store.one.resolve("b"));
        Files.createSymbolicLink(store.one.resolve("b"), elsewhere);
        Files.delete(store.one.resolve("hard"));
        assertThat(new ProcessBuilder("mkfifo", store.one.resolve("hard").toString())
                        .start()
                        .waitFor())
                .isZero();
        store.damageBlob(store.one, "b/large", 7);

        assertThat(store.repair(DamagedStore.CONTENTS).left())
                .singleElement()
                .asString()
                .contains("is lost");
    }

    /** From the end of a pack: footer, index, and both. */
    @ParameterizedTest
    @ValueSource(strings = {"-1", "-30", "-50", "-73", "-90", "-120", "3", "-1 -90", "-1 -50 -100"})
    void aPackOfWhichHeaderIndexOrFooterIsDamagedIsReadAllTheSame(String places) throws IOException {
        Path pack = store.pack(store.one, "b/large");
        byte[] before = Files.readAllBytes(pack);
        for (String place : places.split(" ", -1)) {
            DamagedStore.damage(pack, Long.parseLong(place));
        }
        HostileTree.deleteTree(store.one);
        HostileTree.deleteTree(store.two);

        RepairReport report = store.repair(DamagedStore.STRUCTURE);

        assertThat(report.left()).isEmpty();
        assertThat(pack).hasBinaryContent(before);
        requireRight();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 600, 5000})
    void aShortenedPackIsMadeAgainFromTheOrigins(int length) throws IOException {
        Path pack = store.pack(store.one, "b/large");
        byte[] bytes = Files.readAllBytes(pack);
        Files.setAttribute(pack, "unix:mode", 0600);
        Files.write(pack, Arrays.copyOf(bytes, length));

        assertThat(store.repair(DamagedStore.STRUCTURE).left()).isEmpty();
        requireRight();
    }

    @Test
    void aPackThatIsGoneIsMadeAgainFromTheOrigins() throws IOException {
        Files.delete(store.pack(store.one, "b/large"));
        RepairReport report = store.repair(DamagedStore.STRUCTURE);
        assertThat(report.left()).isEmpty();
        assertThat(report.done()).singleElement().asString().contains("2 missing blobs");
        requireRight();
    }

    @Test
    void aBlobThatAnotherPackHasIsNotLost() throws IOException {
        Path pack = store.pack(store.one, "a/small");
        byte[] bytes = Files.readAllBytes(pack);
        Files.delete(pack);
        store.own.ingest(store.two);
        assertThat(store.repair(DamagedStore.STRUCTURE).left()).isEmpty();
        Files.write(pack, bytes);
        Files.setAttribute(pack, "unix:mode", 0600);
        HostileTree.deleteTree(store.one);
        HostileTree.deleteTree(store.two);
        store.damageBlob(store.one, "b/large", 7);

        assertThat(store.repair(DamagedStore.CONTENTS).left()).isEmpty();
        requireRight();
    }

    @Test
    @SuppressWarnings("try") // the lease is only held
    void aPackThatARunReadsByItsNameStaysUntilItHasEnded() throws IOException {
        Path pack = store.damageBlob(store.one, "b/large", 7);
        Files.write(store.one.resolve("b/large"), DamagedStore.noise(9, 1_300_000));
        String id = pack.getFileName().toString().replace(".pack", "");
        int packs = store.own.store().fd(Store.Room.PACKS);
        try (Descriptor lease = FileLease.take(packs, PackFile.name(Digest.parse(id)))) {
            assertThat(store.repair(DamagedStore.CONTENTS).left()).anyMatch(left -> left.contains("repair again"));
            assertThat(pack).exists();
        }
        store.repair(DamagedStore.CONTENTS);
        assertThat(pack).doesNotExist();
    }

    @Test
    void aManifestIsRestoredFromItsFile() throws IOException {
        for (Path copy : store.roots(".velo")) {
            byte[] before = Files.readAllBytes(copy);
            DamagedStore.damage(copy, 100);
            assertThat(store.repair(DamagedStore.STRUCTURE).left()).isEmpty();
            assertThat(copy).hasBinaryContent(before);
        }
        assertThat(store.quarantine()).hasSize(2);
        requireRight();
    }

    @Test
    void aManifestWhoseFileIsGoneIsLostUntilItsTreeIsIngestedAgain() throws IOException {
        Digest tree = Roots.digestOf(TestStore.bytes(store.own.manifestFile(store.one)));
        Path copy = store.own.room(Store.Room.ROOTS).resolve(tree + ".velo");
        DamagedStore.damage(copy, 100);
        Files.delete(store.own.manifestFile(store.one));

        assertThat(store.repair(DamagedStore.STRUCTURE).left())
                .anyMatch(
                        left -> left.contains(store.own.manifestFile(store.one).toString()));
        assertThat(copy).doesNotExist();
        store.own.ingest(store.one);
        requireRight();
    }

    @Test
    void aDamagedRootIsPutAsideAndIngestingRegistersAgain() throws IOException {
        Path root = store.roots(".root").getFirst();
        DamagedStore.damage(root, 20);
        assertThat(store.repair(DamagedStore.STRUCTURE).left())
                .singleElement()
                .asString()
                .contains(root.toString(), "ingest");
        assertThat(root).doesNotExist();
        store.own.ingest(store.one);
        store.own.ingest(store.two);
        assertThat(root).exists();
        requireRight();
    }

    @Test
    void aChangedLooseFileGoesWithItsFarmUnlessThatIsInUse() throws IOException {
        Roots roots = new Roots(store.own.store());
        Root root = roots.all().stream()
                .filter(each -> PathBytes.show(each.origin()).endsWith("two"))
                .findFirst()
                .orElseThrow();
        Path object;
        try (Farm farm = Farm.of(store.own.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root), 1)) {
            object = store.own.files(Store.Room.OBJECTS).getFirst();
            byte[] bytes = Files.readAllBytes(object);
            bytes[0]++;
            Files.write(object, bytes);
            assertThat(farm.warnings()).isEmpty();
            assertThat(store.repair(DamagedStore.CONTENTS).left())
                    .singleElement()
                    .asString()
                    .contains("a run uses this farm");
        }
        assertThat(object).doesNotExist();
        Files.createDirectories(object.getParent());
        try (Farm farm = Farm.of(store.own.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root), 1)) {
            assertThat(Path.of(PathBytes.show(farm.tree()))).exists();
        }
    }

    @Test
    void aDamagedImageIsRemovedAndThoseOfANewPackAreBoundAnew() throws IOException {
        Roots roots = new Roots(store.own.store());
        Root root = roots.all().getFirst();
        Images.of(store.own.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root))
                .close();
        Path image = store.own.files(Store.Room.IMAGES).stream()
                .filter(file -> !file.toString().endsWith(".lock"))
                .findFirst()
                .orElseThrow();
        DamagedStore.damage(image, -120);
        assertThat(store.repair(DamagedStore.STRUCTURE).left()).isEmpty();
        assertThat(image).doesNotExist();

        Images.of(store.own.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root))
                .close();
        assertThat(image).exists();
        store.damageBlob(store.one, "a/small", 7);
        store.damageBlob(store.one, "b/large", 7);
        store.damageBlob(store.two, "other", 7);
        assertThat(store.repair(DamagedStore.CONTENTS).left()).isEmpty();
        assertThat(image).doesNotExist();
        requireRight();
    }

    @Test
    void twoDamagesOfOnePackAreBothKept() throws IOException {
        store.damageBlob(store.one, "b/large", 7);
        store.repair(DamagedStore.CONTENTS);
        store.damageBlob(store.one, "b/large", 9);
        store.repair(DamagedStore.CONTENTS);
        assertThat(store.quarantine()).hasSize(2);
        requireRight();
    }

    @Test
    @SuppressWarnings("try") // the lock is only held
    void oneRepairsAtATime() throws IOException {
        try (Descriptor collecting = store.own.store().lockCollection()) {
            assertThatThrownBy(() -> store.repair(DamagedStore.STRUCTURE)).hasMessageContaining("another process");
        }
    }
}
