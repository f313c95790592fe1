package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever an image says, a view answers or throws a {@link FormatException}; it never reads outside, and always ends. */
class DamagedImageTest {
    private static final int ROUNDS = Integer.getInteger("velo.fuzz.iterations", 3_000);
    private static final long[] EXTREMES = {0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffffL, 0xffffffffL, -1};

    private TestStore store;
    private Path tree;
    private byte[] sound = {};

    @BeforeEach
    void makeImage() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.createDirectories(tree.resolve("folder/inner"));
        for (int i = 0; i < 60; i++) {
            Files.writeString(tree.resolve("folder/file-with-a-longer-name-" + i), "text " + i);
        }
        Files.writeString(tree.resolve("folder/inner/empty"), "");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("folder/inner"));
        Files.createLink(tree.resolve("further"), tree.resolve("folder/file-with-a-longer-name-1"));
        Files.setAttribute(tree.resolve("folder"), "user:note", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Files.setPosixFilePermissions(tree.resolve("further"), PosixFilePermissions.fromString("rwxr-x---"));
        try (Image image = OpenedTree.image(store, tree)) {
            sound = Files.readAllBytes(Path.of(PathBytes.show(image.path())));
        }
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void aSoundImageAnswersEverything() throws IOException {
        assertThat(answers(sound)).hasSize(66).anyMatch(line -> line.startsWith("./link SYMLINK"));
    }

    @Test
    void everyWordSetToExtremesIsAnsweredOrRefused() throws IOException {
        int refused = 0;
        int end = sound.length - ImageFormat.TRAILER_BYTES;
        for (int at = 1024; at < end; at += 2) {
            byte[] damaged = sound.clone();
            long value = EXTREMES[at / 2 % EXTREMES.length];
            ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void randomDamageIsAnsweredOrRefused() throws IOException {
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = sound.clone();
            int count = 1 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                int at = 1536 + random.nextInt(sound.length - 1536 - ImageFormat.TRAILER_BYTES - 8);
                long value = random.nextBoolean() ? random.nextLong() : EXTREMES[random.nextInt(EXTREMES.length)];
                ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
            }
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aTruncatedImageIsRefused() throws IOException {
        for (int length = 0; length < sound.length; length += 97) {
            assertThat(isRefused(Arrays.copyOf(sound, length))).isTrue();
        }
    }

    @Test
    void everyByteOfSuperblockAndTrailerIsGuarded() throws IOException {
        for (int at = 1024; at < 1152; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 0x5a;
            assertThat(isRefused(damaged)).as("byte " + at).isTrue();
        }
        for (int at = sound.length - ImageFormat.TRAILER_BYTES; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 0x5a;
            assertThat(isRefused(damaged)).as("byte " + at).isTrue();
        }
    }

    private boolean isRefused(byte[] image) throws IOException {
        try {
            answers(image);
            return false;
        } catch (FormatException e) {
            return true;
        }
    }

    private List<String> answers(byte[] image) throws IOException {
        Path file = Files.write(store.folder().resolve("damaged"), image);
        List<String> lines = new ArrayList<>();
        try (View view = View.open(store.store(), Image.open(TestStore.bytes(file)))) {
            new ViewContents(view, lines::add).all();
            for (String path :
                    List.of("folder/inner/empty", "link/empty", "folder/../further", "missing", "link/x/y")) {
                view.find(PathBytes.of(path));
            }
            return lines;
        }
    }
}
