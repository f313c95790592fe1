package dev.velo.core.view;

import dev.velo.core.format.ByteSink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Gathers small structures of known place into large writes. Positions only grow; what lies between is zero. For one thread. */
final class ImageOutput {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long CHECKSUM_PART = 1 << 30;

    private final MemorySegment chunk;
    private final ByteSink sink;
    private long chunkStart;
    private int used;
    private final CRC32C crc = new CRC32C();

    ImageOutput(Arena arena, ByteSink sink) {
        this.chunk = arena.allocate(CHUNK_BYTES, Long.BYTES);
        this.sink = sink;
    }

    long position() {
        return chunkStart + used;
    }

    /** The CRC-32C of everything so far. */
    int checksum() throws IOException {
        flush();
        return (int) crc.getValue();
    }

    /** Continues a checksum over memory of any size; a buffer has 2 GiB at most. */
    static void update(CRC32C crc, MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); at += CHECKSUM_PART) {
            crc.update(bytes.asSlice(at, Math.min(CHECKSUM_PART, bytes.byteSize() - at))
                    .asByteBuffer());
        }
    }

    /** Fills up with zeros to this position. */
    void padTo(long position) throws IOException {
        if (position < position()) {
            throw new IllegalStateException("position " + position + " lies before " + position());
        }
        while (position() < position) {
            skip((int) Math.min(position - position(), CHUNK_BYTES));
        }
    }

    private void skip(int bytes) throws IOException {
        begin(bytes);
    }

    /** Takes a structure of so many bytes, all zero; returns the offset that its fields are set by. */
    int begin(int bytes) throws IOException {
        if (used + bytes > CHUNK_BYTES) {
            flush();
        }
        chunk.asSlice(used, bytes).fill((byte) 0);
        int start = used;
        used += bytes;
        return start;
    }

    void putByte(int offset, int value) {
        chunk.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    void putShort(int offset, int value) {
        chunk.set(SHORT, offset, (short) value);
    }

    void putInt(int offset, int value) {
        chunk.set(INT, offset, value);
    }

    void putLong(int offset, long value) {
        chunk.set(LONG, offset, value);
    }

    void putBytes(byte[] bytes) throws IOException {
        int done = 0;
        while (done < bytes.length) {
            int part = Math.min(bytes.length - done, CHUNK_BYTES);
            int at = begin(part);
            MemorySegment.copy(bytes, done, chunk, ValueLayout.JAVA_BYTE, at, part);
            done += part;
        }
    }

    /** Appends these bytes as they are. */
    void putSegment(MemorySegment bytes) throws IOException {
        flush();
        update(crc, bytes);
        sink.accept(bytes);
        chunkStart += bytes.byteSize();
    }

    void flush() throws IOException {
        if (used > 0) {
            update(crc, chunk.asSlice(0, used));
            sink.accept(chunk.asSlice(0, used));
            chunkStart += used;
            used = 0;
        }
    }
}
