package dev.velo.core.verify;

import dev.velo.core.tree.Workers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a verification does.
 *
 * @param maxAge packs that were found whole during this time are not read again; null: those of a verification that was interrupted
 *     less than a day after it began are not, and all others are
 * @param threads how many read at once
 */
public record VerifyOptions(Depth depth, @Nullable Duration maxAge, int threads, VerifyListener listener) {

    /** On all processors, going on where one was interrupted. */
    public static VerifyOptions of(Depth depth) {
        return new VerifyOptions(depth, null, Workers.processors(), VerifyListener.NONE);
    }

    public VerifyOptions withMaxAge(@Nullable Duration age) {
        return new VerifyOptions(depth, age, threads, listener);
    }

    public VerifyOptions withListener(VerifyListener told) {
        return new VerifyOptions(depth, maxAge, threads, told);
    }
}
