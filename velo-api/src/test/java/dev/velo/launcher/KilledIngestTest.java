package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An ingest that is killed at any moment leaves the store as before or as after, and the next one completes. */
@Execution(ExecutionMode.CONCURRENT)
final class KilledIngestTest {
    private static final int ROUNDS = 100;
    private static final int SMALL_FILES = 300;
    private static final int LARGE_BYTES = 3 << 20;
    private static final VerifyOptions ALL = VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO);
    private static final String[] INGEST = {"ingest", "tree", "--pack-size", "1", "--json"};

    @TempDir(factory = MemoryFolder.class)
    private Path temporary;

    @Test
    void intoAnEmptyStore() throws Exception {
        Workplace place = workplace();
        Victim victim = new Victim(place, INGEST);
        List<Integer> moments = Moments.of(victim.changingCalls(), Moments.rounds(ROUNDS));

        for (int moment : moments) {
            HostileTree.deleteTree(place.store());
            Files.deleteIfExists(place.manifest());
            victim.killBefore(moment);
            requireWholeStore(place, moment);
        }
        victim.requireKilled(moments);
    }

    @Test
    void ofAChangedTreeIntoAStoreInUse() throws Exception {
        Workplace place = workplace();
        place.velo(INGEST).run().succeeded();
        change(place, 0);
        Victim victim = new Victim(place, INGEST);
        List<Integer> moments = Moments.of(victim.changingCalls(), Moments.rounds(ROUNDS));

        for (int round = 0; round < moments.size(); round++) {
            if (round % 10 == 9) {
                // the whole store is verified after each round, so it must not grow for ever
                HostileTree.deleteTree(place.store());
                place.velo(INGEST).run().succeeded();
            }
            change(place, round + 1);
            byte[] before = Files.readAllBytes(place.manifest());
            victim.killBefore(moments.get(round));
            requireManifestThatCanBeRead(place, before);
            requireWholeStore(place, moments.get(round));
        }
        victim.requireKilled(moments);
    }

    private Workplace workplace() throws IOException {
        Workplace place = Workplace.make(Caller.all().getFirst(), temporary);
        Random random = new Random(7);
        for (int i = 0; i < SMALL_FILES; i++) {
            write(place.tree().resolve("small" + i), random, random.nextInt(6_000));
        }
        change(place, -1);
        return place;
    }

    /** Other bytes in a few small files and in the large one, which fills several packs. */
    private static void change(Workplace place, int round) throws IOException {
        Random random = new Random(1_000 + round);
        write(place.tree().resolve("large"), random, round < 0 ? LARGE_BYTES : LARGE_BYTES / 2);
        for (int i = 0; i < 10; i++) {
            write(place.tree().resolve("small" + random.nextInt(SMALL_FILES)), random, random.nextInt(6_000));
        }
    }

    private static void write(Path file, Random random, int length) throws IOException {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        Files.write(file, bytes);
    }

    /** The manifest is the old one or the new one, never a part of one. */
    private static void requireManifestThatCanBeRead(Workplace place, byte[] before) throws IOException {
        byte[] after = Files.readAllBytes(place.manifest());
        if (!java.util.Arrays.equals(after, before)) {
            try (Store store = open(place)) {
                assertThat(problems(store, place)).isEmpty();
            }
        }
    }

    private static void requireWholeStore(Workplace place, int moment) throws IOException {
        try (Store store = open(place)) {
            assertThat(Verification.ofStore(store, ALL).problems())
                    .as("killed before call %s", moment)
                    .isEmpty();
            IngestOptions options =
                    IngestOptions.defaults().withSync(SyncPolicy.NONE).withPackBytes(1 << 20);
            Ingest.run(store, bytes(place.tree()), bytes(place.manifest()), options, new IngestListener() {});
            assertThat(problems(store, place))
                    .as("after the ingest that followed call %s", moment)
                    .isEmpty();
        }
    }

    private static List<String> problems(Store store, Workplace place) throws IOException {
        byte[] path = bytes(place.manifest());
        Root root = Root.unregistered(Roots.digestOf(path), path);
        return Verification.ofTree(store, root, Store.readManifest(path), ALL).problems();
    }

    private static Store open(Workplace place) throws IOException {
        return Store.open(bytes(place.store()));
    }

    private static byte[] bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8);
    }
}
