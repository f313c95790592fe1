package dev.velo.launcher;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** At which of the system calls that change something a process is to be killed. */
final class Moments {
    private Moments() {}

    /**
     * So many numbers from 1 to {@code calls}: where there are fewer calls, one after another and again from the first; else the early
     * ones, the last ones, where things are published, and of those between an even choice.
     */
    static List<Integer> of(int calls, int rounds) {
        List<Integer> chosen = new ArrayList<>();
        int end = rounds / 4;
        for (int i = 0; i < rounds; i++) {
            if (calls <= rounds) {
                chosen.add(i % calls + 1);
            } else if (i < end) {
                chosen.add(i + 1);
            } else if (i >= rounds - end) {
                chosen.add(calls - (rounds - 1 - i));
            } else {
                chosen.add(end + 1 + (int) ((long) (i - end) * (calls - 2 * end) / (rounds - 2 * end)));
            }
        }
        return chosen;
    }

    /** The numbers of the first call from each place of the program, and of others so that there are so many, if there are. */
    static List<Integer> ofEach(List<String> callers, int rounds) {
        SortedSet<Integer> chosen = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < callers.size(); i++) {
            if (seen.add(callers.get(i))) {
                chosen.add(i + 1);
            }
        }
        if (chosen.size() < rounds && !callers.isEmpty()) {
            chosen.addAll(of(callers.size(), Math.min(rounds, callers.size())));
        }
        return List.copyOf(chosen);
    }

    /** The system property {@code velo.kill.rounds}, 200 unless said, raises all numbers of rounds alike. */
    static int rounds(int usual) {
        return Math.max(1, usual * Integer.getInteger("velo.kill.rounds", 200) / 200);
    }
}
