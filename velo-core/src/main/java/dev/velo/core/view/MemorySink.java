package dev.velo.core.view;

import dev.velo.core.format.ByteSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Keeps what is written, in memory of an arena. */
final class MemorySink implements ByteSink {
    private final Arena arena;
    private MemorySegment bytes;
    private long length;

    MemorySink(Arena arena) {
        this.arena = arena;
        this.bytes = arena.allocate(1 << 16, Long.BYTES);
    }

    @Override
    public void accept(MemorySegment chunk) {
        long end = length + chunk.byteSize();
        if (end > bytes.byteSize()) {
            MemorySegment larger = arena.allocate(Math.max(end, bytes.byteSize() * 2), Long.BYTES);
            MemorySegment.copy(bytes, 0, larger, 0, length);
            bytes = larger;
        }
        MemorySegment.copy(chunk, 0, bytes, length, chunk.byteSize());
        length = end;
    }

    MemorySegment written() {
        return bytes.asSlice(0, length);
    }
}
