package dev.velo.core.verify;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which files of registered trees have a blob.
 *
 * @param first some of them, {@value #LIMIT} at most
 * @param count how many there are
 */
public record Uses(List<Use> first, long count) {
    /** How many are named. */
    public static final int LIMIT = 20;

    /** No tree has it. */
    public static final Uses NONE = new Uses(List.of(), 0);

    /** Copies the list. */
    public Uses {
        first = List.copyOf(first);
    }

    /** All that is known, in one line. */
    @Override
    public String toString() {
        String named = first.stream().map(Use::toString).collect(Collectors.joining(", "));
        return count > first.size() ? named + " and " + (count - first.size()) + " more" : named;
    }
}
