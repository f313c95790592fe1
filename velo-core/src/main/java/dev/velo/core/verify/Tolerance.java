package dev.velo.core.verify;

import dev.velo.core.format.FormatException;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;

/** Which failures of system calls say something of a store, and which of the world around it. */
final class Tolerance {
    private Tolerance() {}

    /** Whether somebody has removed the file meanwhile. */
    static boolean isGone(ErrnoException e) {
        return e.errno() == Errno.ENOENT;
    }

    /** Whether the disk, or what somebody has put in the place of a file, is at fault. */
    static boolean isDamage(ErrnoException e) {
        return e.errno() == Errno.EIO
                || e.errno() == Errno.EISDIR
                || e.errno() == Errno.ELOOP
                || e.errno() == Errno.ENXIO;
    }

    static String message(FormatException e) {
        return String.valueOf(e.getMessage());
    }

    static String message(String file, ErrnoException e) {
        return file + ": " + e.errno().text() + " (" + e.call().callName() + ", " + e.errno() + ")";
    }
}
