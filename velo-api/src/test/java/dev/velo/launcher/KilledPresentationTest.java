package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Manifest;
import dev.velo.core.present.Checkout;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.Farm;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.view.MetadataPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A farm or a checkout whose maker is killed at any moment harms neither the store nor the next attempt; once where the loose inodes
 * must be made first, once where they are there.
 */
@Execution(ExecutionMode.CONCURRENT)
final class KilledPresentationTest {
    private static final int ROUNDS = 20;
    private static final int FILES = 30;
    private static final MetadataPolicy METADATA = new MetadataPolicy(
            Root.Trust.UNTRUSTED,
            HostileTree.isRoot() ? MetadataPolicy.Ownership.STORED : MetadataPolicy.Ownership.MAKER);

    @TempDir(factory = MemoryFolder.class)
    private Path temporary;

    @Test
    void theFarmOfARun() throws Exception {
        Workplace place = workplace();
        place.directory("at");
        Victim victim = new Victim(place, "run", "--rehearse", "--at", "at", "tree.velo", "--", "true");

        for (String removed : List.of("objects", "copies")) {
            prepare(place, "farms", removed);
            List<Integer> moments = Moments.of(victim.changingCalls(), Moments.rounds(ROUNDS));
            for (int moment : moments) {
                prepare(place, "farms", removed);
                victim.killBefore(moment);
                assertThat(place.problems()).as("killed before call %s", moment).isEmpty();
                assertThat(TreeComparison.differences(place.tree(), makeFarm(place)))
                        .as("killed before call %s", moment)
                        .isEmpty();
            }
            victim.requireKilled(moments);
        }
    }

    @Test
    void aCheckoutOfLinks() throws Exception {
        Workplace place = workplace();
        Path out = temporary.resolve("out");
        Victim victim = new Victim(place, "checkout", "--link", "tree.velo", "out");
        TreeComparison.Options asked = TreeComparison.Options.standard().without(TreeComparison.Aspect.MODE);

        for (String removed : List.of("handed", "copies")) {
            prepare(place, "../out", removed);
            List<Integer> moments = Moments.of(victim.changingCalls(), Moments.rounds(ROUNDS));
            for (int moment : moments) {
                prepare(place, "../out", removed);
                victim.killBefore(moment);
                assertThat(place.problems()).as("killed before call %s", moment).isEmpty();
                prepare(place, "../out");
                checkOut(place, out);
                assertThat(TreeComparison.differences(place.tree(), out, asked))
                        .as("killed before call %s", moment)
                        .isEmpty();
            }
            victim.requireKilled(moments);
        }
    }

    /** Removes rooms of the store, so that what is in them must be made again. */
    private static void prepare(Workplace place, String... rooms) throws Exception {
        for (String room : rooms) {
            Path removed = place.store().resolve(room).normalize();
            if (Files.exists(removed)) {
                HostileTree.deleteTree(removed);
            }
        }
    }

    private Workplace workplace() throws Exception {
        Workplace place = Workplace.make(Caller.all().getFirst(), temporary);
        for (int i = 0; i < FILES; i++) {
            place.file("tree/sub/file" + i, "content " + i);
        }
        place.velo("ingest", "tree", "-q").run().succeeded();
        return place;
    }

    /** The only farm of the store then. */
    private static Path makeFarm(Workplace place) throws Exception {
        byte[] manifest = bytes(place.manifest());
        try (Store store = Store.openExisting(bytes(place.store()))) {
            Farm.of(store, Roots.digestOf(manifest), METADATA, () -> Store.readManifest(manifest), 1)
                    .close();
        }
        try (Stream<Path> farms = Files.list(place.store().resolve("farms"))) {
            List<Path> made = farms.filter(Files::isDirectory).toList();
            assertThat(made).hasSize(1);
            return made.getFirst().resolve("tree");
        }
    }

    private static void checkOut(Workplace place, Path out) throws Exception {
        try (Store store = Store.openExisting(bytes(place.store()));
                Packs packs = store.packs();
                Descriptor target = Checkout.makeTarget(bytes(out))) {
            Manifest manifest = Store.readManifest(bytes(place.manifest()));
            Checkout.run(store, packs, manifest, target.fd(), CheckoutMode.LINK, METADATA, 1);
        }
    }

    private static byte[] bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8);
    }
}
