package dev.velo.core.store;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;

/**
 * Empty files that stand for the right to make something: of many who want it, one makes it, and the others wait. Such a file can go
 * when what it is for has gone: whoever has waited for one that was removed meanwhile takes the one that has its name now.
 */
public final class LockFile {
    /** What follows the name of what is made. */
    public static final String SUFFIX = ".lock";

    private static final int FLAGS = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW;

    private LockFile() {}

    /** Waits until nobody else has the lock of this name in a directory; it lasts until the descriptor is closed. */
    public static Descriptor take(int directory, byte[] name) throws ErrnoException {
        while (true) {
            Descriptor lock = new Descriptor(FileCalls.openat(directory, name, FLAGS, 0600));
            boolean taken = false;
            try {
                FileCalls.flock(lock.fd(), FileCalls.LOCK_EX);
                taken = isCurrent(lock, directory, name);
                if (taken) {
                    return lock;
                }
            } finally {
                if (!taken) {
                    lock.close();
                }
            }
        }
    }

    /** What is done while nobody else has a lock. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /** Removes a lock that nobody has and nobody waits for. */
    public static void removeIdle(int directory, byte[] name) throws IOException {
        removeIdle(directory, name, () -> {});
    }

    /** The same, after this is done. */
    public static void removeIdle(int directory, byte[] name, Work before) throws IOException {
        int flags = FileCalls.O_RDWR | FileCalls.O_NOFOLLOW;
        try (Descriptor lock = new Descriptor(FileCalls.openat(directory, name, flags, 0))) {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
            if (isCurrent(lock, directory, name)) {
                before.run();
                LinkCalls.unlinkat(directory, name, 0);
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EAGAIN && e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private static boolean isCurrent(Descriptor lock, int directory, byte[] name) throws ErrnoException {
        Statx own = new Statx();
        Statx named = new Statx();
        FileCalls.fstatx(lock.fd(), own);
        try {
            FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, named);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
        return own.inode() == named.inode() && own.device() == named.device();
    }
}
