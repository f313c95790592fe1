package dev.velo.core.ingest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A buffer on its way from a reader to the writer and back: the bytes of several small files, or one piece of a large one. At any
 * time it belongs to one of the two.
 */
final class Batch {
    /** A multiple of 64 KiB, so that all pieces but the last are. */
    static final int CAPACITY = 1 << 20;

    static final int MAX_FILES = 512;

    /** What a batch carries. */
    enum Content {
        FILES,
        PIECE,
        /** The last piece of a large file, with its digest. */
        LAST_PIECE,
        /** The pieces before were of a file that changed, and are void. */
        VOID_PIECES
    }

    /** The unit of work that the batch is part of, and whether it is its end. */
    int unit;

    boolean endsUnit;
    Content content = Content.FILES;
    int files;
    final int[] offsets = new int[MAX_FILES];
    final int[] lengths = new int[MAX_FILES];
    final long[] digests = new long[4 * MAX_FILES];

    /** Bytes in the buffer. */
    int filled;

    /** One byte more than the capacity, so that a file that has grown shows itself. */
    final MemorySegment buffer;

    Batch(Arena arena) {
        buffer = arena.allocate(CAPACITY + 1L, Long.BYTES);
    }

    void clear(int nextUnit) {
        unit = nextUnit;
        endsUnit = false;
        content = Content.FILES;
        files = 0;
        filled = 0;
    }
}
