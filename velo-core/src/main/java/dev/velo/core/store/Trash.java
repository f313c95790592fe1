package dev.velo.core.store;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;

/**
 * Where trees wait to be deleted. Moving one here is instant; {@link #empty} deletes one name after another, since deleting in a
 * hurry makes ext4 slow to create files for minutes.
 */
public final class Trash {
    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    private Trash() {}

    /** Moves a file or tree of the store out of the way. */
    public static void take(Store store, int directory, byte[] name) throws ErrnoException {
        LinkCalls.renameat2(directory, name, store.fd(Store.Room.TRASH), PublishedFile.newName(), 0);
    }

    /** Deletes what is in the trash now; what another process deletes at the same time is its own. */
    public static void empty(Store store) throws ErrnoException {
        int trash = store.fd(Store.Room.TRASH);
        for (byte[] name : DirectoryListing.names(trash)) {
            delete(trash, name);
        }
    }

    /** Deletes a file or a whole tree, whatever its modes; a name that is gone already is no error. */
    public static void delete(int directory, byte[] name) throws ErrnoException {
        try {
            if (unlink(directory, name)) {
                return;
            }
            clear(directory, name);
            LinkCalls.unlinkat(directory, name, FileCalls.AT_REMOVEDIR);
        } catch (ErrnoException e) {
            // gone, or filled again by another process that empties the same trash, which goes on with it
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTEMPTY) {
                throw e;
            }
        }
    }

    /** Empties the directory at this path, whose tree could not be finished; what fails here is told with the reason for that. */
    public static void discardContents(byte[] path, Throwable reason) {
        try (Descriptor directory = new Descriptor(
                FileCalls.openat(FileCalls.AT_FDCWD, path, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, 0))) {
            for (byte[] name : DirectoryListing.names(directory.fd())) {
                delete(directory.fd(), name);
            }
        } catch (ErrnoException e) {
            reason.addSuppressed(e);
        }
    }

    /** The same, and removes the directory. */
    public static void discard(byte[] path, Throwable reason) {
        discardContents(path, reason);
        try {
            LinkCalls.unlinkat(FileCalls.AT_FDCWD, path, FileCalls.AT_REMOVEDIR);
        } catch (ErrnoException e) {
            reason.addSuppressed(e);
        }
    }

    /**
     * Empties a directory without a stack as deep as the tree: a subdirectory that is not empty is first moved up beside this one's
     * children, so that the depth is never more than two.
     */
    private static void clear(int directory, byte[] name) throws ErrnoException {
        makeAccessible(directory, name);
        try (Descriptor own = new Descriptor(FileCalls.openat(directory, name, FLAGS, 0))) {
            boolean found = true;
            while (found) {
                found = false;
                for (byte[] child : DirectoryListing.names(own.fd())) {
                    if (!unlink(own.fd(), child)) {
                        found = true;
                        lift(own.fd(), child);
                    }
                }
            }
        }
    }

    private static void lift(int directory, byte[] child) throws ErrnoException {
        makeAccessible(directory, child);
        try (Descriptor own = new Descriptor(FileCalls.openat(directory, child, FLAGS, 0))) {
            for (byte[] grandchild : DirectoryListing.names(own.fd())) {
                if (!unlink(own.fd(), grandchild)) {
                    makeAccessible(own.fd(), grandchild);
                    LinkCalls.renameat2(own.fd(), grandchild, directory, PublishedFile.newName(), 0);
                }
            }
        }
        LinkCalls.unlinkat(directory, child, FileCalls.AT_REMOVEDIR);
    }

    /** Removes a name that is not a directory's; returns whether it was none. */
    private static boolean unlink(int directory, byte[] name) throws ErrnoException {
        try {
            LinkCalls.unlinkat(directory, name, 0);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return true;
            }
            if (e.errno() == Errno.EISDIR || e.errno() == Errno.EPERM) {
                return false;
            }
            throw e;
        }
    }

    private static void makeAccessible(int directory, byte[] name) throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        if (stat.type() == Statx.S_IFDIR && (stat.mode() & 0700) != 0700) {
            AttributeCalls.fchmodat(directory, CString.first(name), 0700);
        }
    }
}
