package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/** Reads whole files whose length is bounded. */
public final class FileBytes {
    private FileBytes() {}

    /** The bytes of a file, in memory of this arena; a file of more than {@code limit} bytes is refused. */
    public static MemorySegment read(Arena arena, int directory, byte[] name, long limit) throws IOException {
        try (Descriptor file =
                new Descriptor(FileCalls.openat(directory, name, FileCalls.O_RDONLY | FileCalls.O_NONBLOCK, 0))) {
            return read(arena, file.fd(), PathBytes.show(name), limit);
        }
    }

    /** The bytes of an open file from its start; {@code shown} names it in messages. */
    public static MemorySegment read(Arena arena, int fd, String shown, long limit) throws IOException {
        Statx stat = new Statx();
        FileCalls.fstatx(fd, stat);
        if (stat.type() != Statx.S_IFREG) {
            throw new FormatException(shown, 0, Reason.BAD_MAGIC, "not a regular file");
        }
        if (stat.size() > limit) {
            throw new FormatException(shown, limit, Reason.BAD_LENGTH, "longer than " + limit + " bytes");
        }
        MemorySegment bytes = arena.allocate(Math.max(1, stat.size()), Long.BYTES);
        long length = readFully(fd, bytes.address(), stat.size(), 0);
        return bytes.asSlice(0, length);
    }

    /** The digest of an open file from its start. */
    public static Digest digest(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MessageDigest sha = Hashing.sha256();
            MemorySegment buffer = arena.allocate(BlobReader.BUFFER_BYTES);
            long offset = 0;
            long got = readFully(fd, buffer.address(), buffer.byteSize(), offset);
            while (got > 0) {
                sha.update(buffer.asSlice(0, got).asByteBuffer());
                offset += got;
                got = readFully(fd, buffer.address(), buffer.byteSize(), offset);
            }
            return Digest.of(sha.digest(), 0);
        }
    }

    /** Reads until that many bytes are there or the file ends; returns how many there are. */
    public static long readFully(int fd, long address, long count, long offset) throws IOException {
        long done = 0;
        while (done < count) {
            long got = FileCalls.pread(fd, address + done, count - done, offset + done);
            if (got == 0) {
                break;
            }
            done += got;
        }
        return done;
    }
}
