package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read again of a tree that the store has met before: everything that may have changed, and nothing else. */
class RepeatedIngestTest {
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

    /** Twenty files of 1,000 bytes and a large one, old enough to be remembered. */
    private void fill() throws IOException, InterruptedException {
        for (int i = 0; i < 20; i++) {
            Files.write(
                    tree.resolve("file-" + i),
                    ("content " + i + " ").repeat(100).getBytes(StandardCharsets.US_ASCII));
        }
        Files.write(tree.resolve("large"), new byte[3 << 20]);
        TestStore.settle();
    }

    @Test
    void anUnchangedTreeIsNotReadAgain() throws IOException, InterruptedException {
        HostileTree.generate(tree, HostileTree.Options.small().withEntries(2_000));
        TestStore.settle();
        IngestReport first = store.ingest(tree);
        IngestReport second = store.ingest(tree);
        assertThat(first.filesRead()).isEqualTo(first.files()).isPositive();
        assertThat(second.filesRead()).isZero();
        assertThat(second.bytesRead()).isZero();
        assertThat(second.tree()).isEqualTo(first.tree());
        assertThat(store.problems(store.manifest(tree))).isEmpty();
    }

    @Test
    void aTreeThatIsNotRegisteredIsRememberedToo() throws IOException, InterruptedException {
        fill();
        IngestOptions unregistered = TestStore.options().withChoices(Set.of(IngestOptions.Choice.NO_ROOT));
        assertThat(store.ingest(tree, unregistered).filesRead()).isEqualTo(21);
        assertThat(store.ingest(tree, unregistered).filesRead()).isZero();
        assertThat(store.ingest(tree).filesRead()).isZero();
        assertThat(store.problems(store.manifest(tree))).isEmpty();
    }

    @Test
    void whatIsRememberedReliesOnTheLastManifestOfTheTree() throws IOException, InterruptedException {
        fill();
        IngestReport first = store.ingest(tree);
        Files.delete(tree.resolve("file-7"));
        IngestReport second = store.ingest(tree);
        assertThat(second.filesRead()).isZero();
        Files.delete(store.room(Store.Room.ROOTS).resolve(first.tree() + ".velo"));

        assertThat(store.ingest(tree).filesRead()).isZero();
        Files.delete(store.room(Store.Room.ROOTS).resolve(second.tree() + ".velo"));
        IngestReport third = store.ingest(tree);
        assertThat(third.filesRead()).isEqualTo(20);
        assertThat(third.tree()).isEqualTo(second.tree());
    }

    @Test
    void rehashReadsAll() throws IOException, InterruptedException {
        fill();
        store.ingest(tree);
        IngestReport again = store.ingest(tree, TestStore.options().withChoices(Set.of(IngestOptions.Choice.REHASH)));
        assertThat(again.filesRead()).isEqualTo(21);
        assertThat(again.newBlobs()).isZero();
    }

    @Test
    void aFileJustWrittenIsReadAgain() throws IOException, InterruptedException {
        fill();
        // a pause of the machine between the write and the ingest would make the file old enough
        boolean readAgain = false;
        for (int attempt = 0; attempt < 10 && !readAgain; attempt++) {
            Files.writeString(tree.resolve("file-3"), "attempt " + attempt);
            store.ingest(tree);
            readAgain = store.ingest(tree).filesRead() == 1;
        }
        assertThat(readAgain).isTrue();
        TestStore.settle();
        store.ingest(tree);
        assertThat(store.ingest(tree).filesRead()).isZero();
    }

    @Test
    void withTimesOfWholeSecondsTwoSecondsMustHavePassed() throws IOException, InterruptedException {
        Path point = store.directory("point");
        try (TestMount mount = TestMount.ext4(point, 16, "-I", "128")) {
            Path coarse = Files.createDirectory(mount.point().resolve("tree"));
            Files.writeString(coarse.resolve("a"), "content");
            Thread.sleep(1_000);
            store.ingest(coarse);
            assertThat(store.ingest(coarse).filesRead()).isEqualTo(1);
            Thread.sleep(2_000);
            store.ingest(coarse);
            assertThat(store.ingest(coarse).filesRead()).isZero();
        }
    }

    @Test
    void aChangedByteIsNoticedThoughSizeAndTimeAreRestored() throws IOException, InterruptedException {
        fill();
        IngestReport first = store.ingest(tree);
        Path file = tree.resolve("file-7");
        FileTime time = Files.getLastModifiedTime(file);
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.seek(500);
            opened.write('!');
        }
        Files.setLastModifiedTime(file, time);
        IngestReport second = store.ingest(tree);
        assertThat(second.filesRead()).isEqualTo(1);
        assertThat(second.newBlobs()).isEqualTo(1);
        assertThat(second.tree()).isNotEqualTo(first.tree());
    }

    @Test
    void aFileReplacedByARenameIsNoticed() throws IOException, InterruptedException {
        Path file = tree.resolve("file-7");
        fill();
        Path other = Files.write(
                store.folder().resolve("other"),
                "x".repeat((int) Files.size(file)).getBytes(StandardCharsets.US_ASCII));
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        TestStore.settle();
        store.ingest(tree);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        IngestReport second = store.ingest(tree);
        assertThat(second.filesRead()).isEqualTo(1);
        assertThat(second.newBlobs()).isEqualTo(1);
    }

    @Test
    void changedAttributesAreNoticed() throws IOException, InterruptedException {
        fill();
        var view = Files.getFileAttributeView(tree.resolve("file-7"), UserDefinedFileAttributeView.class);
        view.write("kind", ByteBuffer.wrap(new byte[] {1}));
        TestStore.settle();
        IngestReport one = store.ingest(tree);
        view.write("kind", ByteBuffer.wrap(new byte[] {2}));
        TestStore.settle();
        IngestReport two = store.ingest(tree);
        assertThat(two.filesRead()).isEqualTo(1);
        assertThat(two.tree()).isNotEqualTo(one.tree());
        // those of a file that is not read are asked for all the same
        IngestReport same = store.ingest(tree);
        assertThat(same.filesRead()).isZero();
        assertThat(same.tree()).isEqualTo(two.tree());
    }

    @Test
    void aRenamedFileIsNotReadAgainByMoreThanItself() throws IOException, InterruptedException {
        fill();
        store.ingest(tree);
        Files.createDirectory(tree.resolve("below"));
        Files.move(tree.resolve("file-7"), tree.resolve("below/moved"));
        IngestReport second = store.ingest(tree);
        assertThat(second.filesRead()).isLessThanOrEqualTo(1);
        assertThat(second.newBlobs()).isZero();
    }

    @Test
    void aDamagedStatCacheIsIgnored() throws IOException, InterruptedException {
        fill();
        IngestReport first = store.ingest(tree);
        Path cache = store.files(Store.Room.STATS).stream()
                .filter(file -> file.getFileName().toString().length() == 32)
                .findFirst()
                .orElseThrow();
        byte[] whole = Files.readAllBytes(cache);
        for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 60)) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x40;
            requireIgnored(cache, damaged, first);
        }
        for (int length : new int[] {0, 1, 8, 31, 32, 64, whole.length - 1}) {
            requireIgnored(cache, Arrays.copyOf(whole, length), first);
        }
        requireIgnored(cache, Arrays.copyOf(whole, whole.length + 80), first);
    }

    private void requireIgnored(Path cache, byte[] damaged, IngestReport first) throws IOException {
        Files.write(cache, damaged);
        IngestReport again = store.ingest(tree);
        assertThat(again.filesRead()).isEqualTo(21);
        assertThat(again.tree()).isEqualTo(first.tree());
    }

    @Test
    void aTreeWhosePacksAreGoneIsStoredAgainWhole() throws IOException, InterruptedException {
        fill();
        IngestReport first = store.ingest(tree);
        for (Path pack : store.files(Store.Room.PACKS)) {
            Files.delete(pack);
        }
        assertThat(store.problems(store.manifest(tree))).isNotEmpty();
        IngestReport second = store.ingest(tree);
        assertThat(second.filesRead()).isEqualTo(21);
        assertThat(second.newBlobs()).isEqualTo(first.newBlobs());
        assertThat(store.problems(store.manifest(tree))).isEmpty();
    }

    @Test
    void aTreeOnTmpfsIsNeverTrusted() throws IOException, InterruptedException {
        try (TestMount mount = TestMount.tmpfs(store.directory("point"))) {
            tree = Files.createDirectory(mount.point().resolve("tree"));
            fill();
            store.ingest(tree);
            assertThat(store.ingest(tree).filesRead()).isEqualTo(21);
        }
    }

    @Test
    void aTreeOnAnOverlayIsNeverTrusted() throws IOException, InterruptedException {
        Path room = store.directory("room");
        Path lower = Files.createDirectory(room.resolve("lower"));
        Files.writeString(lower.resolve("below"), "below");
        try (TestMount mount = TestMount.overlay(Files.createDirectory(room.resolve("merged")), lower)) {
            Files.writeString(mount.point().resolve("above"), "above");
            TestStore.settle();
            store.ingest(mount.point());
            assertThat(store.ingest(mount.point()).filesRead()).isEqualTo(2);
        }
    }
}
