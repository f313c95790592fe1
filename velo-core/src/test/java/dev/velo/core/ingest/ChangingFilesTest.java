package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ingests of a tree in which somebody is at work: each gives a state that was, or an error that names the file. */
class ChangingFilesTest {
    private static final long HELD_UP_NANOS = 15_000_000;
    private static final int ROUNDS = 20;

    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    /** Ingests and returns whether it succeeded; a failure must be about this file or one below it. */
    private boolean succeeds(Path about) throws IOException {
        try {
            store.ingest(tree);
            return true;
        } catch (IngestException | ErrnoException e) {
            assertThat(e.getMessage()).contains(about.toString());
            return false;
        }
    }

    private Path copy(int round) throws IOException {
        Path copy = store.directory("copy-" + round);
        store.checkout(store.manifest(tree), copy, CheckoutMode.COPY, TestStore.EXACT);
        return copy;
    }

    /**
     * Each write fills the whole file with one value, so that a file of two values is one that never was. Only a write that is held
     * up for longer than a file must be at rest cannot be told from one that has ended; on a busy machine that happens.
     */
    private void rewriteWhileIngesting(int bytes) throws IOException {
        Path file = tree.resolve("changing");
        Files.write(file, new byte[bytes]);
        int taken = 0;
        byte[] version = new byte[bytes];
        AtomicLong longestWrite = new AtomicLong();
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
                Disturbance writer = new Disturbance(round -> {
                    Arrays.fill(version, (byte) round);
                    opened.seek(0);
                    long began = System.nanoTime();
                    opened.write(version);
                    longestWrite.accumulateAndGet(System.nanoTime() - began, Math::max);
                    pause(round % 30);
                })) {
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(writer.goesOn()).isTrue();
                longestWrite.set(0);
                if (succeeds(file)) {
                    taken++;
                    byte[] got = Files.readAllBytes(copy(round).resolve("changing"));
                    assertThat(got).hasSize(bytes);
                    int mismatch = Arrays.mismatch(got, filled(bytes, got[0]));
                    pause(30);
                    if (longestWrite.get() < HELD_UP_NANOS) {
                        assertThat(mismatch).isEqualTo(-1);
                    }
                }
            }
        }
        assertThat(store.problems()).isEmpty();
        assertThat(taken).isPositive();
    }

    private static byte[] filled(int bytes, byte value) {
        byte[] filled = new byte[bytes];
        Arrays.fill(filled, value);
        return filled;
    }

    private static void pause(int milliseconds) {
        LockSupport.parkNanos(milliseconds * 1_000_000L);
    }

    @Test
    void aSmallFileThatIsRewrittenIsTakenWholeOrNotAtAll() throws IOException {
        rewriteWhileIngesting(200_000);
    }

    @Test
    void aLargeFileThatIsRewrittenIsTakenWholeOrNotAtAll() throws IOException {
        rewriteWhileIngesting(5_000_000);
    }

    @Test
    void aFileThatGrowsAndShrinksIsTakenWithBytesThatBelongToItsSize() throws IOException {
        Path file = Files.createFile(tree.resolve("changing"));
        int[] sizes = {0, 1, 5_000, 900_000, 1_048_576, 1_048_577, 2_500_000};
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
                Disturbance writer = new Disturbance(round -> {
                    opened.setLength(sizes[round % sizes.length]);
                    pause(round % 3);
                })) {
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(writer.goesOn()).isTrue();
                if (succeeds(file)) {
                    Manifest manifest = store.manifest(tree);
                    assertThat(store.problems(manifest)).isEmpty();
                    assertThat(sizes).contains((int) manifest.size(1));
                }
            }
        }
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aFileThatBecomesASymlinkNeverLeadsOutside() throws IOException {
        Path outside = Files.writeString(store.folder().resolve("outside"), "secret!");
        Path file = tree.resolve("changing");
        Files.writeString(file, "content");
        Path link = store.folder().resolve("link");
        try (Disturbance writer = new Disturbance(round -> {
            Files.createSymbolicLink(link, outside);
            Files.move(link, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(link, "content");
            Files.move(link, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        })) {
            for (int round = 0; round < 4 * ROUNDS; round++) {
                assertThat(writer.goesOn()).isTrue();
                if (succeeds(file) && store.manifest(tree).kind(1) == EntryKind.FILE) {
                    assertThat(copy(round).resolve("changing")).hasContent("content");
                }
            }
        }
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aDirectoryThatBecomesASymlinkNeverLeadsOutside() throws IOException {
        Path outside = store.directory("outside");
        Files.writeString(outside.resolve("file"), "secret!");
        Path inside = Files.createDirectory(tree.resolve("changing"));
        Files.writeString(inside.resolve("file"), "content");
        Path aside = store.folder().resolve("aside");
        try (Disturbance writer = new Disturbance(round -> {
            Files.move(inside, aside);
            Files.createSymbolicLink(inside, outside);
            Files.delete(inside);
            Files.move(aside, inside);
        })) {
            for (int round = 0; round < 4 * ROUNDS; round++) {
                assertThat(writer.goesOn()).isTrue();
                if (succeeds(inside)) {
                    Manifest manifest = store.manifest(tree);
                    int file = manifest.find(PathBytes.of("changing/file"));
                    if (file >= 0) {
                        assertThat(copy(round).resolve("changing/file")).hasContent("content");
                    }
                }
            }
        }
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void whatIsMadeAndRemovedAllTheTimeIsThereWholeOrNotAtAll() throws IOException {
        Files.writeString(tree.resolve("stays"), "stays");
        Path link = tree.resolve("changing");
        try (Disturbance writer = new Disturbance(round -> {
            Files.createSymbolicLink(link, Path.of("stays"));
            Files.delete(link);
        })) {
            for (int round = 0; round < 10 * ROUNDS; round++) {
                assertThat(writer.goesOn()).isTrue();
                if (succeeds(link)) {
                    Manifest manifest = store.manifest(tree);
                    int entry = manifest.find(PathBytes.of("changing"));
                    if (entry >= 0) {
                        assertThat(manifest.target(entry)).isEqualTo(PathBytes.of("stays"));
                    }
                }
            }
        }
    }
}
