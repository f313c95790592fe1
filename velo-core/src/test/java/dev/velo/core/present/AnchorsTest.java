package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of anchors: one for each image, for all who come; replaced when stale; taken away only when nobody holds it. */
class AnchorsTest {
    private static final LaunchOptions.Writes READ_ONLY = new LaunchOptions.Writes.Refused();

    private TestStore store;
    private Anchors anchors;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        anchors = new Anchors(store.store());
        TestImage.assumeMounts(store);
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void isMountedOnceAndFoundByOthers() throws Exception {
        ImageFiles image = TestImage.make(store, "one", "hello");
        try (Anchor first = anchors.of(image);
                Store other = Store.open(TestStore.bytes(store.folder().resolve("store")));
                Anchor second = new Anchors(other).of(image)) {
            assertThat(path(first.tree()).resolve("greeting")).hasContent("hello");
            assertThat(second.tree()).isEqualTo(first.tree());
            assertThat(mountsAt(first.tree())).hasSize(1);
        }
    }

    @Test
    void manyAtOnceMountOne() throws Exception {
        ImageFiles image = TestImage.make(store, "one", "hello");
        List<Future<byte[]>> found = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 32; i++) {
                found.add(threads.submit(() -> {
                    try (Store own = Store.open(TestStore.bytes(store.folder().resolve("store")));
                            Anchor anchor = new Anchors(own).of(image)) {
                        return anchor.tree();
                    }
                }));
            }
        }
        byte[] tree = found.getFirst().get();
        assertThat(mountsAt(tree)).hasSize(1);
        assertThat(mountsAt(store.room(Store.Room.MOUNTS).toString().getBytes(StandardCharsets.UTF_8)))
                .hasSize(1);
    }

    @Test
    void spreadsToNoOtherNamespaceAndMayHarmNobody() throws Exception {
        try (Anchor anchor = anchors.of(TestImage.make(store, "one", "hello"))) {
            assertThat(mountsAt(anchor.tree()))
                    .allMatch(line -> !line.contains("shared:") && line.contains("ro,nosuid,nodev"));
        }
    }

    @Test
    void anImageBoundAnewTakesThePlaceOfTheOldOne() throws Exception {
        Path shown = store.directory("shown");
        ImageFiles old = TestImage.make(store, "one", "old");
        try (Anchor anchor = anchors.of(old)) {
            DirectoryMount.show(anchors, anchor, TestStore.bytes(shown), READ_ONLY);
            try (Anchor next = anchors.of(TestImage.make(store, "one", "new"))) {
                assertThat(path(next.tree()).resolve("greeting")).hasContent("new");
                assertThat(mountsAt(next.tree())).hasSize(1);
            }
            // what was shown of the old one stays as it was
            assertThat(shown.resolve("greeting")).hasContent("old");
        } finally {
            MountCalls.umount2(TestStore.bytes(shown), 0);
        }
    }

    @Test
    void whatSomebodyElseMountedThereIsTakenAway() throws Exception {
        ImageFiles image = TestImage.make(store, "one", "hello");
        byte[] tree;
        try (Anchor anchor = anchors.of(image)) {
            tree = anchor.tree();
        }
        MountCalls.mount(PathBytes.of("none"), tree, "tmpfs", 0, null);
        try (Anchor anchor = anchors.of(image)) {
            assertThat(path(anchor.tree()).resolve("greeting")).hasContent("hello");
        }
    }

    @Test
    void isUnmountedOnlyWhenNobodyHoldsIt() throws Exception {
        ImageFiles image = TestImage.make(store, "one", "hello");
        byte[] name = PathBytes.of("one");
        assertThat(anchors.unmountIdle(name)).isTrue();
        byte[] tree;
        try (Anchor anchor = anchors.of(image)) {
            tree = anchor.tree();
            assertThat(anchors.unmountIdle(name)).isFalse();
            assertThat(path(tree).resolve("greeting")).hasContent("hello");
        }
        assertThat(anchors.unmountIdle(name)).isTrue();
        assertThat(mountsAt(tree)).isEmpty();
        try (Anchor anchor = anchors.of(image)) {
            assertThat(path(anchor.tree()).resolve("greeting")).hasContent("hello");
        }
    }

    @Test
    void theLeaseIsALockThatOthersSee() throws Exception {
        try (Anchor anchor = anchors.of(TestImage.make(store, "one", "hello"))) {
            byte[] path = PathBytes.parent(anchor.tree());
            int fd = FileCalls.openat(FileCalls.AT_FDCWD, path, FileCalls.O_RDONLY, 0);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> FileCalls.flock(fd, FileCalls.LOCK_EX | FileCalls.LOCK_NB));
            FileCalls.close(fd);
        }
    }

    @Test
    void aDamagedImageIsNamedWithTheError() throws Exception {
        ImageFiles image = TestImage.make(store, "one", "hello");
        Path file = path(image.path());
        byte[] bytes = Files.readAllBytes(file);
        bytes[1024] ^= 1;
        Files.write(file, bytes);
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> anchors.of(image))
                .withMessageStartingWith("the kernel does not mount " + file)
                .withMessageContaining("EINVAL");
    }

    @Test
    void aMissingPackIsNamed() throws Exception {
        ImageFiles image = TestImage.make(store, "one", "hello");
        Files.delete(path(image.packs().getFirst()));
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> anchors.of(image))
                .withMessageContaining(".pack is not there");
    }

    private static Path path(byte[] path) {
        return Path.of(PathBytes.show(path));
    }

    private static List<String> mountsAt(byte[] point) throws IOException {
        String wanted = " " + PathBytes.show(point) + " ";
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(wanted))
                .toList();
    }
}
