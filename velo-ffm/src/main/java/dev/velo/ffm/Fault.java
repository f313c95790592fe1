package dev.velo.ffm;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that goes wrong on purpose, and at which calls.
 *
 * @param errno what a call of {@link Action#FAIL} ends in
 * @param first the number of the first call that it befalls, from 1; 0 for none
 * @param last that of the last one
 */
record Fault(Action action, FaultSite site, @Nullable Errno errno, long first, long last) {
    /** What happens. */
    enum Action {
        /** Nothing; how many calls there were is printed at the end of the process. */
        COUNT,
        KILL_BEFORE,
        KILL_AFTER,
        /** No thread makes this call or a later one: what a kill before it leaves, in a process that stays. */
        CUT_BEFORE,
        CUT_AFTER,
        /** The call is not made. */
        FAIL,
        /** The call moves half of its bytes. */
        HALVE
    }

    private static final Pattern SPELLING =
            Pattern.compile("(kill|kill-after|cut|cut-after|short|fail):([0-9]{1,18})(\\+?)(?::([A-Z0-9]+))?");

    /** Reads what {@link Faults} documents. */
    static Fault parse(String spelled) {
        if (spelled.equals("count")) {
            return new Fault(Action.COUNT, FaultSite.CHANGES, null, 0, 0);
        }
        Matcher parts = SPELLING.matcher(spelled);
        if (!parts.matches() || parts.group(1).equals("fail") != (parts.group(4) != null)) {
            throw refused(spelled);
        }
        long first = Long.parseLong(parts.group(2));
        long last = parts.group(3).isEmpty() || first == 0 ? first : Long.MAX_VALUE;
        return switch (parts.group(1)) {
            case "kill" -> new Fault(Action.KILL_BEFORE, FaultSite.CHANGES, null, first, last);
            case "kill-after" -> new Fault(Action.KILL_AFTER, FaultSite.CHANGES, null, first, last);
            case "short" -> new Fault(Action.HALVE, FaultSite.TRANSFERS, null, first, last);
            case "cut" -> new Fault(Action.CUT_BEFORE, FaultSite.CHANGES, null, first, last);
            case "cut-after" -> new Fault(Action.CUT_AFTER, FaultSite.CHANGES, null, first, last);
            default -> failure(spelled, parts.group(4), first, last);
        };
    }

    private static Fault failure(String spelled, String name, long first, long last) {
        Errno errno;
        try {
            errno = Errno.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw refused(spelled);
        }
        if (errno == Errno.EINTR && last > first) {
            throw new IllegalArgumentException("a call that is interrupted for ever never ends: " + spelled);
        }
        return new Fault(Action.FAIL, FaultSite.of(errno), errno, first, last);
    }

    private static IllegalArgumentException refused(String spelled) {
        return new IllegalArgumentException("no fault is spelled " + spelled
                + "; count, kill:N, kill-after:N, cut:N, cut-after:N, fail:N:ERRNO, short:N, and N+ for all from N on");
    }

    boolean befalls(long number) {
        return number >= first && number <= last && first > 0;
    }
}
