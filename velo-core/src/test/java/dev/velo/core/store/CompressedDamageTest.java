package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.FuzzIterations;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.PackFixture;
import dev.velo.core.format.PackFormat;
import dev.velo.core.format.Reason;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.ColdStore;
import dev.velo.core.testing.TestData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LZ4 blocks that are damaged, or made by somebody who means harm: refused with pack and place, and without much memory. */
class CompressedDamageTest {
    private static final byte[] TEXT = "so it goes, and so it goes on, and so it will go on as it went. "
            .repeat(20)
            .getBytes(StandardCharsets.UTF_8);

    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.createInMemory();
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private static Digest digest(byte[] bytes) {
        return Digest.of(Hashing.sha256().digest(bytes), 0);
    }

    private static byte[] block(byte[] bytes) {
        byte[] block = new byte[Lz4Block.maxLength(bytes.length)];
        return Arrays.copyOf(block, Lz4Block.compress(bytes, bytes.length, block));
    }

    /** The only pack of the store: one blob, of which this is said. */
    private Path put(Digest digest, byte[] stored, long length) throws IOException {
        for (Path pack : store.files(Store.Room.PACKS)) {
            Files.delete(pack);
        }
        byte[] pack = PackFixture.packOf(List.of(new PackFixture.Blob(digest, stored, length)));
        ColdStore.add(store.store(), pack, PackFixture.id(pack));
        return store.files(Store.Room.PACKS).getFirst();
    }

    private byte[] read(Digest digest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Packs packs = store.store().packs()) {
            new BlobReader()
                    .read(
                            packs.require(digest, "test"),
                            digest,
                            piece -> bytes.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE)));
        }
        return bytes.toByteArray();
    }

    private void requireRefused(Digest digest, Path pack) {
        assertThatThrownBy(() -> read(digest)).isInstanceOfSatisfying(FormatException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.WRONG_CONTENT);
            assertThat(e.file()).isEqualTo(pack.toString());
            assertThat(e.offset()).isEqualTo(PackFormat.FIRST_BLOB);
        });
    }

    @Test
    void aBlockThatWasWrittenByHandIsRead() throws IOException {
        byte[] golden = Files.readAllBytes(TestData.path("testdata/pack/compressed.pack"));
        ColdStore.add(store.store(), golden, PackFixture.id(golden));
        byte[] expected = "a".repeat(100).getBytes(StandardCharsets.UTF_8);
        assertThat(read(digest(expected))).isEqualTo(expected);
        assertThat(store.problems()).isEmpty();
    }

    /** Some changes of a block change nothing of what it becomes. */
    @Test
    void everyFlippedBitIsNoticedOrHarmless() throws IOException {
        byte[] block = block(TEXT);
        int refused = 0;
        for (int bit = 0; bit < 8 * block.length; bit++) {
            byte[] flipped = block.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Path pack = put(digest(TEXT), flipped, TEXT.length);
            try {
                assertThat(read(digest(TEXT))).isEqualTo(TEXT);
            } catch (FormatException e) {
                refused++;
                requireRefused(digest(TEXT), pack);
                assertThat(store.problems()).singleElement().asString().contains(pack.toString(), "byte 512");
            }
        }
        assertThat(refused).isGreaterThan(7 * block.length);
    }

    @Test
    void aBlockThatIsCutIsRefused() throws IOException {
        byte[] block = block(TEXT);
        for (int length = TEXT.length / 255 + 1; length < block.length; length++) {
            Path pack = put(digest(TEXT), Arrays.copyOf(block, length), TEXT.length);
            requireRefused(digest(TEXT), pack);
        }
    }

    @Test
    void anotherLengthThanTheBlocksIsRefused() throws IOException {
        byte[] block = block(TEXT);
        for (int length : new int[] {block.length + 1, TEXT.length - 1, TEXT.length + 1, 255 * block.length}) {
            Path pack = put(digest(TEXT), block, length);
            requireRefused(digest(TEXT), pack);
            requireRefused(
                    digest(Arrays.copyOf(TEXT, length)), put(digest(Arrays.copyOf(TEXT, length)), block, length));
        }
    }

    /** A block of bytes that all say "255 more" becomes no more than the index lets it. */
    @Test
    void whatWouldExpandWithoutEndIsRefused() throws IOException {
        byte[] bomb = new byte[PackFormat.MAX_COMPRESSED_LENGTH / PackFormat.MAX_EXPANSION + 1];
        Arrays.fill(bomb, (byte) 0xff);
        bomb[0] = 0x1f;
        bomb[2] = 1;
        bomb[3] = 0;
        Digest digest = digest(bomb);
        for (int length : new int[] {bomb.length + 1, 1 << 20, PackFormat.MAX_COMPRESSED_LENGTH}) {
            requireRefused(digest, put(digest, bomb, length));
        }
    }

    @Test
    void randomBlocksAreRefused() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        byte[] block = block(TEXT);
        byte[] bytes = new byte[TEXT.length];
        for (int i = 0; i < FuzzIterations.count(); i++) {
            byte[] changed = block.clone();
            for (int change = random.nextInt(8); change >= 0; change--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            int stored = 1 + random.nextInt(changed.length);
            Arrays.fill(bytes, (byte) 0);
            boolean whole = Lz4Block.decompress(changed, stored, bytes, bytes.length);
            assertThat(whole && stored < block.length && Arrays.equals(bytes, TEXT))
                    .isFalse();
        }
    }
}
