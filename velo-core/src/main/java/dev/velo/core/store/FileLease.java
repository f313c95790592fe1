package dev.velo.core.store;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;

/**
 * Shared locks, flock(2), of those who open packs and images again and again by their names: as long as somebody has one, no collection
 * takes the file. Who keeps it open needs none.
 */
public final class FileLease {
    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW;

    private FileLease() {}

    /** A lease of the file of this name, which whoever asks closes; under the store's lock, so that it is there. */
    public static Descriptor take(int directory, byte[] name) throws ErrnoException {
        Descriptor lease = new Descriptor(FileCalls.openat(directory, name, FLAGS, 0));
        try {
            FileCalls.flock(lease.fd(), FileCalls.LOCK_SH);
            return lease;
        } catch (ErrnoException e) {
            lease.close();
            throw e;
        }
    }

    /** Whether somebody has a lease of the file of this name; also of one that is not there nobody has. */
    public static boolean isHeld(int directory, byte[] name) throws ErrnoException {
        try (Descriptor own = new Descriptor(FileCalls.openat(directory, name, FLAGS, 0))) {
            FileCalls.flock(own.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
            return false;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return true;
            }
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP) {
                return false;
            }
            throw e;
        }
    }
}
