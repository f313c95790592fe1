package dev.velo.core.sandbox;

import dev.velo.ffm.Architecture;
import java.util.List;

/**
 * Numbers without a call in the kernels that the list of {@link RestrictedCall}s was made for. A call that a later kernel has there is one
 * that nobody has judged; programs are told that it does not exist, and do without as on an older kernel.
 */
final class UnknownCalls {
    /** The last call of Linux 6.18: {@code file_setattr}. To be raised with a look at each call in between. */
    static final int LAST_KNOWN = 469;

    private static final Rule MISSING = new Rule(Verdict.ENOSYS, null);

    /** The highest number that a call can be made by. */
    static final long HIGHEST = 0xffffffffL;

    /** Numbers {@code first} to {@code last}. */
    record Range(long first, long last) {}

    private UnknownCalls() {}

    static Rule rule() {
        return MISSING;
    }

    /** In rising order; the last takes in the numbers of x32, which have bit 30 set. */
    static List<Range> of(Architecture architecture) {
        Range future = new Range(LAST_KNOWN + 1, HIGHEST);
        return switch (architecture) {
            case X86_64 -> List.of(new Range(337, 423), future);
            case AARCH64 -> List.of(new Range(244, 259), new Range(295, 423), future);
        };
    }
}
