package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever its modes, depth and names: a tree in the trash goes away, and nothing else. */
class TrashTest {
    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.createInMemory();
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void aHostileTreeIsDeletedWhole() throws IOException {
        Path tree = store.directory("tree");
        HostileTree.generate(tree, HostileTree.Options.standard().withEntries(0));
        try (Descriptor folder = TestStore.open(store.folder())) {
            Trash.delete(folder.fd(), PathBytes.of("tree"));
        }
        assertThat(tree).doesNotExist();
        assertThat(store.folder().toFile().list()).containsExactly("store");
    }

    @Test
    void whatASymlinkPointsToStays() throws IOException {
        Path outside = store.directory("outside");
        Files.writeString(outside.resolve("file"), "content");
        Path tree = store.directory("tree");
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Files.createDirectory(tree.resolve("below"));
        Files.createSymbolicLink(tree.resolve("below/link"), outside);
        Files.createSymbolicLink(store.folder().resolve("link"), outside);
        try (Descriptor folder = TestStore.open(store.folder())) {
            Trash.delete(folder.fd(), PathBytes.of("tree"));
            Trash.delete(folder.fd(), PathBytes.of("link"));
        }
        assertThat(tree).doesNotExist();
        assertThat(store.folder().resolve("link")).doesNotExist();
        assertThat(outside.resolve("file")).hasContent("content");
    }

    @Test
    void aNameThatIsGoneIsNoError() throws IOException {
        try (Descriptor folder = TestStore.open(store.folder())) {
            Trash.delete(folder.fd(), PathBytes.of("nothing"));
        }
    }

    @Test
    void takingMovesAndEmptyingDeletes() throws IOException {
        Path farm = Files.createDirectories(store.room(Store.Room.FARMS).resolve("farm/tree"));
        Files.writeString(farm.resolve("file"), "content");
        Trash.take(store.store(), store.store().fd(Store.Room.FARMS), PathBytes.of("farm"));
        assertThat(store.files(Store.Room.FARMS)).isEmpty();
        assertThat(store.files(Store.Room.TRASH)).hasSize(1);
        Trash.empty(store.store());
        assertThat(store.room(Store.Room.TRASH)).isEmptyDirectory();
    }
}
