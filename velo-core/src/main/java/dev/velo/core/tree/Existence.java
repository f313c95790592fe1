package dev.velo.core.tree;

import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;

/** Whether a path is there. */
public final class Existence {
    private Existence() {}

    /**
     * Asks {@code statx(2)} for a path below a directory; {@code flags} is {@link FileCalls#AT_SYMLINK_NOFOLLOW} for a link itself.
     *
     * @throws ErrnoException for every errno but ENOENT
     */
    public static boolean of(int directory, byte[] path, int flags) throws ErrnoException {
        try {
            FileCalls.statx(directory, path, flags, new Statx());
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }
}
