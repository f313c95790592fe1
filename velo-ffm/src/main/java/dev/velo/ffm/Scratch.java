package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One small structure per thread for the duration of one call. */
final class Scratch {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final int CAPACITY = 512;
    private static final ThreadLocal<MemorySegment> STRUCTURE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPACITY, Long.BYTES));

    private Scratch() {}

    /** This thread's structure of that many bytes; its contents are whatever the last call left. */
    static MemorySegment structure(int bytes) {
        return STRUCTURE.get().asSlice(0, bytes);
    }
}
