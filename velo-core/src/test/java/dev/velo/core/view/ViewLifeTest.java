package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.testing.ViewComparison;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From open to closed: what a view was opened on stays readable, whatever becomes of the files; after its end it says so. */
class ViewLifeTest {
    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "text");
        Files.writeString(Files.createDirectory(tree.resolve("directory")).resolve("large"), "x".repeat(100_000));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void staysReadableWhenItsFilesAreUnlinked() throws IOException {
        try (View view = OpenedTree.view(store, tree)) {
            for (Store.Room room : List.of(Store.Room.PACKS, Store.Room.IMAGES)) {
                for (Path file : store.files(room)) {
                    Files.delete(file);
                }
            }
            view.image().verify();
            assertThat(ViewComparison.compare(tree, view).differences()).isEmpty();
        }
    }

    @Test
    void everyUseOfAClosedViewIsRefused() throws IOException {
        View view = OpenedTree.view(store, tree);
        int file = view.find(PathBytes.of("file"));
        int link = view.findLink(PathBytes.of("link"));
        int root = view.root();
        assertThat(view.isClosed()).isFalse();
        view.close();
        assertThat(view.isClosed()).isTrue();
        byte[] name = PathBytes.of("file");
        List<ThrowingCallable> uses = List.of(
                view::root,
                () -> view.find(name),
                () -> view.findLink(name),
                () -> view.require(name, Following.ALL),
                () -> view.child(root, name),
                () -> view.kind(file),
                () -> view.permissions(file),
                () -> view.size(file),
                () -> view.mtimeSeconds(file),
                () -> view.mtimeNanos(file),
                () -> view.uid(file),
                () -> view.gid(file),
                () -> view.linkCount(file),
                () -> view.device(file),
                () -> view.target(link),
                () -> view.attributes(file),
                () -> view.digest(file),
                () -> view.list(root),
                () -> view.read(file, 0, MemorySegment.ofArray(new byte[4])),
                () -> view.map(file));
        for (ThrowingCallable use : uses) {
            assertThatIllegalStateException().isThrownBy(use).withMessage("the view is closed");
        }
    }

    @Test
    void whatAViewGaveEndsWithIt() throws IOException {
        View view = OpenedTree.view(store, tree);
        MemorySegment bytes = view.map(view.find(PathBytes.of("file")));
        DirectoryCursor cursor = view.list(view.root());
        view.close();
        assertThatIllegalStateException().isThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0));
        assertThatIllegalStateException().isThrownBy(cursor::next);
    }

    @Test
    void isClosedOnce() throws IOException {
        View view = OpenedTree.view(store, tree);
        view.close();
        view.close();
        view.image().close();
        assertThat(view.isClosed()).isTrue();
    }
}
