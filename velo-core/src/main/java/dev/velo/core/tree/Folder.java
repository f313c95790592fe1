package dev.velo.core.tree;

import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.LinkCalls;

/** A directory that may be there already. */
public final class Folder {
    private Folder() {}

    /** Makes a directory, below another one, unless something of its name is there; returns whether it did. */
    public static boolean make(int parent, byte[] path, int mode) throws ErrnoException {
        try {
            LinkCalls.mkdirat(parent, path, mode);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            return false;
        }
    }
}
