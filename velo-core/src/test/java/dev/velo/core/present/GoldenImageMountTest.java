package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.testing.TestData;
import dev.velo.core.testing.ViewComparison;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import dev.velo.core.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel mounts the golden image and says of everything in it what a view says. */
class GoldenImageMountTest {
    private static final Path GOLDEN = TestData.path("testdata/image");
    private static final List<String> PACKS = List.of("small.pack", "sparse.pack");

    @Test
    void theKernelAndAViewAgree() throws IOException {
        try (TestStore store = TestStore.create()) {
            TestImage.assumeMounts(store);
            Path file = store.room(Store.Room.IMAGES).resolve("golden");
            Files.copy(GOLDEN.resolve("everything.image"), file);
            Image image = Image.open(TestStore.bytes(file));
            for (int i = 0; i < PACKS.size(); i++) {
                Digest id = image.packs().get(i);
                Files.copy(
                        GOLDEN.resolve(PACKS.get(i)),
                        store.room(Store.Room.PACKS).resolve(id + ".pack"));
            }
            try (View view = View.open(store.store(), image);
                    Anchor anchor = new Anchors(store.store()).of(ImageFiles.of(store.store(), image))) {
                Path mounted = Path.of(PathBytes.show(anchor.tree()));
                assertThat(ViewComparison.compare(mounted, view).differences()).isEmpty();
            }
        }
    }
}
