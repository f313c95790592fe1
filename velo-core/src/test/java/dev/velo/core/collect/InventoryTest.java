package dev.velo.core.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store holds besides packs and roots. */
final class InventoryTest {
    private static final Digest REGISTERED = new Digest(1, 2, 3, 4);
    private static final Digest OTHER = new Digest(1, 2, 3, 5);

    @SuppressWarnings("NullAway.Init") // made before each test
    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void whatIsMadeOfTreesIsCountedWithWhatNobodyNeeds() throws IOException {
        file(Store.Room.IMAGES, REGISTERED + "-0-0");
        file(Store.Room.IMAGES, REGISTERED + "-0-0.lock");
        file(Store.Room.IMAGES, OTHER + "-0-0");
        file(Store.Room.IMAGES, ".layers-" + OTHER);
        Files.createDirectory(store.room(Store.Room.FARMS).resolve(OTHER.toString()));
        file(Store.Room.FARMS, OTHER + ".lock");
        Files.createDirectory(store.room(Store.Room.OBJECTS).resolve("ab"));
        file(Store.Room.OBJECTS, "ab/one");
        file(Store.Room.OBJECTS, "ab/two");
        file(Store.Room.OBJECTS, "stray");
        file(Store.Room.TRASH, "anything");

        assertThat(Inventory.of(store.store(), Set.of(REGISTERED))).isEqualTo(new Inventory(2, 1, 2, 1, 1, 0, 1));
    }

    @Test
    void whatARunningProcessOrAYoungOneMakesIsNotLeftOver() throws IOException {
        file(Store.Room.PACKS, ".tmp-" + ProcessHandle.current().pid() + "-1-1");
        file(Store.Room.ROOTS, ".tmp-4194305-1-1");

        // the second one's process cannot be, but its file was changed just now
        assertThat(Inventory.of(store.store(), Set.of()).temporaries()).isZero();
    }

    private void file(Store.Room room, String name) throws IOException {
        Path file = store.room(room).resolve(name);
        Files.createFile(file);
    }
}
