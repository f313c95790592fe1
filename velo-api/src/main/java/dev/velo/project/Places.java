package dev.velo.project;

import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;

/** What stands at the place of a tree. */
final class Places {
    private static final int FOLDER_MODE = 0755;

    private Places() {}

    /**
     * Throws if the way from a folder down to a place leads over a symbolic link, or over what is no directory: a stranger's project
     * could lead it anywhere. What is not there yet is made later.
     */
    static void requirePlain(byte[] folder, byte[] place) throws IOException {
        byte[] path = folder;
        for (byte[] name : PathBytes.names(PathBytes.rebase(place, folder, new byte[0]))) {
            path = PathBytes.join(path, name);
            if (!look(path, new Statx())) {
                return;
            }
        }
    }

    /** Whether there are directories and nothing else on the way from a folder down to a place, as far as anything is there. */
    static boolean isPlain(byte[] folder, byte[] place) throws IOException {
        byte[] path = folder;
        Statx stat = new Statx();
        for (byte[] name : PathBytes.names(PathBytes.rebase(place, folder, new byte[0]))) {
            path = PathBytes.join(path, name);
            if (!Existence.of(FileCalls.AT_FDCWD, path, FileCalls.AT_SYMLINK_NOFOLLOW)) {
                return true;
            }
            FileCalls.statx(FileCalls.AT_FDCWD, path, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
            if (stat.type() != Statx.S_IFDIR) {
                return false;
            }
        }
        return true;
    }

    /** Fills in what is at a path, which is not followed; returns whether anything is. */
    static boolean look(byte[] path, Statx stat) throws IOException {
        try {
            int asked = Statx.BASIC_STATS | Statx.BIRTH_TIME;
            FileCalls.statx(FileCalls.AT_FDCWD, CString.first(path), FileCalls.AT_SYMLINK_NOFOLLOW, asked, stat);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
        if (stat.type() != Statx.S_IFDIR) {
            throw new IOException(PathBytes.show(path) + ": is no directory, so no tree can stand there; remove it");
        }
        return true;
    }

    /** Deletes what is in a folder. */
    static void empty(byte[] folder) throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
        try (Descriptor opened = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, folder, flags, 0))) {
            for (byte[] name : DirectoryListing.names(opened.fd())) {
                Trash.delete(opened.fd(), name);
            }
        }
    }

    static boolean isFilled(byte[] path) throws ErrnoException {
        return !DirectoryListing.isEmpty(path);
    }

    static void makeFolders(byte[] path) throws IOException {
        try {
            Folder.make(FileCalls.AT_FDCWD, path, FOLDER_MODE);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            makeFolders(PathBytes.parent(path));
            Folder.make(FileCalls.AT_FDCWD, path, FOLDER_MODE);
        }
    }

    static void removeEmpty(byte[] path) throws ErrnoException {
        try {
            LinkCalls.unlinkat(FileCalls.AT_FDCWD, path, FileCalls.AT_REMOVEDIR);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOTEMPTY && e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    static void removeIfThere(byte[] path) throws ErrnoException {
        try {
            LinkCalls.unlinkat(FileCalls.AT_FDCWD, path, 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }
}
