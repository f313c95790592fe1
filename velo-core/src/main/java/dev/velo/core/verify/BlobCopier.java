package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PackWriter;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies bytes of files into packs as blobs, if they are those that are looked for: they are hashed on their way, whoever may change
 * the file meanwhile. Owns a buffer; for one thread.
 */
final class BlobCopier {
    private static final int BUFFER_BYTES = 1 << 20;

    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
    private final MessageDigest sha = Hashing.sha256();

    /** The digest of these bytes of a file; null if the disk does not give them. */
    @Nullable
    Digest digest(int fd, long offset, long length) throws IOException {
        for (long done = 0; done < length; done += BUFFER_BYTES) {
            MemorySegment piece = piece(fd, offset + done, Math.min(BUFFER_BYTES, length - done));
            if (piece == null) {
                return null;
            }
            sha.update(piece.asByteBuffer());
        }
        return Digest.of(sha.digest(), 0);
    }

    /** Appends these bytes of a file to a pack if their digest is wanted; returns the digest if so, and null otherwise. */
    @Nullable
    Digest copy(int fd, long offset, long length, PackWriter writer, Predicate<Digest> wanted) throws IOException {
        return length <= BUFFER_BYTES
                ? copySmall(fd, offset, length, writer, wanted)
                : copyLarge(fd, offset, length, writer, wanted);
    }

    private @Nullable Digest copySmall(int fd, long offset, long length, PackWriter writer, Predicate<Digest> wanted)
            throws IOException {
        MemorySegment bytes = piece(fd, offset, length);
        if (bytes == null) {
            return null;
        }
        sha.update(bytes.asByteBuffer());
        Digest found = Digest.of(sha.digest(), 0);
        if (!wanted.test(found)) {
            return null;
        }
        writer.add(found.word0(), found.word1(), found.word2(), found.word3(), bytes.address(), length);
        writer.flush();
        return found;
    }

    private @Nullable Digest copyLarge(int fd, long offset, long length, PackWriter writer, Predicate<Digest> wanted)
            throws IOException {
        writer.beginLarge();
        for (long done = 0; done < length; done += BUFFER_BYTES) {
            MemorySegment piece = piece(fd, offset + done, Math.min(BUFFER_BYTES, length - done));
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

    private @Nullable MemorySegment piece(int fd, long offset, long length) throws IOException {
        try {
            if (FileBytes.readFully(fd, buffer.address(), length, offset) == length) {
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
