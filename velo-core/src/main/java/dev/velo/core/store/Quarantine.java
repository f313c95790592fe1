package dev.velo.core.store;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;

/** Where damaged files of a store are kept for whoever wants to look at them. Velo neither reads nor deletes what is there. */
public final class Quarantine {
    private Quarantine() {}

    /**
     * Gives a file of the store a further name in the quarantine, durably; the one that it has is the caller's to take away, or to
     * give to another file. Kept already, it is not kept twice.
     *
     * @return the path of the further name
     */
    public static byte[] keep(Store store, int directory, byte[] name) throws ErrnoException {
        int room = store.fd(Store.Room.QUARANTINE);
        byte[] kept = name;
        for (int copy = 1; !link(directory, name, room, kept); copy++) {
            kept = PathBytes.concat(name, PathBytes.of("." + copy));
        }
        FileCalls.fsync(room);
        return PathBytes.join(store.path(Store.Room.QUARANTINE), kept);
    }

    /** Moves a file of the store into the quarantine, durably. */
    public static byte[] move(Store store, int directory, byte[] name) throws ErrnoException {
        byte[] kept = keep(store, directory, name);
        LinkCalls.unlinkat(directory, name, 0);
        FileCalls.fsync(directory);
        return kept;
    }

    /** Returns false if the name is another file's. */
    private static boolean link(int directory, byte[] name, int room, byte[] kept) throws ErrnoException {
        try {
            LinkCalls.linkat(directory, name, room, kept, 0);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
        Statx own = new Statx();
        Statx other = new Statx();
        FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, own);
        FileCalls.statx(room, kept, FileCalls.AT_SYMLINK_NOFOLLOW, other);
        return own.inode() == other.inode() && own.device() == other.device();
    }
}
