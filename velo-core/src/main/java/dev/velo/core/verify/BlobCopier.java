package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.store.CompressedBlob;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PackWriter;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies bytes of files into packs as blobs, if they are those that are looked for: they are hashed on their way, whoever may change
 * the file meanwhile. Compressed ones are copied as they are, and hashed as what they become. Owns buffers; for one thread.
 */
final class BlobCopier {
    /**
     * Bytes of an open file that may be a blob.
     *
     * @param stored how many there are
     * @param length what they become: as many, or more if they are an LZ4 block
     */
    record Source(int fd, long offset, long stored, long length) {
        /** Bytes that are themselves the blob. */
        static Source raw(int fd, long offset, long length) {
            return new Source(fd, offset, length, length);
        }

        boolean isRaw() {
            return stored == length;
        }
    }

    private static final int BUFFER_BYTES = 1 << 20;

    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
    private final MessageDigest sha = Hashing.sha256();
    private final CompressedBlob codec = new CompressedBlob();

    /** The digest of the blob; null if the disk does not give it, or it is no LZ4 block where it should be. */
    @Nullable
    Digest digest(Source source) throws IOException {
        if (!source.isRaw()) {
            return digestOfBlock(source);
        }
        for (long done = 0; done < source.length(); done += BUFFER_BYTES) {
            MemorySegment piece = piece(source, done);
            if (piece == null) {
                return null;
            }
            sha.update(piece.asByteBuffer());
        }
        return Digest.of(sha.digest(), 0);
    }

    /** Leaves the block and what it becomes in {@link #codec}. */
    private @Nullable Digest digestOfBlock(Source source) throws IOException {
        int length = (int) source.length();
        if (!read(source, codec.block((int) source.stored())) || !codec.decompress((int) source.stored(), length)) {
            return null;
        }
        sha.update(codec.bytes(length), 0, length);
        return Digest.of(sha.digest(), 0);
    }

    /** Appends the blob to a pack, as it is stored, if its digest is wanted; returns the digest if so, and null otherwise. */
    @Nullable
    Digest copy(Source source, PackWriter writer, Predicate<Digest> wanted) throws IOException {
        if (!source.isRaw()) {
            Digest found = digestOfBlock(source);
            return found == null || !wanted.test(found)
                    ? null
                    : write(found, (int) source.stored(), source.length(), writer);
        }
        return source.length() <= BUFFER_BYTES ? copySmall(source, writer, wanted) : copyLarge(source, writer, wanted);
    }

    /** As {@link #copy}, of a raw blob, which is compressed if that is worth it. */
    @Nullable
    Digest compress(Source raw, PackWriter writer, Predicate<Digest> wanted) throws IOException {
        if (!CompressedBlob.canBeWorthwhile(raw.length())) {
            return copy(raw, writer, wanted);
        }
        int length = (int) raw.length();
        int stored = read(raw, codec.bytes(length)) ? codec.compress(length) : CompressedBlob.NOT_WORTHWHILE;
        if (stored == CompressedBlob.NOT_WORTHWHILE) {
            return copy(raw, writer, wanted);
        }
        sha.update(codec.bytes(length), 0, length);
        Digest found = Digest.of(sha.digest(), 0);
        return wanted.test(found) ? write(found, stored, length, writer) : null;
    }

    private Digest write(Digest found, int stored, long length, PackWriter writer) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(stored);
            MemorySegment.copy(codec.block(stored), 0, block, ValueLayout.JAVA_BYTE, 0, stored);
            writer.addCompressed(
                    found.word0(), found.word1(), found.word2(), found.word3(), block.address(), stored, length);
            writer.flush();
        }
        return found;
    }

    private @Nullable Digest copySmall(Source source, PackWriter writer, Predicate<Digest> wanted) throws IOException {
        MemorySegment bytes = piece(source, 0);
        if (bytes == null) {
            return null;
        }
        sha.update(bytes.asByteBuffer());
        Digest found = Digest.of(sha.digest(), 0);
        if (!wanted.test(found)) {
            return null;
        }
        writer.add(found.word0(), found.word1(), found.word2(), found.word3(), bytes.address(), bytes.byteSize());
        writer.flush();
        return found;
    }

    private @Nullable Digest copyLarge(Source source, PackWriter writer, Predicate<Digest> wanted) throws IOException {
        writer.beginLarge();
        for (long done = 0; done < source.length(); done += BUFFER_BYTES) {
            MemorySegment piece = piece(source, done);
            if (piece == null) {
                writer.abandonLarge();
                return null;
            }
            sha.update(piece.asByteBuffer());
            writer.addPiece(piece);
        }
        Digest found = Digest.of(sha.digest(), 0);
        if (!wanted.test(found)) {
            writer.abandonLarge();
            return null;
        }
        writer.endLarge(found.word0(), found.word1(), found.word2(), found.word3());
        return found;
    }

    /** Reads all stored bytes into an array; false if the disk does not give them. */
    private boolean read(Source source, byte[] into) throws IOException {
        for (long done = 0; done < source.stored(); done += BUFFER_BYTES) {
            MemorySegment piece = piece(source, done);
            if (piece == null) {
                return false;
            }
            MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, into, (int) done, (int) piece.byteSize());
        }
        return true;
    }

    /** The stored bytes from this one on, as many as the buffer takes; null, and nothing is hashed, if the disk does not give them. */
    private @Nullable MemorySegment piece(Source source, long done) throws IOException {
        long length = Math.min(BUFFER_BYTES, source.stored() - done);
        try {
            if (FileBytes.readFully(source.fd(), buffer.address(), length, source.offset() + done) == length) {
                return buffer.asSlice(0, length);
            }
        } catch (ErrnoException e) {
            if (!Tolerance.isDamage(e)) {
                throw e;
            }
        }
        sha.reset();
        return null;
    }
}
