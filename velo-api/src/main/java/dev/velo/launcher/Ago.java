package dev.velo.launcher;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long ago something was, as people say it: one number and one unit. */
final class Ago {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Ago() {}

    /** A dash for what never was; what is yet to come is told as such. */
    static String of(@Nullable Instant then, Instant now) {
        if (then == null) {
            return "-";
        }
        long seconds = Duration.between(then, now).toSeconds();
        if (seconds < -MINUTE) {
            return "future";
        }
        if (seconds < MINUTE) {
            return Math.max(0, seconds) + " s";
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + " min";
        }
        return seconds < DAY ? seconds / HOUR + " h" : seconds / DAY + " d";
    }
}
