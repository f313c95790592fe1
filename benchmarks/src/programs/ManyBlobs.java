import dev.velo.core.ingest.EntryMetadata;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.PathBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Fills a store with trees of small files that are on no disk: for each number a tree, and a tree of every second file of it. Takes the
 * store, the folder for the manifests, how many pairs, and how many files the greater tree of each has.
 */
public final class ManyBlobs {
    private static final int LONGEST = 8192;
    private static final int FILES_IN_FOLDER = 100;

    private ManyBlobs() {}

    /** Writes {@code all-N.velo} and {@code half-N.velo}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        int pairs = Integer.parseInt(arguments[2]);
        int files = Integer.parseInt(arguments[3]);
        try (Store store = Store.open(PathBytes.of(arguments[0]))) {
            for (int pair = 0; pair < pairs; pair++) {
                tree(store, folder.resolve("all-" + pair + ".velo"), pair, files, 1);
                tree(store, folder.resolve("half-" + pair + ".velo"), pair, files, 2);
            }
        }
    }

    private static void tree(Store store, Path manifest, int pair, int files, int step) throws IOException {
        EntryMetadata directory = EntryMetadata.timeless(0755);
        EntryMetadata file = EntryMetadata.timeless(0644);
        IngestOptions options = IngestOptions.defaults().withSync(SyncPolicy.NONE);
        TreeIntake.run(store, PathBytes.of(manifest), options, new IngestListener() {}, intake -> {
            intake.directory(new byte[0], directory);
            for (int number = 0; number < files; number += step) {
                String name = "folder-" + number / FILES_IN_FOLDER;
                if (number % FILES_IN_FOLDER == 0) {
                    intake.directory(PathBytes.of(name), directory);
                }
                SplittableRandom random = new SplittableRandom((long) pair << 32 | number);
                byte[] content = new byte[random.nextInt(1, LONGEST)];
                random.nextBytes(content);
                intake.file(
                        PathBytes.of(name + "/file-" + number),
                        file,
                        new ByteArrayInputStream(content),
                        content.length);
            }
        });
    }
}
