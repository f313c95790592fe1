package dev.velo.core.sandbox;

import java.util.OptionalLong;

/**
 * What became of one limit.
 *
 * @param reached how often it took effect: processes killed for memory, processes or threads refused, periods of 100 ms in which
 *     processes had to wait for a processor; empty if nobody counted
 */
public record LimitOutcome(LimitDecision decision, OptionalLong reached) {
    /** One line for people, such as {@code memory: cgroup v1: 1 process killed}. */
    public String text() {
        return isReached() ? decision.text() + ": " + effect(reached.getAsLong()) : decision.text();
    }

    /** Whether the command is known to have run into the limit. */
    public boolean isReached() {
        return reached.isPresent() && reached.getAsLong() > 0;
    }

    private String effect(long count) {
        return switch (decision.resource()) {
            case MEMORY -> count + (count == 1 ? " process" : " processes") + " killed";
            case PIDS -> count + (count == 1 ? " process or thread" : " processes or threads") + " refused";
            case CPU -> "made to wait " + count + (count == 1 ? " time" : " times");
        };
    }
}
