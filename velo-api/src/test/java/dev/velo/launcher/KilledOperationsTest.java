package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever is killed before or after any call that changes something leaves a store in order: contents verified, every tree that is
 * registered complete, nothing left but temporary files; and the same command does its work then.
 */
@Execution(ExecutionMode.CONCURRENT)
final class KilledOperationsTest {
    /** Kills of each operation; a start of the JVM each. {@code -Dvelo.kill.rounds} raises both numbers. */
    private static final int KILLS = 17;

    /** Cuts of each operation, which leave the same and cost no start. */
    private static final int CUTS = 10;

    /** A process that was cut keeps what it had mapped. */
    private static final int CUTS_OF_A_PROCESS = 500;

    @TempDir(factory = MemoryFolder.class)
    private Path temporary;

    @ParameterizedTest
    @EnumSource
    void leaveAnOrderlyStore(Operation operation) throws Exception {
        Workplace place = Operation.workplace(temporary);
        List<String> wrong = new ArrayList<>(rounds(place, operation, "kill", Moments.rounds(KILLS)));
        for (int left = Moments.rounds(CUTS); left > 0; left -= CUTS_OF_A_PROCESS) {
            wrong.addAll(rounds(place, operation, "cut", Math.min(left, CUTS_OF_A_PROCESS)));
        }
        assertThat(wrong).isEmpty();
    }

    private static List<String> rounds(Workplace place, Operation operation, String kind, int rounds) throws Exception {
        List<String> wrong = new ArrayList<>();
        try (FaultyProcess process = FaultyProcess.start(place)) {
            operation.prepare(place, 0);
            long calls = process.run("kill:0", operation.words(place)).counted();
            List<Integer> moments = Moments.of((int) calls, rounds);
            int killed = 0;
            for (int round = 0; round < moments.size(); round++) {
                String fault = kind + (round % 2 == 0 ? ":" : "-after:") + moments.get(round);
                operation.prepare(place, round + 1);
                int status = kind.equals("cut")
                        ? process.run(fault, operation.words(place)).status()
                        : status(place, operation, fault);
                killed += status == FaultyLauncher.KILLED ? 1 : 0;
                List<String> found = new ArrayList<>(operation.problemsMidway(place));
                found.addAll(strangers(place));
                operation.removeRemains(place);
                FaultyProcess.Answer next = process.run("kill:0", operation.words(place));
                if (next.status() != 0 || !next.complaint().isEmpty()) {
                    found.add("the next one says: " + next.complaint());
                } else {
                    operation.requireDone(place);
                    found.addAll(StoreOrder.problems(place.store()));
                }
                found.forEach(each -> wrong.add(fault + " of " + calls + ": " + each));
            }
            // threads, or other contents, may need fewer calls than when they were counted
            assertThat(killed).as(kind).isGreaterThanOrEqualTo(moments.size() / 2);
        }
        return wrong;
    }

    private static int status(Workplace place, Operation operation, String fault) throws Exception {
        List<String> words = operation.words(place);
        if (words.getFirst().startsWith("@")) {
            List<String> all = new ArrayList<>(FaultyProcess.words("-Dvelo.fault=" + fault));
            all.addAll(words);
            return Launch.program(place.caller(), place.folder(), all.toArray(String[]::new))
                    .run()
                    .status();
        }
        return place.velo(words.toArray(String[]::new))
                .java("-Dvelo.fault=" + fault)
                .run()
                .status();
    }

    /** What stands beside the store that nobody has asked for. */
    private static List<String> strangers(Workplace place) throws IOException {
        return Workplace.names(place.folder()).stream()
                .filter(name -> !List.of("store", "tree", "tree.velo", "out").contains(name))
                .filter(name -> !name.startsWith(".tmp-"))
                .map(name -> "left behind: " + name)
                .toList();
    }
}
