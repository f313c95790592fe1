package dev.velo.core.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A deflated section of a file, whose bytes come as they are asked for. Owns native memory until closed; not thread-safe. */
final class InflatedSection implements AutoCloseable {
    /** A buffer cannot be longer than an array. */
    private static final long MAX_BUFFER = 1L << 30;

    private final String file;
    private final MemorySegment bytes;
    private final long from;
    private final long to;
    private final Inflater inflater = new Inflater(true);
    private long fed;

    /** The section between these offsets of a file. */
    InflatedSection(String file, MemorySegment bytes, long from, long to) {
        this.file = file;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.fed = from;
    }

    /** Fills all of this memory with the bytes that are next. */
    void fill(MemorySegment target) throws FormatException {
        long at = 0;
        while (at < target.byteSize()) {
            long count = Math.min(MAX_BUFFER, target.byteSize() - at);
            fill(target.asSlice(at, count).asByteBuffer());
            at += count;
        }
    }

    private void fill(ByteBuffer target) throws FormatException {
        while (target.hasRemaining()) {
            if (inflate(target) == 0) {
                throw fault(Reason.BAD_LENGTH, "what is deflated here is too short");
            }
        }
    }

    /** Throws if there is more, inflated or deflated. */
    void requireEnd() throws FormatException {
        boolean more = inflate(ByteBuffer.allocate(1)) > 0;
        if (more || !inflater.finished() || position() < to) {
            throw fault(Reason.BAD_LENGTH, "what is deflated here is too long");
        }
    }

    /** How many bytes were put into the target; 0 only if there are no more. */
    private int inflate(ByteBuffer target) throws FormatException {
        try {
            int got = inflater.inflate(target);
            while (got == 0 && inflater.needsInput() && fed < to) {
                long count = Math.min(MAX_BUFFER, to - fed);
                inflater.setInput(bytes.asSlice(fed, count).asByteBuffer());
                fed += count;
                got = inflater.inflate(target);
            }
            return got;
        } catch (DataFormatException e) {
            throw fault(Reason.BAD_COMPRESSION, "what is deflated here");
        }
    }

    /** Where the byte stands that the inflater would take next. */
    private long position() {
        return from + inflater.getBytesRead();
    }

    private FormatException fault(Reason reason, String detail) {
        return new FormatException(file, from, reason, detail);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
