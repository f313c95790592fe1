package dev.velo.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.store.PackEncoding;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Repacking;
import dev.velo.core.store.Store;
import dev.velo.core.testing.ColdStore;
import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store whose blobs are compressed is verified and repaired as any other. Besides the two trees of {@link DamagedStore} it has one
 * whose files are worth it.
 *
 * <pre>
 * texts/
 * ├── short     6 KB
 * ├── sub/
 * │   └── twin  as short
 * └── long      2 MB, of which more than 1 MiB is stored
 * </pre>
 */
class ColdPackTest {
    private DamagedStore store;
    private Path texts;

    @BeforeEach
    void make() throws IOException {
        store = new DamagedStore();
        texts = store.own.directory("texts");
        Files.createDirectory(texts.resolve("sub"));
        Files.write(texts.resolve("short"), words(1, 6_000));
        Files.write(texts.resolve("sub/twin"), words(1, 6_000));
        Files.write(texts.resolve("long"), hardWords(2));
        store.own.ingest(texts);
        assertThat(ColdStore.freeze(store.own.store()).compressed()).isEqualTo(2);
    }

    @AfterEach
    void delete() throws IOException {
        store.close();
    }

    private static byte[] words(int seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < size) {
            text.append("word").append(1000 + random.nextInt(100)).append(' ');
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    /** Of which but a part can be compressed. */
    private static byte[] hardWords(int seed) {
        byte[] bytes = Arrays.copyOf(DamagedStore.noise(seed, 1_200_000), 2_000_000);
        System.arraycopy(words(seed, 800_000), 0, bytes, 1_200_000, 800_000);
        return bytes;
    }

    private void requireRight() throws IOException {
        assertThat(store.verify(DamagedStore.CONTENTS).problems()).isEmpty();
        Path out = store.own.folder().resolve("out");
        store.own.checkout(store.own.manifest(texts), out, CheckoutMode.COPY, TestStore.EXACT);
        assertThat(Files.readAllBytes(out.resolve("short"))).isEqualTo(words(1, 6_000));
        assertThat(Files.readAllBytes(out.resolve("long"))).isEqualTo(hardWords(2));
    }

    private boolean isCompressed(String file) throws IOException {
        Manifest manifest = store.own.manifest(texts);
        int entry = manifest.find(file.getBytes(StandardCharsets.US_ASCII));
        try (Packs packs = store.own.store().packs()) {
            return !packs.require(manifest.digest(manifest.blob(entry)), "test").isRaw();
        }
    }

    @Test
    void whatIsCompressedIsReadAndRight() throws IOException {
        Report report = store.verify(DamagedStore.CONTENTS);
        assertThat(report.problems()).isEmpty();
        assertThat(report.blobs()).isEqualTo(5);
        assertThat(isCompressed("long")).isTrue();
        assertThat(store.own.problems(store.own.manifest(texts))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "long"})
    void aFlippedByteOfABlockIsFoundWithItsPaths(String file) throws IOException {
        Path pack = store.damageBlob(texts, file, 1000);
        assertThat(store.verify(DamagedStore.STRUCTURE).problems()).isEmpty();
        assertThat(store.verify(DamagedStore.CONTENTS).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(Finding.Kind.BLOB);
                    assertThat(finding.offset()).isEqualTo(store.offset(texts, file));
                    assertThat(finding.uses().count()).isEqualTo(file.equals("short") ? 2 : 1);
                    assertThat(finding.told()).contains(pack.toString(), file + " of ");
                });
        assertThat(store.own.problems(store.own.manifest(texts))).hasSize(1);
        assertThat(store.own.problems(store.own.manifest(store.one))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "long"})
    void aBlobIsReadAgainFromTheOriginAndThePackIsTheSameAgain(String file) throws IOException {
        byte[] before = Files.readAllBytes(store.pack(texts, file));
        Path pack = store.damageBlob(texts, file, 1000);

        RepairReport report = store.repair(DamagedStore.CONTENTS);

        assertThat(report.left()).isEmpty();
        assertThat(report.done()).singleElement().asString().contains(pack.toString(), "read again from " + texts);
        assertThat(pack).hasBinaryContent(before);
        assertThat(store.quarantine()).hasSize(1);
        requireRight();
    }

    /** From the end of the pack: footer and index. Blocks are copied as they are, without anything to make them anew from. */
    @ParameterizedTest
    @ValueSource(strings = {"-1", "-30", "-50", "-73", "3", "-120", "-1 -50"})
    void aPackOfWhichHeaderIndexOrFooterIsDamagedIsReadAllTheSame(String places) throws IOException {
        Path pack = store.pack(texts, "long");
        byte[] before = Files.readAllBytes(pack);
        for (String place : places.split(" ", -1)) {
            DamagedStore.damage(pack, Long.parseLong(place));
        }
        for (Path tree : List.of(store.one, store.two, texts)) {
            HostileTree.deleteTree(tree);
        }

        RepairReport report = store.repair(DamagedStore.STRUCTURE);

        assertThat(report.left()).isEmpty();
        assertThat(pack).hasBinaryContent(before);
        requireRight();
    }

    @Test
    void whatIsLostIsNamedAndTheRestStaysCompressed() throws IOException {
        Files.write(texts.resolve("long"), hardWords(3));
        store.damageBlob(texts, "long", 1000);

        RepairReport report = store.repair(DamagedStore.CONTENTS);

        assertThat(report.left()).singleElement().asString().contains("is lost", "long of ");
        assertThat(isCompressed("short")).isTrue();
        Files.write(texts.resolve("long"), hardWords(2));
        store.own.ingest(texts);
        requireRight();
    }

    /** What an image needs is verified where it points to; the compressed copy is a blob like any other. */
    @Test
    void bothCopiesOfABlobAreVerified() throws IOException {
        Path cold = store.pack(texts, "short");
        long offset = store.offset(texts, "short");
        try (Packs packs = store.own.store().packs()) {
            Repacking.run(store.own.store(), ColdStore.blobs(packs), PackEncoding.RAW);
        }
        assertThat(store.own.files(Store.Room.PACKS)).hasSize(2);
        assertThat(isCompressed("short")).isFalse();
        DamagedStore.damage(cold, offset + 1000);
        assertThat(store.verify(DamagedStore.CONTENTS).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.told()).contains(cold.toString()));
        // of the tree alone what would be shown is right
        assertThat(store.own.problems(store.own.manifest(texts))).isEmpty();
        assertThat(store.repair(DamagedStore.CONTENTS).left()).isEmpty();
        requireRight();
    }
}
