package dev.velo.core.store;

import dev.velo.core.format.ByteSink;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Writes a file from its start and leaves aligned runs of 64 KiB of zeros out, so that they become holes. The descriptor, of an empty
 * file, belongs to the caller, who calls {@link #finish}. For one thread, file after file.
 */
public final class SparseWriter implements ByteSink {
    private static final int HOLE_BYTES = 64 << 10;

    private final MemorySegment zeros = Arena.ofAuto().allocate(HOLE_BYTES);
    private int fd = -1;
    private long length;
    private boolean endsInHole;

    /** Begins another file. */
    public SparseWriter begin(int emptyFile) {
        fd = emptyFile;
        length = 0;
        endsInHole = false;
        return this;
    }

    /** Pieces but the last are multiples of 64 KiB. */
    @Override
    public void accept(MemorySegment piece) throws ErrnoException {
        long size = piece.byteSize();
        long runStart = 0;
        for (long at = 0; at < size; at += HOLE_BYTES) {
            long part = Math.min(HOLE_BYTES, size - at);
            if (part == HOLE_BYTES && piece.asSlice(at, part).mismatch(zeros) == -1) {
                write(piece, runStart, at);
                runStart = at + part;
            }
        }
        write(piece, runStart, size);
        endsInHole = runStart == size;
        length += size;
    }

    private void write(MemorySegment piece, long from, long to) throws ErrnoException {
        if (from < to) {
            PublishedFile.writeFully(fd, piece.address() + from, to - from, length + from);
        }
    }

    /** Gives the file its length, if it ends in a hole. */
    public void finish() throws ErrnoException {
        if (endsInHole) {
            FileCalls.ftruncate(fd, length);
        }
    }
}
