package dev.velo.core.store;

import dev.velo.core.format.ByteSink;
import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.DigestException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Reads blobs out of packs, compressed or not, and holds each against its digest. Owns a buffer, which belongs to the garbage
 * collector; for one thread.
 */
public final class BlobReader {
    /** A blob of up to this many bytes is handed over in one piece, and only once it is known to be right. */
    public static final int BUFFER_BYTES = 1 << 20;

    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
    private final MessageDigest sha = Hashing.sha256();
    private final byte[] found = new byte[Digest.BYTES];
    private @Nullable CompressedBlob compressed;

    /**
     * Hands the bytes of a blob to the sink in order, in pieces that are valid during the call only. All but the last are of
     * {@link #BUFFER_BYTES}.
     *
     * @param location of a sound entry, as {@link Packs} finds it
     * @throws FormatException if they are not those of the digest; what the sink was given of a long blob is void then
     */
    public void read(Packs.Location location, Digest digest, ByteSink sink) throws IOException {
        if (!location.isRaw()) {
            readCompressed(location, digest, sink);
            return;
        }
        long length = location.length();
        long offset = location.offset();
        if (length <= BUFFER_BYTES) {
            MemorySegment bytes = piece(location, offset, length);
            sha.update(bytes.asByteBuffer());
            check(location, digest);
            sink.accept(bytes);
            return;
        }
        for (long done = 0; done < length; done += BUFFER_BYTES) {
            MemorySegment bytes = piece(location, offset + done, Math.min(BUFFER_BYTES, length - done));
            sha.update(bytes.asByteBuffer());
            sink.accept(bytes);
        }
        check(location, digest);
    }

    private void readCompressed(Packs.Location location, Digest digest, ByteSink sink) throws IOException {
        int length = (int) location.length();
        byte[] bytes = decompress(location, digest).bytes(length);
        for (int done = 0; done < length; done += BUFFER_BYTES) {
            int part = Math.min(BUFFER_BYTES, length - done);
            MemorySegment.copy(bytes, done, buffer, ValueLayout.JAVA_BYTE, 0, part);
            sink.accept(buffer.asSlice(0, part));
        }
    }

    /** Reads a compressed blob into memory of the reader's, which becomes what the digest says; valid until the next call. */
    CompressedBlob decompress(Packs.Location location, Digest digest) throws IOException {
        CompressedBlob blob = compressed;
        if (blob == null) {
            blob = new CompressedBlob();
            compressed = blob;
        }
        int stored = (int) location.storedLength();
        byte[] block = blob.block(stored);
        for (int done = 0; done < stored; done += BUFFER_BYTES) {
            int part = Math.min(BUFFER_BYTES, stored - done);
            MemorySegment.copy(
                    piece(location, location.offset() + done, part), ValueLayout.JAVA_BYTE, 0, block, done, part);
        }
        int length = (int) location.length();
        if (!blob.decompress(stored, length)) {
            throw wrongContent(location, "the LZ4 block of blob " + digest);
        }
        sha.update(blob.bytes(length), 0, length);
        check(location, digest);
        return blob;
    }

    private MemorySegment piece(Packs.Location location, long offset, long length) throws IOException {
        long got = FileBytes.readFully(location.pack().fd(), buffer.address(), length, offset);
        if (got < length) {
            sha.reset();
            throw new FormatException(location.pack().file(), offset + got, Reason.TRUNCATED, "inside a blob");
        }
        return buffer.asSlice(0, length);
    }

    private void check(Packs.Location location, Digest digest) throws FormatException {
        try {
            sha.digest(found, 0, Digest.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        if (!Digest.of(found, 0).equals(digest)) {
            throw wrongContent(location, "blob " + digest);
        }
    }

    static FormatException wrongContent(Packs.Location location, String what) {
        return new FormatException(
                location.pack().file(),
                location.offset(),
                Reason.WRONG_CONTENT,
                what + "; move the pack away and ingest its trees again");
    }
}
