package dev.velo.core.testing;

import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Compares the bytes of open files, and looks for zeros that are not holes. */
final class ContentComparison {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int RUN_BYTES = 64 << 10;

    /** From this size on, what both sides say is a hole is not read. */
    private static final long SPARSE_BYTES = 16L << 20;

    private final MemorySegment left = Arena.ofAuto().allocate(BUFFER_BYTES);
    private final MemorySegment right = Arena.ofAuto().allocate(BUFFER_BYTES);
    private final MemorySegment zeros = Arena.ofAuto().allocate(RUN_BYTES);

    /** The first byte in which two files of this size differ, or -1. */
    long firstDifference(int leftFile, int rightFile, long size) throws IOException {
        long at = 0;
        while (at < size) {
            if (size >= SPARSE_BYTES) {
                at = Math.min(nextData(leftFile, at, size), nextData(rightFile, at, size));
                if (at >= size) {
                    return -1;
                }
            }
            long count = Math.min(BUFFER_BYTES, size - at);
            fill(leftFile, left, at, count);
            fill(rightFile, right, at, count);
            long mismatch = left.asSlice(0, count).mismatch(right.asSlice(0, count));
            if (mismatch >= 0) {
                return at + mismatch;
            }
            at += count;
        }
        return -1;
    }

    /** Where an aligned run of zeros stands that the file system keeps as data, or -1. */
    long zerosThatAreData(int file, long size) throws IOException {
        long at = 0;
        while (at < size) {
            long data = nextData(file, at, size);
            if (data >= size) {
                return -1;
            }
            long hole = FileCalls.lseek(file, data, FileCalls.SEEK_HOLE);
            for (long run = roundUp(data); run + RUN_BYTES <= hole; run += RUN_BYTES) {
                fill(file, right, run, RUN_BYTES);
                if (right.asSlice(0, RUN_BYTES).mismatch(zeros) < 0) {
                    return run;
                }
            }
            at = hole;
        }
        return -1;
    }

    private static long nextData(int file, long from, long size) throws IOException {
        try {
            return FileCalls.lseek(file, from, FileCalls.SEEK_DATA);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) {
                return size;
            }
            throw e;
        }
    }

    private static void fill(int file, MemorySegment buffer, long offset, long count) throws IOException {
        long done = 0;
        while (done < count) {
            long read = FileCalls.pread(file, buffer.address() + done, count - done, offset + done);
            if (read == 0) {
                throw new IOException("a file became shorter while it was compared");
            }
            done += read;
        }
    }

    private static long roundUp(long offset) {
        return (offset + RUN_BYTES - 1) / RUN_BYTES * RUN_BYTES;
    }
}
