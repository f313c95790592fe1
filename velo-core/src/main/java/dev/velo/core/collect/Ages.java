package dev.velo.core.collect;

import java.time.Duration;
import java.time.Instant;

/** How old things are. */
final class Ages {
    private Ages() {}

    /** Whether a time, in seconds since 1970, is less than an age ago. */
    static boolean isYounger(long seconds, Duration age) {
        return !age.isZero()
                && Instant.ofEpochSecond(seconds).isAfter(Instant.now().minus(age));
    }
}
