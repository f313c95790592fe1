package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of registered files, and of the trees. */
final class RootStateTest {
    @SuppressWarnings("NullAway.Init") // made before each test
    private TestStore store;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Path manifest;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Root root;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        Path tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "content");
        store.ingest(tree);
        manifest = store.manifestFile(tree);
        root = new Roots(store.store()).all().getFirst();
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void theFileThatWasWrittenIsOk() throws IOException {
        assertThat(RootState.of(root)).isEqualTo(RootState.OK);
    }

    @Test
    void anEqualFileIsOk() throws IOException {
        byte[] bytes = Files.readAllBytes(manifest);
        Files.delete(manifest);
        Files.write(manifest, bytes);
        assertThat(RootState.of(root)).isEqualTo(RootState.OK);
    }

    @Test
    void aFileThatIsGoneIsStaleAlsoWhereItsFolderIsAFileNow() throws IOException {
        Files.delete(manifest);
        assertThat(RootState.of(root)).isEqualTo(RootState.STALE);
        Root below = Root.unregistered(
                root.tree(), TestStore.bytes(Files.writeString(manifest, "x").resolve("below")));
        assertThat(RootState.of(below)).isEqualTo(RootState.STALE);
    }

    @Test
    void anotherFileIsChanged() throws IOException {
        Files.delete(manifest);
        Files.writeString(manifest, "other");
        assertThat(RootState.of(root)).isEqualTo(RootState.CHANGED);
        Files.delete(manifest);
        Files.createSymbolicLink(manifest, Path.of("nowhere"));
        assertThat(RootState.of(root)).isEqualTo(RootState.CHANGED);
    }

    @Test
    void aTreeIsUsedSinceItsRegistrationOrNot() throws IOException {
        Roots roots = new Roots(store.store());
        assertThat(roots.lastUse(root)).isNull();

        // registered an hour ago
        Instant then = Instant.now().minusSeconds(3600);
        for (Path file : store.files(Store.Room.ROOTS)) {
            Files.setLastModifiedTime(file, FileTime.from(then));
        }
        assertThat(roots.lastUse(root)).isNull();
        roots.noteUse(root.tree());

        assertThat(roots.lastUse(root)).isAfter(then.plusSeconds(3000));
        assertThat(roots.registered(root)).isBefore(then.plusSeconds(1));
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void aUseOfWhatIsNotRegisteredIsNotNoted() throws IOException {
        roots().noteUse(new Digest(1, 2, 3, 4));
        assertThat(store.files(Store.Room.ROOTS)).hasSize(2);
    }

    private Roots roots() {
        return new Roots(store.store());
    }
}
