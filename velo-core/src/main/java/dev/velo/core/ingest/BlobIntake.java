package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;

/** Takes files that come as streams, one after the other, into packs. For one thread. */
final class BlobIntake {
    private static final int WINDOW_BYTES = 1 << 16;

    private final PackAppender appender;
    private final Batch batch;
    private final MessageDigest sha = Hashing.sha256();
    private final byte[] window = new byte[WINDOW_BYTES];

    /** The appender stays the caller's. */
    BlobIntake(PackAppender appender, Arena arena) {
        this.appender = appender;
        this.batch = new Batch(arena);
        batch.clear(0);
    }

    /**
     * Takes that many bytes, at least one.
     *
     * @throws EOFException if the stream has fewer
     */
    Digest take(InputStream in, long size) throws IOException {
        return size > Batch.CAPACITY ? takeLarge(in, size) : takeSmall(in, (int) size);
    }

    private Digest takeSmall(InputStream in, int size) throws IOException {
        if (batch.filled + size > Batch.CAPACITY || batch.files == Batch.MAX_FILES) {
            append();
        }
        int at = batch.filled;
        fill(in, size);
        batch.offsets[batch.files] = at;
        batch.lengths[batch.files] = size;
        return digest(batch.files++);
    }

    private Digest takeLarge(InputStream in, long size) throws IOException {
        append();
        for (long left = size; left > Batch.CAPACITY; left -= Batch.CAPACITY) {
            fill(in, Batch.CAPACITY);
            batch.content = Batch.Content.PIECE;
            append();
        }
        long last = (size - 1) % Batch.CAPACITY + 1;
        fill(in, (int) last);
        batch.content = Batch.Content.LAST_PIECE;
        Digest digest = digest(0);
        append();
        return digest;
    }

    private void fill(InputStream in, int count) throws IOException {
        int end = batch.filled + count;
        while (batch.filled < end) {
            int got = in.read(window, 0, Math.min(WINDOW_BYTES, end - batch.filled));
            if (got < 0) {
                throw new EOFException("ends before its time");
            }
            sha.update(window, 0, got);
            MemorySegment.copy(window, 0, batch.buffer, ValueLayout.JAVA_BYTE, batch.filled, got);
            batch.filled += got;
        }
    }

    /** The digest of what was filled in, noted as that of this file of the batch. */
    private Digest digest(int file) {
        Digest digest = Digest.of(sha.digest(), 0);
        digest.writeTo(batch.digests, 4 * file);
        return digest;
    }

    private void append() throws IOException {
        appender.append(batch);
        batch.clear(0);
    }

    /** Publishes what is still on its way. */
    void finish() throws IOException {
        append();
        appender.seal();
    }
}
