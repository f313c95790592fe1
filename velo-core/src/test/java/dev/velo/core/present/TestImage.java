package dev.velo.core.present;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Images of small trees under names of the test's choice, for tests of mounts alone. */
final class TestImage {
    private TestImage() {}

    /** Skips the test, with the reason, where images of this store cannot be mounted. */
    static void assumeMounts(TestStore store) throws IOException {
        try {
            MountSupport.require(store.store());
        } catch (UnavailableException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    /** An image of a tree with one file, {@code greeting}, that holds this text; in place of one of the same name. */
    static ImageFiles make(TestStore store, String name, String text) throws Exception {
        Path tree = Files.createTempDirectory(store.folder(), "tree");
        Files.writeString(tree.resolve("greeting"), text);
        IngestReport report = store.ingest(tree);
        Path file = store.room(Store.Room.IMAGES).resolve(name);
        try (Image image = Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree))) {
            ImageFiles made = ImageFiles.of(store.store(), image);
            Files.move(Path.of(PathBytes.show(made.path())), file, StandardCopyOption.REPLACE_EXISTING);
            return new ImageFiles(made.tree(), TestStore.bytes(file), made.uuid(), made.packs(), made.erofsBytes());
        }
    }
}
