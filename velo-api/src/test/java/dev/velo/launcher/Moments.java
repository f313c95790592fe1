package dev.velo.launcher;

import java.util.ArrayList;
import java.util.List;

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

    /** The system property {@code velo.kill.rounds}, 200 unless said, raises all numbers of rounds alike. */
    static int rounds(int usual) {
        return Math.max(1, usual * Integer.getInteger("velo.kill.rounds", 200) / 200);
    }
}
