package dev.velo.core.testing;

import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A regular file of a fixture under construction: written in pieces, stamped last. Owns its descriptor. */
final class TreeFile implements AutoCloseable {
    private final FixtureLog log;
    private final int descriptor;

    TreeFile(FixtureLog log, int descriptor) {
        this.log = log;
        this.descriptor = descriptor;
    }

    void write(long offset, byte[] bytes, int start, int length) throws IOException {
        if (length == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(length);
            MemorySegment.copy(bytes, start, copy, ValueLayout.JAVA_BYTE, 0, length);
            long done = 0;
            while (done < length) {
                done += FileCalls.pwrite(descriptor, copy.address() + done, length - done, offset + done);
            }
        }
    }

    void write(long offset, byte[] bytes) throws IOException {
        write(offset, bytes, 0, bytes.length);
    }

    /** Makes the file that long; what was never written is a hole. */
    void extendTo(long length) throws IOException {
        FileCalls.ftruncate(descriptor, length);
    }

    void stamp(Stamp stamp) throws IOException {
        stamp.applyTo(descriptor, log);
    }

    @Override
    public void close() {
        FileCalls.close(descriptor);
    }
}
