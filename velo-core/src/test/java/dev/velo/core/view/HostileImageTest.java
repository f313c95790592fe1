package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.velo.core.format.FuzzIterations;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever an image says, with checksums that fit, readers answer or refuse: no other exception, no crash, no end that never comes. An
 * image is derived and private, but a disk may lie, and the same bytes are read by code without bounds checks.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HostileImageTest {
    private static final long[] EXTREMES = {
        0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 0x7fff, 0x8000, 0x7fff_ffff, 0x8000_0000L
    };

    private TestStore store;
    private Path file;
    private HostileImage image;
    private ViewExercise exercise;

    @BeforeEach
    void makeImage() throws IOException {
        store = TestStore.createInMemory();
        Path tree = HostileImage.tree(store);
        List<byte[]> paths = new ArrayList<>();
        try (View view = TestView.of(store, tree)) {
            image = new HostileImage(
                    Files.readAllBytes(Path.of(PathBytes.show(view.image().path()))));
            RandomPaths random = new RandomPaths(view, new SplittableRandom(5));
            for (int i = 0; i < 12; i++) {
                paths.add(random.next());
            }
        }
        for (String path :
                new String[] {"link/a-file-of-this-number-2", "a/up", "long/b", "loop", "second", "a/b/.."}) {
            paths.add(PathBytes.of(path));
        }
        file = store.folder().resolve("image");
        exercise = new ViewExercise(store.store(), TestStore.bytes(file), paths);
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void theSoundImageAnswersEverything() throws IOException {
        require("the sound image");
        assertThat(exercise.answers()).isGreaterThan(500);
        // of all paths only some lead somewhere; a loop refuses nothing here
        assertThat(exercise.refusals()).isZero();
    }

    /** Every number at every place, of every width: more than every field of every structure. */
    @Test
    void everyFieldSetToExtremes() throws IOException {
        SplittableRandom random = new SplittableRandom(21);
        int stride = Boolean.getBoolean("velo.fuzz.all") ? 1 : 11;
        int count = random.nextInt(stride);
        for (int width : new int[] {1, 2, 4, 8}) {
            for (int at = ImageFields.FIRST; at + width <= image.length(); at += Math.min(width, 4)) {
                if (ImageFields.isUnused(image, at)) {
                    continue;
                }
                long now = image.get(at, width);
                for (int i = 0; i < EXTREMES.length + 3; i++) {
                    long value = i < EXTREMES.length
                            ? EXTREMES[i]
                            : i == EXTREMES.length ? now + 1 : i == EXTREMES.length + 1 ? now - 1 : random.nextLong();
                    if (value != now && count++ % stride == 0) {
                        image.set(at, width, value);
                        require(width + " bytes at " + at + " set to " + value);
                        image.reset();
                    }
                }
            }
        }
        assertThat(exercise.refusals()).isGreaterThan(1000);
    }

    @Test
    void severalFieldsAtOnce() throws IOException {
        SplittableRandom random = new SplittableRandom(22);
        for (int i = 0; i < FuzzIterations.count(); i++) {
            StringBuilder what = new StringBuilder();
            for (int change = 1 + random.nextInt(4); change > 0; change--) {
                int width = 1 << random.nextInt(4);
                int at = ImageFields.FIRST + random.nextInt((image.length() - 8 - ImageFields.FIRST) / 2) * 2;
                long value = random.nextBoolean()
                        ? EXTREMES[random.nextInt(EXTREMES.length)]
                        : image.get(at, width) + random.nextInt(65) - 32;
                image.set(at, width, value);
                what.append(width)
                        .append(" bytes at ")
                        .append(at)
                        .append(" set to ")
                        .append(value)
                        .append("; ");
            }
            require(what.toString());
            image.reset();
        }
    }

    /** Parts of an image in the place of others: directories that hold themselves, inodes that are names. */
    @Test
    void partsInThePlaceOfOthers() throws IOException {
        SplittableRandom random = new SplittableRandom(23);
        for (int i = 0; i < FuzzIterations.count(); i++) {
            int length = 4 << random.nextInt(6);
            int from = random.nextInt((image.length() - length) / 4) * 4;
            int to = ImageFields.FIRST + random.nextInt((image.length() - length - ImageFields.FIRST) / 4) * 4;
            System.arraycopy(image.bytes().array(), from, image.bytes().array(), to, length);
            require(length + " bytes from " + from + " at " + to);
            image.reset();
        }
    }

    @Test
    void everyTruncation() throws IOException {
        byte[] sound = image.bytes().array().clone();
        for (int length = 0;
                length < sound.length;
                length += length < sound.length - ImageFormat.TRAILER_BYTES ? 7 : 1) {
            Files.write(file, Arrays.copyOf(sound, length));
            runWithoutFault("length " + length);
            assertThat(exercise.answers()).as("length %d", length).isZero();
        }
    }

    private void require(String what) throws IOException {
        Files.write(file, image.sealed());
        runWithoutFault(what);
    }

    private void runWithoutFault(String what) {
        try {
            exercise.run();
        } catch (Throwable e) {
            fail(what, e);
        }
    }
}
