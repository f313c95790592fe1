package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                place.velo("run", "--at", "at", "tree.velo", "--", "true").run().succeeded();
                assertThat(TreeComparison.differences(place.tree(), farm(place)))
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
                place.velo("checkout", "--link", "-q", "tree.velo", "out").run().succeeded();
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

    /** The one farm of the store. */
    private static Path farm(Workplace place) throws Exception {
        try (var farms = Files.list(place.store().resolve("farms"))) {
            List<Path> made = farms.filter(Files::isDirectory).toList();
            assertThat(made).hasSize(1);
            return made.getFirst().resolve("tree");
        }
    }
}
