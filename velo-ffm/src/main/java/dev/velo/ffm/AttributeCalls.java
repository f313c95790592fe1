package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Calls that read or change modes, owners, times and extended attributes. Addresses, bytes and errors as in {@link FileCalls}.
 */
public final class AttributeCalls {
    /** XATTR_SIZE_MAX and XATTR_LIST_MAX: neither a value nor a list of names is longer. */
    private static final int XATTR_MAX = 65536;

    private AttributeCalls() {}

    /** {@code int fchmod(int fd, mode_t mode)}. */
    public static void fchmod(int fd, int mode) throws ErrnoException {
        Door.call(Syscall.FCHMOD, 0, fd, mode, 0, 0, 0, 0);
    }

    /** {@code int fchmodat(int dirfd, const char *pathname, mode_t mode)}; follows symlinks. */
    public static void fchmodat(int directory, long name, int mode) throws ErrnoException {
        Door.call(Syscall.FCHMODAT, name, directory, name, mode, 0, 0, 0);
    }

    /** {@code int fchownat(int dirfd, const char *pathname, uid_t owner, gid_t group, int flags)}. */
    public static void fchownat(int directory, long name, int uid, int gid, int flags) throws ErrnoException {
        Door.call(Syscall.FCHOWNAT, name, directory, name, uid, gid, flags, 0);
    }

    /** {@code fchownat} of an open descriptor. */
    public static void fchown(int fd, int uid, int gid) throws ErrnoException {
        fchownat(fd, CString.empty(), uid, gid, FileCalls.AT_EMPTY_PATH);
    }

    /**
     * {@code int utimensat(int dirfd, const char *pathname, const struct timespec times[2], int flags)}: both times become this
     * one; {@code name} 0 means the descriptor itself.
     */
    public static void utimensat(int directory, long name, long seconds, int nanos, int flags) throws ErrnoException {
        MemorySegment times = Scratch.structure(32);
        MemorySegment.copy(new long[] {seconds, nanos, seconds, nanos}, 0, times, Scratch.LONG, 0, 4);
        Door.call(Syscall.UTIMENSAT, name, directory, name, times.address(), flags, 0, 0);
    }

    /** {@code ssize_t flistxattr(int fd, char *list, size_t size)}: the names, each with its NUL; empty where unsupported. */
    public static byte[] flistxattr(int fd) throws ErrnoException {
        return list(Syscall.FLISTXATTR, fd, 0);
    }

    /** {@code ssize_t llistxattr(const char *path, char *list, size_t size)}. */
    public static byte[] llistxattr(byte[] path) throws ErrnoException {
        long address = CString.first(path);
        return list(Syscall.LLISTXATTR, address, address);
    }

    /** {@code ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)}. */
    public static byte[] fgetxattr(int fd, byte[] attribute) throws ErrnoException {
        long name = CString.second(attribute);
        return value(Syscall.FGETXATTR, fd, name, name);
    }

    /** {@code ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)}. */
    public static byte[] lgetxattr(byte[] path, byte[] attribute) throws ErrnoException {
        long address = CString.first(path);
        return value(Syscall.LGETXATTR, address, CString.second(attribute), address);
    }

    /** {@code int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)}. */
    public static void fsetxattr(int fd, byte[] attribute, byte[] value) throws ErrnoException {
        set(Syscall.FSETXATTR, fd, 0, attribute, value);
    }

    /** {@code int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)}. */
    public static void lsetxattr(byte[] path, byte[] attribute, byte[] value) throws ErrnoException {
        long address = CString.first(path);
        set(Syscall.LSETXATTR, address, address, attribute, value);
    }

    private static byte[] list(Syscall call, long target, long path) throws ErrnoException {
        long probed = Door.raw(call, target, 0, 0, 0, 0, 0);
        if (probed == 0 || probed == -Errno.EOPNOTSUPP.number()) {
            return new byte[0];
        }
        if (probed < 0) {
            throw Door.failure(call, (int) -probed, path);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(XATTR_MAX);
            long length = Door.call(call, path, target, buffer.address(), XATTR_MAX, 0, 0, 0);
            return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static byte[] value(Syscall call, long target, long attribute, long path) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(XATTR_MAX);
            long length = Door.call(call, path, target, attribute, buffer.address(), XATTR_MAX, 0, 0);
            return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static void set(Syscall call, long target, long path, byte[] attribute, byte[] value)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, copy, ValueLayout.JAVA_BYTE, 0, value.length);
            Door.call(call, path, target, CString.second(attribute), copy.address(), value.length, 0, 0);
        }
    }
}
