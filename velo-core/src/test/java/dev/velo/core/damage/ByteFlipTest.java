package dev.velo.core.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.CollectReport;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.view.ReadCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever byte of whatever file of a store changes: who reads with checks gets what was there before, or an error that says so in a
 * sentence; and what verification does not find does no harm, to those who read without checks either.
 *
 * <p>Files of up to 256 bytes are changed byte by byte, of others as many bytes as {@code -Dvelo.flip.bytes} says, spread over
 * them, each in one way. {@code -Dvelo.flip.bytes=all} takes every byte in every way.
 */
@Timeout(value = 6, unit = TimeUnit.HOURS)
class ByteFlipTest {
    private static final int SMALL = 256;
    private static final int BYTES = 120;
    private static final List<Flip.Pattern> ALL = List.of(Flip.Pattern.values());

    private StoreOfAllKinds store;
    private Set<String> registered = Set.of();

    @BeforeEach
    void make() throws IOException {
        store = new StoreOfAllKinds();
        registered = store.registered();
    }

    @AfterEach
    void delete() throws IOException {
        store.close();
    }

    /** What a byte does, is done with it, and how often. */
    private final Map<String, Integer> outcomes = new TreeMap<>();

    private interface Visitor {
        void visit(Path file, String what) throws IOException;
    }

    private void forEachFlip(Visitor visitor) throws IOException {
        for (Path file : store.files()) {
            byte[] sound = Files.readAllBytes(file);
            String asked = System.getProperty("velo.flip.bytes", Integer.toString(BYTES));
            boolean all = asked.equals("all");
            int count = all || sound.length <= SMALL ? sound.length : Math.min(sound.length, Integer.parseInt(asked));
            SplittableRandom random = new SplittableRandom(sound.length);
            for (int i = 0; i < count; i++) {
                int from = (int) ((long) sound.length * i / count);
                int at = from + random.nextInt(Math.max(1, (int) ((long) sound.length * (i + 1) / count) - from));
                for (Flip.Pattern pattern : all ? ALL : List.of(ALL.get(i % ALL.size()))) {
                    flip(file, sound, at, pattern, visitor);
                }
            }
        }
    }

    @SuppressWarnings("try") // the flip is only there
    private static void flip(Path file, byte[] sound, int at, Flip.Pattern pattern, Visitor visitor) {
        if (pattern.of(sound[at], at) == sound[at]) {
            return;
        }
        String what = pattern + " at byte " + at + " of " + file;
        try (Flip flip = Flip.of(file, sound, at, pattern)) {
            visitor.visit(file, what);
        } catch (IOException | RuntimeException | AssertionError | StackOverflowError e) {
            throw new AssertionError(what, e);
        }
    }

    private String room(Path file) {
        return own().relativize(file).getName(0).toString();
    }

    private Path own() {
        return store.own().folder().resolve("store");
    }

    private void count(Path file, String outcome) {
        outcomes.merge(room(file) + ": " + outcome, 1, Integer::sum);
    }

    @Test
    void whoReadsWithChecksGetsTheRightBytesOrARefusal() throws IOException {
        forEachFlip((file, what) -> {
            boolean hint = file.toString().endsWith(".profile");
            if (hint) {
                store.forgetImages();
            }
            boolean refused = false;
            for (Digest tree : store.expected().keySet()) {
                refused |= !isRead(tree, ReadCheck.ALWAYS, what);
            }
            refused |= !areListed(what);
            count(file, refused ? "refused" : "right");
            if (hint
                    || Set.of("images", "stats", "quarantine", "objects", "handed")
                            .contains(room(file))) {
                assertThat(refused).as("what is derived is made anew: " + what).isFalse();
            }
        });
        System.out.println("read with checks: " + outcomes);
        assertThat(outcomes).containsKeys("packs: refused", "roots: refused", "images: right");
    }

    /** Whether a tree is read; wrong bytes and other exceptions than those for damage are failures. */
    private boolean isRead(Digest tree, ReadCheck check, String what) {
        List<String> lines;
        try {
            lines = store.read(tree, check);
        } catch (IOException e) {
            assertThat(e.getMessage()).as(what).isNotEmpty();
            return false;
        }
        if (!lines.equals(store.expected().get(tree))) {
            assertThat(lines).as(what).isEqualTo(store.expected().get(tree));
        }
        return true;
    }

    private boolean areListed(String what) {
        try {
            assertThat(store.registered()).as(what).isEqualTo(registered);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatVerificationDoesNotFindDoesNoHarm() throws IOException {
        forEachFlip((file, what) -> {
            int problems;
            try {
                problems = store.verify().problems().size();
            } catch (IOException e) {
                // nobody opens this store
                assertThat(file).as(what).isEqualTo(own().resolve("FORMAT"));
                return;
            }
            count(file, problems > 0 ? "found" : "not found");
            if (problems == 0) {
                requireHarmless(file, what);
            }
        });
        System.out.println("verified: " + outcomes);
        assertThat(outcomes).containsKeys("packs: found", "objects: found", "handed: found");
        assertThat(outcomes).doesNotContainKeys("images: not found", "objects: not found", "handed: not found");
    }

    private void requireHarmless(Path file, String what) throws IOException {
        if (file.toString().endsWith(".profile")) {
            store.forgetImages();
        }
        assertThat(store.registered()).as(what).isEqualTo(registered);
        for (Digest tree : store.expected().keySet()) {
            assertThat(isRead(tree, ReadCheck.NEVER, what)).as(what).isTrue();
        }
        if (room(file).equals("stats")) {
            requireStatsHarmless(what);
        }
    }

    /** Whoever relies on a cache comes to what he would come to without it. */
    private void requireStatsHarmless(String what) throws IOException {
        for (Path tree : store.trees()) {
            Digest again = store.own().ingest(tree).tree();
            assertThat(store.expected()).as(what).containsKey(again);
            assertThat(Roots.digestOf(TestStore.bytes(store.own().manifestFile(tree))))
                    .as(what)
                    .isEqualTo(again);
        }
        try (Store opened = Store.open(TestStore.bytes(own()))) {
            CollectReport report = GarbageCollection.plan(opened, CollectOptions.DEFAULT);
            assertThat(report.freedBytes()).as(what).isZero();
        } catch (IOException e) {
            fail(what, e);
        }
    }
}
