package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.Reason;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Repacking;
import dev.velo.core.store.Store;
import dev.velo.core.testing.ColdStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.View;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees whose blobs are compressed are shown as others are; what the kernel cannot read is laid out raw for it, once. */
class ColdTreeTest {
    private static final int TEXTS = 40;

    private TestStore store;
    private Path tree;
    private IngestReport report;

    @BeforeEach
    void freezeTree() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        HostileTree.generate(tree, HostileTree.Options.small().withEntries(300));
        Path texts = Files.createDirectory(tree.resolve("texts"));
        for (int i = 0; i < TEXTS; i++) {
            Files.writeString(texts.resolve("text-" + i), ("line " + i + " of many\n").repeat(i * 211 + 60));
        }
        report = store.ingest(tree);
        Repacking.Report frozen = ColdStore.freeze(store.store());
        assertThat(frozen.compressed()).isGreaterThanOrEqualTo(TEXTS - 2);
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private Image image() throws IOException {
        return Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree));
    }

    private List<Path> packs() throws IOException {
        return store.files(Store.Room.PACKS);
    }

    private TreeOnDisk onDisk(Presentation way) throws IOException {
        Presenter presenter = new Presenter(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree));
        return new TreeOnDisk((ShownTree) presenter.by(way).tree());
    }

    @ParameterizedTest
    @EnumSource(names = {"MOUNT", "LINK"})
    void isShownExactly(Presentation way) throws Exception {
        if (way == Presentation.MOUNT) {
            TestImage.assumeMounts(store);
        }
        try (TreeOnDisk shown = onDisk(way)) {
            assertThat(shown.differences(tree)).isEmpty();
            Process diff = new ProcessBuilder(
                            "diff",
                            "-r",
                            "--no-dereference",
                            tree.resolve("texts").toString(),
                            shown.root().resolve("texts").toString())
                    .inheritIO()
                    .start();
            assertThat(diff.waitFor()).isZero();
            // a farm reads what is compressed
            assertThat(packs()).hasSize(way == Presentation.MOUNT ? 2 : 1);
        }
    }

    @Test
    void isSeenExactlyInAView() throws IOException {
        try (TreeInView shown = new TreeInView(View.open(store.store(), image()))) {
            assertThat(shown.differences(tree)).isEmpty();
            shown.view().image().verify();
        }
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void isLaidOutRawOnceForAllImages() throws IOException {
        assertThat(packs()).hasSize(1);
        image().close();
        List<Path> both = packs();
        assertThat(both).hasSize(2);
        image().close();
        Images.forget(store.store(), report.tree());
        try (Image again = image();
                Packs open = store.store().packs()) {
            assertThat(packs()).isEqualTo(both);
            for (int blob = 0; blob < again.blobCount(); blob++) {
                assertThat(open.require(again.digest(blob), "test").isRaw()).isTrue();
            }
        }
    }

    /** What ranges are read ahead are those of raw blobs, though the compressed ones are in a pack of the image too. */
    @Test
    void isReadAheadWhereItIsRaw() throws IOException {
        try (Image image = image();
                Packs open = store.store().packs()) {
            List<PackRanges.Range> ranges = PackRanges.of(image, open);
            assertThat(image.packs()).hasSize(2);
            Manifest manifest = store.manifest(tree);
            for (int i = 0; i < TEXTS; i++) {
                int entry = manifest.find(("texts/text-" + i).getBytes(StandardCharsets.US_ASCII));
                Packs.Location raw = open.require(manifest.digest(manifest.blob(entry)), "test");
                int pack = image.packs().indexOf(raw.pack().id());
                assertThat(ranges)
                        .anyMatch(range -> range.pack() == pack
                                && range.start() <= raw.offset()
                                && range.end() >= raw.offset() + raw.length());
            }
        }
    }

    /** The compressed copies are what was asked for; the raw ones are there again when they are wanted. */
    @Test
    void aCollectionKeepsWhatIsCompressed() throws IOException {
        List<Path> cold = packs();
        image().close();
        GarbageCollection.run(store.store(), CollectOptions.DEFAULT);
        assertThat(packs()).isEqualTo(cold);
        try (TreeInView shown = new TreeInView(View.open(store.store(), image()))) {
            assertThat(shown.differences(tree)).isEmpty();
        }
        assertThat(packs()).hasSize(2);
    }

    @Test
    void aDamagedBlobIsNotLaidOut() throws IOException {
        Path pack = packs().getFirst();
        long offset;
        try (Packs open = store.store().packs()) {
            offset = ColdStore.blobs(open).stream()
                    .filter(blob -> !blob.isRaw())
                    .findFirst()
                    .orElseThrow()
                    .offset();
        }
        assertThat(pack.toFile().setWritable(true)).isTrue();
        try (RandomAccessFile bytes = new RandomAccessFile(pack.toFile(), "rw")) {
            bytes.seek(offset + 1);
            bytes.write('!');
        }
        assertThatThrownBy(this::image).isInstanceOfSatisfying(FormatException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.WRONG_CONTENT);
            assertThat(e.file()).isEqualTo(pack.toString());
            assertThat(e.offset()).isEqualTo(offset);
        });
        assertThat(packs()).containsExactly(pack);
        assertThat(store.files(Store.Room.IMAGES))
                .allMatch(file -> file.toString().endsWith(".lock"));
    }
}
