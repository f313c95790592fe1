package dev.velo.ffm;

import java.lang.foreign.MemorySegment;

/**
 * What a process used, with those of its children that were awaited: the beginning of {@code struct rusage} (getrusage(2)).
 *
 * @param userMicros time on processors in programs
 * @param systemMicros time on processors in the kernel
 * @param maxResidentBytes the most memory that any one of them had. A process counts what its memory was before it executed a program,
 *     so that it is no less than this process's own for one that was spawned from here
 */
public record ResourceUse(long userMicros, long systemMicros, long maxResidentBytes) {
    /** How long the structure is. */
    public static final int BYTES = 144;

    private static final int SYSTEM_AT = 16;
    private static final int RESIDENT_AT = 32;
    private static final long MICROS = 1_000_000;
    private static final long KIB = 1024;

    /** Reads a {@code struct rusage}. */
    public static ResourceUse of(MemorySegment structure) {
        return new ResourceUse(
                micros(structure, 0), micros(structure, SYSTEM_AT), structure.get(Scratch.LONG, RESIDENT_AT) * KIB);
    }

    private static long micros(MemorySegment structure, long at) {
        return structure.get(Scratch.LONG, at) * MICROS + structure.get(Scratch.LONG, at + Long.BYTES);
    }
}
