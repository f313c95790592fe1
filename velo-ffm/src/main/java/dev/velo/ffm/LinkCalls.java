package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Calls that change or read names in directories. Addresses, bytes and errors as in {@link FileCalls}. */
public final class LinkCalls {
    public static final int RENAME_NOREPLACE = 1;
    public static final int RENAME_EXCHANGE = 2;

    private static final int PATH_MAX = 4096;

    private LinkCalls() {}

    /** {@code int linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int flags)}. */
    public static void linkat(int oldDirectory, long oldName, int newDirectory, long newName, int flags)
            throws ErrnoException {
        Door.call(Syscall.LINKAT, newName, oldDirectory, oldName, newDirectory, newName, flags, 0);
    }

    /** {@code linkat} for hot loops: returns 0 or {@code -errno}, so that EEXIST or EMLINK costs no exception. */
    public static int tryLinkat(int oldDirectory, long oldName, int newDirectory, long newName) {
        return (int) Door.raw(Syscall.LINKAT, oldDirectory, oldName, newDirectory, newName, 0, 0);
    }

    /** What {@link #linkat} throws where {@link #tryLinkat} has returned {@code -errno}. */
    public static ErrnoException failure(int errno, int newDirectory, long newName) {
        Errno known = Errno.of(errno);
        String path = FailedPlace.of(Syscall.LINKAT, known, newName, 0, 0, newDirectory);
        return new ErrnoException(Syscall.LINKAT, known, path);
    }

    public static void linkat(int oldDirectory, byte[] oldName, int newDirectory, byte[] newName, int flags)
            throws ErrnoException {
        linkat(oldDirectory, CString.first(oldName), newDirectory, CString.second(newName), flags);
    }

    /** {@code int renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, unsigned int flags)}. */
    public static void renameat2(int oldDirectory, byte[] oldName, int newDirectory, byte[] newName, int flags)
            throws ErrnoException {
        long from = CString.first(oldName);
        long to = CString.second(newName);
        Door.call(Syscall.RENAMEAT2, to, oldDirectory, from, newDirectory, to, flags, 0);
    }

    /** {@code int unlinkat(int dirfd, const char *pathname, int flags)}. */
    public static void unlinkat(int directory, byte[] name, int flags) throws ErrnoException {
        unlinkat(directory, CString.first(name), flags);
    }

    public static void unlinkat(int directory, long name, int flags) throws ErrnoException {
        Door.call(Syscall.UNLINKAT, name, directory, name, flags, 0, 0, 0);
    }

    /** {@code int mkdirat(int dirfd, const char *pathname, mode_t mode)}. */
    public static void mkdirat(int directory, long name, int mode) throws ErrnoException {
        Door.call(Syscall.MKDIRAT, name, directory, name, mode, 0, 0, 0);
    }

    public static void mkdirat(int directory, byte[] name, int mode) throws ErrnoException {
        mkdirat(directory, CString.first(name), mode);
    }

    /** {@code int symlinkat(const char *target, int newdirfd, const char *linkpath)}. */
    public static void symlinkat(long target, int directory, long name) throws ErrnoException {
        Door.call(Syscall.SYMLINKAT, name, target, directory, name, 0, 0, 0);
    }

    /** {@code int mknodat(int dirfd, const char *pathname, mode_t mode, dev_t dev)}; {@code mode} holds the type too. */
    public static void mknodat(int directory, long name, int mode, int major, int minor) throws ErrnoException {
        long device = (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & ~0xffL) << 12);
        Door.call(Syscall.MKNODAT, name, directory, name, mode, device, 0, 0);
    }

    /** {@code ssize_t readlinkat(int dirfd, const char *pathname, char *buf, size_t bufsiz)}: the target's bytes. */
    public static byte[] readlinkat(int directory, long name) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(PATH_MAX);
            long length = Door.call(Syscall.READLINKAT, name, directory, name, buffer.address(), PATH_MAX, 0, 0);
            return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    public static byte[] readlinkat(int directory, byte[] name) throws ErrnoException {
        return readlinkat(directory, CString.first(name));
    }
}
