package dev.velo.core.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who needs the blobs of a store. */
final class UsageTest {
    @SuppressWarnings("NullAway.Init") // made before each test
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
    void ownAndSharedBytesAndDeadOnes() throws IOException {
        Map<Digest, Manifest> trees = new LinkedHashMap<>();
        put(trees, tree("one", Map.of("shared", "12345", "own", "123", "again", "123", "empty", "")));
        put(trees, tree("two", Map.of("shared", "12345", "other", "1234567")));
        IngestOptions unregistered = TestStore.options().withChoices(EnumSet.of(IngestOptions.Choice.NO_ROOT));
        store.ingest(tree("dead", Map.of("dead", "1234", "shared", "12345")), unregistered);

        try (Packs packs = store.store().packs();
                Usage usage = Usage.of(store.store(), packs, trees.keySet())) {
            trees.forEach(usage::add);
            trees.forEach(usage::add);

            assertThat(usage.trees())
                    .extracting(
                            TreeUsage::files,
                            TreeUsage::bytes,
                            TreeUsage::ownBytes,
                            TreeUsage::sharedBytes,
                            TreeUsage::missing)
                    .containsExactly(tuple(4L, 11L, 3L, 5L, 0L), tuple(2L, 12L, 7L, 5L, 0L));
            assertThat(usage.packs())
                    .extracting(
                            PackUsage::packs,
                            PackUsage::blobs,
                            PackUsage::blobBytes,
                            PackUsage::livingBytes,
                            PackUsage::deadBlobs,
                            PackUsage::deadBytes)
                    .containsExactly(3, 4L, 19L, 15L, 1L, 4L);
        }
    }

    @Test
    void itSaysWhatSetsOfDigestsSay() throws IOException {
        Random random = new Random(7);
        Map<Digest, Manifest> trees = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            Map<String, String> files = new HashMap<>();
            for (int j = 0; j < 40; j++) {
                files.put("file" + j, "x".repeat(1 + random.nextInt(90)));
            }
            put(trees, tree("tree" + i, files));
        }
        Map<Digest, Set<Digest>> needing = new HashMap<>();
        trees.forEach((tree, manifest) -> {
            for (int blob = 0; blob < manifest.blobCount(); blob++) {
                needing.computeIfAbsent(manifest.digest(blob), any -> new HashSet<>())
                        .add(tree);
            }
        });

        try (Packs packs = store.store().packs();
                Usage usage = Usage.of(store.store(), packs, trees.keySet())) {
            trees.forEach(usage::add);
            for (TreeUsage tree : usage.trees()) {
                assertThat(tree.ownBytes()).isEqualTo(bytes(packs, needing, Set.of(tree.tree())));
                long held = needing.entrySet().stream()
                        .filter(each -> each.getValue().contains(tree.tree()))
                        .mapToLong(each -> length(packs, each.getKey()))
                        .sum();
                assertThat(tree.ownBytes() + tree.sharedBytes()).isEqualTo(held);
            }
            assertThat(usage.packs().deadBlobs()).isZero();
        }
    }

    @Test
    void blobsThatNoPackHasAreCounted() throws IOException {
        Map<Digest, Manifest> trees = new LinkedHashMap<>();
        put(trees, tree("one", Map.of("a", "1", "b", "2")));
        for (Path pack : store.files(Store.Room.PACKS)) {
            Files.delete(pack);
        }

        try (Packs packs = store.store().packs();
                Usage usage = Usage.of(store.store(), packs, trees.keySet())) {
            trees.forEach(usage::add);
            assertThat(usage.trees()).singleElement().satisfies(tree -> {
                assertThat(tree.missing()).isEqualTo(2);
                assertThat(tree.bytes()).isEqualTo(2);
                assertThat(tree.sharedBytes()).isZero();
            });
        }
    }

    private static long bytes(Packs packs, Map<Digest, Set<Digest>> needing, Set<Digest> just) {
        return needing.entrySet().stream()
                .filter(each -> each.getValue().equals(just))
                .mapToLong(each -> length(packs, each.getKey()))
                .sum();
    }

    private static long length(Packs packs, Digest blob) {
        List<Long> lengths = new ArrayList<>();
        for (PackFile pack : packs.all()) {
            int entry = pack.index().find(blob);
            if (entry >= 0) {
                lengths.add(pack.index().length(entry));
            }
        }
        return lengths.getFirst();
    }

    private Path tree(String name, Map<String, String> files) throws IOException {
        Path tree = store.directory(name);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(tree.resolve(file.getKey()), file.getValue());
        }
        return tree;
    }

    private void put(Map<Digest, Manifest> trees, Path tree) throws IOException {
        trees.put(store.ingest(tree).tree(), store.manifest(tree));
    }
}
