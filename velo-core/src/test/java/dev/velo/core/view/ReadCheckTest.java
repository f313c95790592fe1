package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.FormatException;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of a view are held against their digests as often as is asked for. */
class ReadCheckTest {
    private TestStore store;

    @BeforeEach
    void make() throws IOException {
        store = TestStore.createInMemory();
        Path tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "some bytes");
        Files.writeString(tree.resolve("empty"), "");
        store.ingest(tree);
    }

    @AfterEach
    void delete() throws IOException {
        store.close();
    }

    private View view(ReadCheck check) throws IOException {
        Roots roots = new Roots(store.store());
        Root root = roots.all().getFirst();
        return View.open(
                store.store(),
                Images.of(store.store(), root.tree(), TestStore.EXACT, () -> roots.manifest(root)),
                check);
    }

    private void invertFirstByte() throws IOException {
        Path pack = store.files(Store.Room.PACKS).getFirst();
        Files.setAttribute(pack, "unix:mode", 0600);
        try (RandomAccessFile bytes = new RandomAccessFile(pack.toFile(), "rw")) {
            bytes.seek(512);
            int value = bytes.read();
            bytes.seek(512);
            bytes.write(~value);
        }
    }

    private static void open(View view, String file) throws IOException {
        view.requireRight(view.find(file.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aDamagedFileIsRefusedAtItsFirstOpening() throws IOException {
        invertFirstByte();
        for (ReadCheck check : new ReadCheck[] {ReadCheck.FIRST, ReadCheck.ALWAYS}) {
            try (View view = view(check)) {
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> open(view, "file"))
                            .isInstanceOf(FormatException.class)
                            .hasMessageContaining("velo verify");
                }
                open(view, "empty");
            }
        }
    }

    @Test
    void whatIsDamagedLaterIsSeenByWhoAlwaysLooks() throws IOException {
        try (View first = view(ReadCheck.FIRST);
                View always = view(ReadCheck.ALWAYS);
                View never = view(ReadCheck.NEVER)) {
            open(first, "file");
            open(always, "file");
            invertFirstByte();
            assertThatCode(() -> open(first, "file")).doesNotThrowAnyException();
            assertThatCode(() -> open(never, "file")).doesNotThrowAnyException();
            assertThatThrownBy(() -> open(always, "file")).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void nothingIsCheckedUnlessItIsAskedFor() {
        assertThat(System.getenv("VELO_VERIFY")).isNull();
        assertThat(ReadCheck.ofEnvironment()).isEqualTo(ReadCheck.NEVER);
    }
}
