package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.ingest.TestStore;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a store is made, and what is refused as one. */
class StoreTest {
    @TempDir
    Path folder = Path.of("");

    private static Store open(Path path) throws IOException {
        return Store.open(TestStore.bytes(path));
    }

    private static void requireRefused(Path path, Reason reason) {
        assertThatThrownBy(() -> open(path).close())
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(path.toString());
    }

    @Test
    void aNewStoreIsPrivateToItsOwner() throws IOException {
        Path path = folder.resolve("some/where/store");
        open(path).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        assertThat(path.resolve("FORMAT")).hasContent("velo-store 2 sha-256 512\n");
    }

    @Test
    void anEmptyFolderBecomesAStoreAndIsOneFromThenOn() throws IOException {
        open(folder).close();
        open(folder).close();
        Store.openExisting(TestStore.bytes(folder)).close();
        assertThat(folder.resolve("packs")).isDirectory();
    }

    @Test
    void aFolderThatHoldsOtherThingsIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "all of it");
        assertThatThrownBy(() -> open(folder).close())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("thesis.txt");
        assertThat(folder.toFile().list()).containsExactly("thesis.txt");
    }

    @Test
    void aStoreThatIsNotThereIsNotMadeWhenOneIsExpected() {
        Path path = folder.resolve("store");
        assertThatThrownBy(() -> Store.openExisting(TestStore.bytes(path)).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString());
        assertThat(path).doesNotExist();
    }

    @Test
    void aFileIsNoStore() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");
        assertThatThrownBy(() -> open(file).close())
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOTDIR));
    }

    @ParameterizedTest
    @CsvSource({
        "velo-store 3 sha-256 512, TOO_NEW",
        "velo-store 999999999 blake9 1, TOO_NEW",
        "velo-store 0 sha-256 512, TOO_OLD",
        "velo-store 1 sha-256 4096, INCONSISTENT",
        "velo-store 2 sha-256 4096, INCONSISTENT",
        "velo-store 9999999999 sha-256 512, BAD_MAGIC",
        "velo-store, BAD_MAGIC",
        "velo-store one sha-256 512, BAD_MAGIC",
        "something else, BAD_MAGIC",
    })
    void aStoreOfAnotherVersionOrKindIsRefused(String format, Reason reason) throws IOException {
        open(folder).close();
        Files.writeString(folder.resolve("FORMAT"), format + "\n");
        requireRefused(folder, reason);
        assertThat(folder.resolve("FORMAT")).hasContent(format + "\n");
    }

    @Test
    void aStoreOfTheFirstVersionIsReadAndLeftAsItIs() throws IOException {
        open(folder).close();
        Files.writeString(folder.resolve("FORMAT"), "velo-store 1 sha-256 512\n");
        open(folder).close();
        assertThat(folder.resolve("FORMAT")).hasContent("velo-store 1 sha-256 512\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 24, 300})
    void aDamagedFormatFileIsRefused(int length) throws IOException {
        open(folder).close();
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(folder.resolve("FORMAT")), length);
        Files.write(folder.resolve("FORMAT"), bytes);
        assertThatThrownBy(() -> open(folder).close()).isInstanceOf(FormatException.class);
    }

    @Test
    void roomsThatAreGoneAreMadeAgain() throws IOException {
        open(folder).close();
        for (Store.Room room : Store.Room.values()) {
            Files.delete(folder.resolve(room.name().toLowerCase(Locale.ROOT)));
        }
        try (Store store = open(folder)) {
            assertThat(DirectoryListing.names(store.fd(Store.Room.PACKS))).isEmpty();
        }
    }

    @Test
    void aRoomThatIsASymlinkIsRefused() throws IOException {
        open(folder).close();
        Files.delete(folder.resolve("packs"));
        Files.createSymbolicLink(folder.resolve("packs"), folder);
        assertThatThrownBy(() -> open(folder).close()).isInstanceOf(ErrnoException.class);
    }

    @Test
    void aClosedStoreSaysSo() throws IOException {
        Store store = open(folder);
        store.close();
        store.close();
        assertThatThrownBy(() -> store.fd(Store.Room.PACKS)).isInstanceOf(IllegalStateException.class);
    }
}
