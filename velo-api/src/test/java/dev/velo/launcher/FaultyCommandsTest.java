package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whichever system call fails, and however: the command ends, says so in one sentence or does its work all the same, leaves the
 * store in order and no descriptor open, and does its work when it is asked again.
 */
@Execution(ExecutionMode.CONCURRENT)
final class FaultyCommandsTest {
    /**
     * How many calls of each operation are tried with each fault: one from each place of the program at least, and so many where there are
     * more calls than places; {@code -Dvelo.kill.rounds} raises it.
     */
    private static final int ROUNDS = 8;

    @TempDir(factory = MemoryFolder.class)
    private Path temporary;

    /** A fault, how it is spelled for a number, and what people are told of it. */
    private enum Kind {
        FULL("fail:%s:ENOSPC", "No space left on device"),
        FULL_FROM_THEN_ON("fail:%s+:ENOSPC", "No space left on device"),
        QUOTA("fail:%s:EDQUOT", "Disk quota exceeded"),
        DEFECT("fail:%s:EIO", "Input/output error"),
        DEFECT_FROM_THEN_ON("fail:%s+:EIO", "Input/output error"),
        DESCRIPTORS("fail:%s:EMFILE", "Too many open files"),
        DESCRIPTORS_FROM_THEN_ON("fail:%s+:EMFILE", "Too many open files"),
        INTERRUPTED("fail:%s:EINTR", ""),
        SHORT("short:%s", ""),
        SHORT_FROM_THEN_ON("short:%s+", "");

        private final String spelling;
        private final String told;

        Kind(String spelling, String told) {
            this.spelling = spelling;
            this.told = told;
        }

        String at(long number) {
            return String.format(spelling, number);
        }

        /** Whether it stands in the way of tidying up as well. */
        boolean isLasting() {
            return name().endsWith("FROM_THEN_ON");
        }

        /** Whether the disk gives an error, of which a repair says what it has lost by it. */
        boolean isDefect() {
            return this == DEFECT || this == DEFECT_FROM_THEN_ON;
        }

        /** Whether it is none of the user's business. */
        boolean isHarmless() {
            return told.isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endInOneSentenceAndAnOrderlyStore(Operation operation) throws Exception {
        Workplace place = Operation.workplace(temporary);
        List<String> faults = new ArrayList<>();
        try (FaultyProcess process = FaultyProcess.start(place)) {
            int round = 0;
            operation.prepare(place, 0);
            process.run("fail:0:EIO", operation.words(place));
            long open = process.run("fail:0:EIO", List.of("--version")).descriptors();
            for (Kind kind : Kind.values()) {
                operation.prepare(place, 0);
                List<String> callers =
                        process.run(kind.at(0), operation.words(place)).callers();
                for (long number : numbers(kind, callers)) {
                    operation.prepare(place, ++round);
                    List<String> wrong = round(process, place, operation, kind, number);
                    long openNow = openAfterwards(process, open);
                    if (openNow > open) {
                        wrong.add("leaves descriptors open: " + (openNow - open));
                        open = openNow;
                    }
                    wrong.forEach(each -> faults.add(kind.at(number) + " of " + callers.size() + ": " + each));
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    /** What is open when all threads of a command have ended, which may take a moment; more than before stays so. */
    private static long openAfterwards(FaultyProcess process, long before) throws Exception {
        long open = process.run("fail:0:EIO", List.of("--version")).descriptors();
        for (int i = 0; i < 20 && open > before; i++) {
            Thread.sleep(50);
            open = process.run("fail:0:EIO", List.of("--version")).descriptors();
        }
        return open;
    }

    /** Once from each place; what lasts befalls the places behind as well. */
    private static List<Integer> numbers(Kind kind, List<String> callers) {
        int rounds = Math.min(Moments.rounds(ROUNDS), callers.size());
        return kind.isLasting() ? Moments.of(callers.size(), rounds) : Moments.ofEach(callers, rounds);
    }

    private static List<String> round(
            FaultyProcess process, Workplace place, Operation operation, Kind kind, long number) throws Exception {
        List<String> wrong = new ArrayList<>();
        FaultyProcess.Answer answer = process.run(kind.at(number), operation.words(place));
        if (answer.status() == 0) {
            if (kind.isHarmless() && !answer.complaint().isEmpty()) {
                wrong.add("complains: " + answer.complaint());
            }
            wrong.addAll(undone(place, operation));
        } else if (kind.isHarmless()) {
            wrong.add("fails: " + answer.complaint());
        } else if (!isSentence(answer.complaint(), operation == Operation.REPAIR && kind.isDefect() ? "" : kind.told)) {
            wrong.add("says: " + answer.complaint());
        }
        boolean isMidway = answer.status() != 0 && (kind.isLasting() || operation == Operation.REPAIR);
        wrong.addAll(isMidway ? operation.problemsMidway(place) : StoreOrder.problems(place.store()));
        if (answer.status() != 0) {
            if (kind.isLasting()) {
                operation.removeRemains(place);
            }
            answer = process.run(kind.at(0), operation.words(place));
            if (answer.status() != 0) {
                wrong.add("fails again: " + answer.complaint());
            }
            wrong.addAll(undone(place, operation));
        }
        return wrong;
    }

    private static List<String> undone(Workplace place, Operation operation) throws Exception {
        try {
            operation.requireDone(place);
            return List.of();
        } catch (AssertionError e) {
            return List.of("has not done its work: " + e.getMessage());
        }
    }

    /** What failed, where and why, in a line. */
    private static boolean isSentence(String said, String reason) {
        return said.startsWith("velo: /")
                && said.contains(reason)
                && !said.contains("Exception")
                && said.indexOf('\n') == said.length() - 1;
    }
}
