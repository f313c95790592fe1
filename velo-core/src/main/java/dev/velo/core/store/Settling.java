package dev.velo.core.store;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files of a store are known to be on the disk. A pack, a copy of a manifest or a root that nobody has waited for can be written by
 * its owner, mode 0600; one that somebody has waited for, under its name, cannot, mode 0400. Both are the same to all who read: it is for
 * those who promise that something survives a power loss, and rely on what others wrote.
 */
public final class Settling {
    private static final int SETTLED = 0400;
    private static final int UNSETTLED = 0600;
    private static final int OWNER_WRITES = 0200;
    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;

    /** How many files are open at once. */
    private static final int BATCH = 64;

    private Settling() {}

    /** The mode of a new pack. */
    static int packMode(SyncPolicy sync) {
        return sync == SyncPolicy.FULL ? SETTLED : UNSETTLED;
    }

    /** The mode of a new root or copy of a manifest. */
    static int rootMode(SyncPolicy sync) {
        return sync == SyncPolicy.NONE ? UNSETTLED : SETTLED;
    }

    /** Whether somebody has waited for the file of this name; also one that is not there leaves nothing to wait for. */
    public static boolean isSettled(int directory, byte[] name) throws ErrnoException {
        Statx stat = new Statx();
        try {
            FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return true;
            }
            throw e;
        }
        return stat.type() != Statx.S_IFREG || (stat.mode() & OWNER_WRITES) == 0;
    }

    /** The packs that nobody has waited for. */
    public static List<byte[]> unsettledPacks(Store store) throws ErrnoException {
        return unsettled(store.fd(Store.Room.PACKS), List.of(PackFile.SUFFIX));
    }

    /** The roots and copies of manifests that nobody has waited for. */
    public static List<byte[]> unsettledRoots(Store store) throws ErrnoException {
        return unsettled(store.fd(Store.Room.ROOTS), List.of(Roots.ROOT_SUFFIX, ManifestCopies.SUFFIX));
    }

    private static List<byte[]> unsettled(int directory, List<String> suffixes) throws ErrnoException {
        List<byte[]> found = new ArrayList<>();
        for (byte[] name : DirectoryListing.names(directory)) {
            String shown = PathBytes.show(name);
            if (suffixes.stream().anyMatch(shown::endsWith) && !isSettled(directory, name)) {
                found.add(name);
            }
        }
        return found;
    }

    /**
     * Waits until all packs that are there now are on the disk, with their names: those too that others wrote and did not wait for, or
     * are waiting for at this moment.
     */
    public static void settlePacks(Store store) throws ErrnoException {
        settle(store.fd(Store.Room.PACKS), unsettledPacks(store));
    }

    /** Waits for these files of a directory, and for the directory; those that have gone leave nothing to wait for. */
    public static void settle(int directory, List<byte[]> names) throws ErrnoException {
        for (int from = 0; from < names.size(); from += BATCH) {
            settleBatch(directory, names.subList(from, Math.min(names.size(), from + BATCH)));
        }
        FileCalls.fsync(directory);
    }

    /** A file is marked when its name has been waited for as well; by its descriptor, since the name may be another's by then. */
    private static void settleBatch(int directory, List<byte[]> names) throws ErrnoException {
        List<Descriptor> files = new ArrayList<>();
        try {
            for (byte[] name : names) {
                try {
                    files.add(new Descriptor(FileCalls.openat(directory, name, FLAGS, 0)));
                } catch (ErrnoException e) {
                    if (e.errno() != Errno.ENOENT) {
                        throw e;
                    }
                }
            }
            for (Descriptor file : files) {
                FileCalls.fsync(file.fd());
            }
            FileCalls.fsync(directory);
            for (Descriptor file : files) {
                AttributeCalls.fchmod(file.fd(), SETTLED);
            }
        } finally {
            files.forEach(Descriptor::close);
        }
    }

    /** Marks one file for whose bytes somebody has waited. */
    static void mark(int fd) throws ErrnoException {
        AttributeCalls.fchmod(fd, SETTLED);
    }
}
