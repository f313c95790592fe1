package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Profile;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What changes a store, as commands of a {@link FaultyLauncher}, how the store must be before it, and how it is after it. */
enum Operation {
    FIRST_INGEST("ingest", "tree", "-q", "--pack-size", "1", "--threads", "2") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            remove(place.store());
            Files.deleteIfExists(place.manifest());
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 1);
        }
    },
    FURTHER_INGEST("ingest", "tree", "-q", "--pack-size", "1", "--threads", "2") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            if (round % ROUNDS_OF_A_STORE == 0) {
                // all of it is verified after each round, so it must not grow for ever
                super.prepare(place, round);
            }
            noise(place, "tree/changing", round + 1, 70_000);
            noise(place, "tree/sub/changing", round + 2, 700);
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 1);
        }
    },
    INGEST_INTO_THE_FIRST_VERSION("ingest", "tree", "-q", "--pack-size", "1", "--threads", "2") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            remove(place.store());
            Files.deleteIfExists(place.manifest());
            FaultyLauncher.makeFirstVersion(PathBytes.of(place.store()));
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 1);
            assertThat(place.store().resolve("FORMAT")).hasContent("velo-store 2 sha-256 512\n");
        }
    },
    BIND("@bind", "store", "tree.velo") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            clear(place.store().resolve("images"));
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            assertThat(Workplace.names(place.store().resolve("images"))).anyMatch(name -> !name.endsWith(".lock"));
        }
    },
    BIND_OF_A_COLD_TREE("@bind", "store", "tree.velo") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            makeCompressible(place, round);
            ingest(place);
            try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
                GarbageCollection.run(store, CollectOptions.DEFAULT.withPacking(CollectOptions.Packing.COLD));
            }
            assertThat(compressedBlobs(place)).isPositive();
            clear(place.store().resolve("images"));
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            BIND.requireDone(place);
        }
    },
    FARM("@farm", "store", "tree.velo") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            clear(place.store().resolve("farms"));
            clear(place.store().resolve("objects"));
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            List<String> farms = Workplace.names(place.store().resolve("farms")).stream()
                    .filter(name -> !name.contains("."))
                    .toList();
            assertThat(farms).hasSize(1);
            Path farm = place.store().resolve("farms").resolve(farms.getFirst());
            assertThat(TreeComparison.differences(place.tree(), farm.resolve("tree")))
                    .isEmpty();
        }
    },
    CHECKOUT_OF_LINKS("checkout", "--link", "-q", "--threads", "2", "tree.velo", "out") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            remove(out(place));
            clear(place.store().resolve("handed"));
        }

        @Override
        void removeRemains(Workplace place) throws IOException {
            remove(out(place));
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            TreeComparison.Options but = TreeComparison.Options.standard().without(TreeComparison.Aspect.MODE);
            assertThat(TreeComparison.differences(place.tree(), out(place), but))
                    .isEmpty();
        }
    },
    CHECKOUT_OF_COPIES("checkout", "--copy", "-q", "--threads", "2", "tree.velo", "out") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            remove(out(place));
        }

        @Override
        void removeRemains(Workplace place) throws IOException {
            remove(out(place));
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            assertThat(TreeComparison.differences(place.tree(), out(place))).isEmpty();
        }
    },
    PROFILE_PACK("pack", "--profile", "-q", "tree.velo") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
                Manifest manifest = Store.readManifest(PathBytes.of(place.manifest()));
                Digest tree = Roots.digestOf(PathBytes.of(place.manifest()));
                Profile.Layout layout = new Profiles(store).layout(tree);
                if (layout != null) {
                    Files.deleteIfExists(place.store().resolve("packs").resolve(layout.pack() + ".pack"));
                }
                new Profiles(store).change(tree, now -> Profile.NONE.with(everyOther(manifest)));
            }
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
                assertThat(new Profiles(store).layout(Roots.digestOf(PathBytes.of(place.manifest()))))
                        .isNotNull();
            }
        }
    },
    COLLECTION("gc", "--delete", "--yes", "-q") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            makePacks(place, round);
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 1);
            try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
                assertThat(GarbageCollection.plan(store, CollectOptions.DEFAULT).isClean())
                        .isTrue();
            }
        }
    },
    JOINING_OF_PACKS("repack", "-q") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            makePacks(place, round);
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 1);
            assertThat(count(place.store().resolve("packs"), ".pack")).isLessThanOrEqualTo(2);
        }
    },
    COMPRESSION("repack", "--cold", "-q") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            makeCompressible(place, round);
            makePacks(place, round);
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 1);
            assertThat(compressedBlobs(place)).isPositive();
            try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
                CollectOptions cold = CollectOptions.DEFAULT.withPacking(CollectOptions.Packing.COLD);
                assertThat(GarbageCollection.plan(store, cold).isClean()).isTrue();
            }
        }
    },
    REPAIR("@repair", "store", "tree.velo") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            remove(place.store());
            ingest(place);
            for (String pack : Workplace.names(place.store().resolve("packs"))) {
                damage(place.store().resolve("packs").resolve(pack), PackFormat.FIRST_BLOB);
            }
            for (String name : Workplace.names(place.store().resolve("roots"))) {
                if (name.endsWith(".velo")) {
                    damage(place.store().resolve("roots").resolve(name), 0);
                }
            }
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 1);
            assertThat(StoreOrder.problems(place.store())).isEmpty();
        }

        @Override
        List<String> problemsMidway(Workplace place) throws IOException {
            // what was damaged may be so still
            return StoreOrder.strangers(place.store());
        }
    },
    REMOVAL_OF_A_ROOT("@unregister", "store", "tree.velo") {
        @Override
        void prepare(Workplace place, int round) throws Exception {
            super.prepare(place, round);
            if (count(place.store().resolve("roots"), ".root") == 0) {
                ingest(place);
            }
        }

        @Override
        void requireDone(Workplace place) throws Exception {
            requireRooted(place, 0);
        }
    };

    private static final int ROUNDS_OF_A_STORE = 20;

    private final String words;

    Operation(String... words) {
        this.words = String.join(" ", words);
    }

    /** The words of the command, in the workplace's folder. */
    List<String> words(Workplace place) {
        return Stream.of(words.split(" ", -1))
                .map(word -> words.startsWith("@") && !word.startsWith("@")
                        ? place.folder().resolve(word).toString()
                        : word)
                .toList();
    }

    /** Puts the workplace into the state in which the operation has all its work to do. */
    void prepare(Workplace place, int round) throws Exception {
        if (!Files.exists(place.store()) || round == 0) {
            remove(place.store());
            ingest(place);
        }
    }

    /** Takes away, as people would, what the operation may leave outside of the store if it cannot tidy up. */
    void removeRemains(Workplace place) throws IOException {}

    /** What is wrong with the store when the operation was killed, or could not tidy up. */
    List<String> problemsMidway(Workplace place) throws IOException {
        return StoreOrder.problemsAfterKill(place.store());
    }

    /** The operation has done what it is for. */
    abstract void requireDone(Workplace place) throws Exception;

    /** The usual tree and what makes it worth while: a file of several pieces, equal ones, a hard link, some small ones. */
    static Workplace workplace(Path folder) throws Exception {
        Workplace place = Workplace.make(Caller.all().getFirst(), folder);
        noise(place, "tree/large", 1, 1_300_000);
        noise(place, "tree/middle", 2, 70_000);
        for (int i = 0; i < 4; i++) {
            noise(place, "tree/sub/small" + i, 3 + i / 2, 3_000);
        }
        Files.createLink(place.tree().resolve("sub/again"), place.tree().resolve("middle"));
        return place;
    }

    private static void noise(Workplace place, String name, int seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Path file = Files.write(place.folder().resolve(name), bytes);
        place.caller().own(file);
    }

    private static void makeCompressible(Workplace place, int round) throws IOException {
        place.file("tree/text", ("round " + round + " of many\n").repeat(20_000));
        place.file("tree/sub/text", ("round " + round + " of some\n").repeat(200));
    }

    private static long compressedBlobs(Workplace place) throws IOException {
        try (Store store = Store.openExisting(PathBytes.of(place.store()));
                Packs packs = store.packs()) {
            return packs.all().stream()
                    .mapToLong(pack -> IntStream.range(0, pack.index().count())
                            .filter(entry -> !pack.index().isRaw(entry))
                            .count())
                    .sum();
        }
    }

    private static Map<Digest, BitSet> everyOther(Manifest manifest) {
        Map<Digest, BitSet> parts = new HashMap<>();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.FILE && manifest.blob(entry) >= 0 && manifest.blob(entry) % 2 == 0) {
                BitSet first = new BitSet();
                first.set(0);
                parts.put(manifest.digest(manifest.blob(entry)), first);
            }
        }
        return parts;
    }

    /** Packs of which a part lives, all, and nothing; what was made of trees that have gone. */
    private static void makePacks(Workplace place, int round) throws IOException {
        noise(place, "tree/changing", round, 70_000);
        ingest(place);
        FaultyLauncher.bind(place);
        FaultyLauncher.farm(place);
        noise(place, "tree/changing", round + 1, 70_000);
        noise(place, "tree/sub/changing", round + 2, 700);
        ingest(place);
        noise(place, "tree/changing", round + 3, 70_000);
        ingest(place);
    }

    private static void ingest(Workplace place) throws IOException {
        IngestOptions options =
                IngestOptions.defaults().withSync(SyncPolicy.NONE).withPackBytes(1 << 20);
        try (Store store = Store.open(PathBytes.of(place.store()))) {
            Ingest.run(
                    store,
                    PathBytes.of(place.tree()),
                    PathBytes.of(place.manifest()),
                    options,
                    new IngestListener() {});
        }
    }

    private static void requireRooted(Workplace place, int roots) throws IOException {
        assertThat(count(place.store().resolve("roots"), ".root")).isEqualTo(roots);
    }

    private static long count(Path folder, String suffix) throws IOException {
        return Workplace.names(folder).stream()
                .filter(name -> name.endsWith(suffix))
                .count();
    }

    /** Turns over a byte. */
    private static void damage(Path file, long offset) throws IOException {
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) offset] ^= 0x55;
        Files.write(file, bytes);
        Files.setPosixFilePermissions(file, before);
    }

    private static Path out(Workplace place) {
        return place.folder().resolve("out");
    }

    private static void remove(Path tree) throws IOException {
        if (Files.exists(tree)) {
            HostileTree.deleteTree(tree);
        }
    }

    private static void clear(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.forEach(all::add);
        }
        for (Path each : all) {
            if (Files.isDirectory(each)) {
                HostileTree.deleteTree(each);
            } else {
                Files.delete(each);
            }
        }
    }
}
