package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestMount;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trees mounted for all to see: read-only or writable, and unmounted by nobody else's hand. */
class DirectoryMountTest {
    private static final Digest TREE = Digest.of(new byte[32], 0);

    private TestStore store;
    private Anchors anchors;
    private Path shown;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        anchors = new Anchors(store.store());
        shown = store.directory("shown, with:all\\ that");
        TestImage.assumeMounts(store);
    }

    @AfterEach
    void deleteStore() throws IOException {
        TestStore.detachMounts(shown);
        store.close();
    }

    private void show(LaunchOptions.Writes writes) throws Exception {
        try (Anchor anchor = anchors.of(TestImage.make(store, "one", "hello"))) {
            DirectoryMount.show(anchors, anchor, TestStore.bytes(shown), writes);
        }
    }

    @Test
    void hidesWhatWasThereAndGivesItBack() throws Exception {
        Path before = Files.writeString(shown.resolve("before"), "x");
        show(new LaunchOptions.Writes.Refused());
        assertThat(shown.resolve("greeting")).hasContent("hello");
        assertThat(before).doesNotExist();
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> Files.writeString(shown.resolve("new"), "y"))
                .withMessageContaining("Read-only");
        DirectoryMount.remove(TestStore.bytes(shown));
        assertThat(before).exists();
    }

    @Test
    void outlivesItsAnchor() throws Exception {
        show(new LaunchOptions.Writes.Refused());
        assertThat(anchors.unmountIdle(PathBytes.of("one"))).isTrue();
        assertThat(shown.resolve("greeting")).hasContent("hello");
        DirectoryMount.remove(TestStore.bytes(shown));
    }

    @Test
    void whatIsDiscardedIsGoneWithTheMount() throws Exception {
        show(new LaunchOptions.Writes.Discarded());
        Files.writeString(shown.resolve("greeting"), "changed");
        assertThat(shown.resolve("greeting")).hasContent("changed");
        DirectoryMount.remove(TestStore.bytes(shown));
        show(new LaunchOptions.Writes.Discarded());
        assertThat(shown.resolve("greeting")).hasContent("hello");
    }

    @Test
    void twoThatDiscardKnowNothingOfEachOther() throws Exception {
        Path other = store.directory("other");
        ImageFiles image = TestImage.make(store, "one", "hello");
        try (Anchor anchor = anchors.of(image)) {
            DirectoryMount.show(anchors, anchor, TestStore.bytes(shown), new LaunchOptions.Writes.Discarded());
            DirectoryMount.show(anchors, anchor, TestStore.bytes(other), new LaunchOptions.Writes.Discarded());
            Files.writeString(other.resolve("greeting"), "changed");
            assertThat(shown.resolve("greeting")).hasContent("hello");
        } finally {
            DirectoryMount.remove(TestStore.bytes(other));
        }
    }

    @Test
    void whatIsKeptIsThereTheNextTimeAndForOneAtATime() throws Exception {
        byte[] path = TestStore.bytes(store.folder().resolve("kept, upper"));
        show(new LaunchOptions.Writes.Kept(Upper.open(path, TREE)));
        Files.writeString(shown.resolve("more"), "more");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> show(new LaunchOptions.Writes.Kept(Upper.open(path, TREE))))
                .withMessageContaining("is written to by what is mounted at " + shown);
        DirectoryMount.remove(TestStore.bytes(shown));
        show(new LaunchOptions.Writes.Kept(Upper.open(path, TREE)));
        assertThat(shown.resolve("more")).hasContent("more");
        assertThat(shown.resolve("greeting")).hasContent("hello");
    }

    @Test
    void anUpperThatARunHoldsIsRefused() throws Exception {
        byte[] path = TestStore.bytes(store.folder().resolve("kept"));
        Upper upper = Upper.open(path, TREE);
        int fd = FileCalls.openat(FileCalls.AT_FDCWD, upper.lock(), FileCalls.O_RDWR | FileCalls.O_CREAT, 0600);
        try {
            FileCalls.flock(fd, FileCalls.LOCK_EX);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> show(new LaunchOptions.Writes.Kept(upper)))
                    .withMessageContaining("another run writes to");
        } finally {
            FileCalls.close(fd);
        }
    }

    @Test
    void foreignMountsAreLeftAlone() throws Exception {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DirectoryMount.remove(TestStore.bytes(shown)))
                .withMessage(shown + ": nothing is mounted there");
        try (TestMount tmpfs = TestMount.tmpfs(shown)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DirectoryMount.remove(TestStore.bytes(tmpfs.point())))
                    .withMessage(shown + ": what is mounted there (tmpfs) is not Velo's; use umount");
        }
        Path lower = store.directory("lower");
        Path overlaid = store.directory("overlaid");
        try (TestMount overlay = TestMount.overlay(overlaid, lower)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DirectoryMount.remove(TestStore.bytes(overlay.point())))
                    .withMessageContaining("is not Velo's");
        }
    }

    @Test
    void theStoresOwnMountsAreLeftAlone() throws Exception {
        try (Anchor anchor = anchors.of(TestImage.make(store, "one", "hello"))) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DirectoryMount.remove(anchor.tree()))
                    .withMessageContaining("is the store's own");
        }
    }

    @Test
    void whatIsInUseStaysAndIsTold() throws Exception {
        show(new LaunchOptions.Writes.Refused());
        try (var held = Files.newInputStream(shown.resolve("greeting"))) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DirectoryMount.remove(TestStore.bytes(shown)))
                    .withMessageContaining("is in use");
            assertThat(held.read()).isEqualTo('h');
        }
    }

    @Test
    void aPlaceMustBeADirectory() throws Exception {
        Path file = Files.writeString(store.folder().resolve("file"), "x");
        try (Anchor anchor = anchors.of(TestImage.make(store, "one", "hello"))) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DirectoryMount.show(
                            anchors, anchor, TestStore.bytes(file), new LaunchOptions.Writes.Refused()))
                    .withMessageContaining("is no directory");
        }
    }
}
