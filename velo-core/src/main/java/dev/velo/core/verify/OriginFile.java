package dev.velo.core.verify;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens files at the places where trees were ingested from. Whoever owns those may have put anything there since: no symbolic link is
 * followed below the origin, nothing but a regular file is opened, and nothing is said of what its bytes are.
 */
final class OriginFile {
    private static final int DIRECTORY = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
    private static final int FILE = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;

    private OriginFile() {}

    /** The file at the path of a use, if it is a regular one of the blob's size, for the caller to close; null otherwise. */
    static @Nullable Descriptor open(Use use) {
        byte[] origin = use.root().origin();
        if (!PathBytes.isAbsolute(origin)) {
            return null;
        }
        List<byte[]> names = PathBytes.names(use.path());
        Descriptor at = null;
        try {
            at = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, origin, DIRECTORY, 0));
            for (byte[] name : names.subList(0, names.size() - 1)) {
                Descriptor below = new Descriptor(FileCalls.openat(at.fd(), name, DIRECTORY | FileCalls.O_NOFOLLOW, 0));
                at.close();
                at = below;
            }
            return openFile(at.fd(), names.getLast(), use.size());
        } catch (ErrnoException e) {
            // whatever the reason, the bytes are not to be had there
            return null;
        } finally {
            if (at != null) {
                at.close();
            }
        }
    }

    private static @Nullable Descriptor openFile(int directory, byte[] name, long size) throws ErrnoException {
        Statx stat = new Statx();
        // to open a device can have effects
        FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        if (!isLike(stat, size)) {
            return null;
        }
        Descriptor file = new Descriptor(FileCalls.openat(directory, name, FILE, 0));
        FileCalls.fstatx(file.fd(), stat);
        if (!isLike(stat, size)) {
            file.close();
            return null;
        }
        return file;
    }

    private static boolean isLike(Statx stat, long size) {
        return stat.type() == Statx.S_IFREG && stat.size() == size;
    }
}
