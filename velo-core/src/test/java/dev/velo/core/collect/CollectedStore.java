package dev.velo.core.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.store.Store;
import dev.velo.core.testing.TreeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A store with trees of numbered files, whose contents follow from their numbers. */
final class CollectedStore implements AutoCloseable {
    private final TestStore store;
    private int checkouts;

    CollectedStore() throws IOException {
        this.store = TestStore.createInMemory();
    }

    TestStore test() {
        return store;
    }

    Store store() {
        return store.store();
    }

    /** Ingests a tree of the files from one number to before another. */
    Path tree(String name, int from, int to) throws IOException {
        Path tree = store.directory(name);
        for (int number = from; number < to; number++) {
            Path folder = Files.createDirectories(tree.resolve("folder-" + number % 5));
            Files.write(folder.resolve("file-" + number), content(number));
        }
        store.ingest(tree);
        return tree;
    }

    /** Ingests a tree of numbered texts, which are worth being compressed. */
    Path texts(String name, int from, int to) throws IOException {
        Path tree = store.directory(name);
        for (int number = from; number < to; number++) {
            Files.writeString(
                    tree.resolve("text-" + number),
                    ("line of text " + number + "\n").repeat(100 + number * 37 % 3_000));
        }
        store.ingest(tree);
        return tree;
    }

    static byte[] content(int number) {
        byte[] bytes = new byte[number % 40 == 0 ? 1_300_000 : number * 37 % 7_000 + 1];
        new SplittableRandom(number).nextBytes(bytes);
        return bytes;
    }

    /** The digest of a file's content. */
    static Digest digest(int number) {
        return Digest.of(Hashing.sha256().digest(content(number)), 0);
    }

    /** Takes away the file of a tree's manifest. */
    void forget(Path tree) throws IOException {
        Files.delete(store.manifestFile(tree));
    }

    CollectReport collect(CollectOptions options) throws IOException {
        return GarbageCollection.run(store.store(), options);
    }

    CollectReport prune() throws IOException {
        return collect(CollectOptions.DEFAULT.withStale(CollectOptions.Stale.PRUNED));
    }

    /** The store has nothing wrong, and the trees come out of it as they went in. */
    void assertWhole(Path... trees) throws IOException {
        assertThat(store.problems()).isEmpty();
        for (Path tree : trees) {
            Path out = store.folder().resolve("out-" + checkouts++);
            store.checkout(store.manifest(tree), out, CheckoutMode.COPY, TestStore.EXACT);
            assertThat(TreeComparison.differences(tree, out)).isEmpty();
        }
    }

    /** The names in a room, but for those of locks. */
    List<String> names(Store.Room room) throws IOException {
        List<String> names = new ArrayList<>();
        try (var files = Files.list(store.room(room))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .forEach(names::add);
        }
        return names;
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
