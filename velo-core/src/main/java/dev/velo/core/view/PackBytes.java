package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one pack, as an image points into it: opened at once, so that it lives on when it is unlinked, and mapped when it is
 * first read. Where its blobs stand is the image's knowledge; the pack's own index is not read.
 */
final class PackBytes {
    private final String file;
    private final Descriptor descriptor;
    private final long length;
    private volatile @Nullable MemorySegment mapped;

    private PackBytes(String file, Descriptor descriptor, long length) {
        this.file = file;
        this.descriptor = descriptor;
        this.length = length;
    }

    static PackBytes open(Store store, Digest id, String wantedBy) throws IOException {
        byte[] name = PathBytes.of(id + ".pack");
        String shown = PathBytes.show(PathBytes.join(store.path(Store.Room.PACKS), name));
        Descriptor descriptor;
        try {
            int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW;
            descriptor = new Descriptor(FileCalls.openat(store.fd(Store.Room.PACKS), name, flags, 0));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                throw new FormatException(wantedBy, ErofsFormat.DEVICES_OFFSET, Reason.MISSING, "pack " + id);
            }
            throw e.at(shown);
        }
        try {
            Statx stat = new Statx();
            FileCalls.fstatx(descriptor.fd(), stat);
            return new PackBytes(shown, descriptor, stat.size());
        } catch (IOException e) {
            descriptor.close();
            throw e;
        }
    }

    /** These bytes of the pack; the segment lives as long as the arena, in which the whole pack is mapped the first time. */
    MemorySegment slice(Arena arena, long offset, long count) throws IOException {
        if (offset < 0 || count < 0 || offset > length - count) {
            throw new FormatException(file, offset, Reason.TRUNCATED, count + " bytes of a blob");
        }
        MemorySegment whole = mapped;
        if (whole == null) {
            whole = map(arena);
        }
        return whole.asSlice(offset, count);
    }

    private synchronized MemorySegment map(Arena arena) throws IOException {
        MemorySegment whole = mapped;
        if (whole == null) {
            // the descriptor may be somebody else's file by now
            if (!arena.scope().isAlive()) {
                throw new IllegalStateException("the view is closed");
            }
            whole = Image.map(arena, descriptor.fd(), length);
            mapped = whole;
        }
        return whole;
    }

    String file() {
        return file;
    }

    /** The arena has been closed before, so that nobody maps what this descriptor number stands for later. */
    synchronized void close() {
        descriptor.close();
    }
}
