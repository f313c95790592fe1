package dev.velo.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Opening, reading, writing and syncing of files.
 *
 * <p>A {@code name} is the address of a C string; the overloads with bytes copy them into the calling thread's first buffer of
 * {@link CString}. Offsets and lengths are bytes. Every method throws {@link ErrnoException} with the errno that its manual page
 * lists.
 */
public final class FileCalls {
    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_NOATIME = 0x40000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int O_DIRECTORY = byArchitecture(0x10000, 0x4000);
    public static final int O_NOFOLLOW = byArchitecture(0x20000, 0x8000);
    public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

    public static final int RESOLVE_NO_MAGICLINKS = 0x02;
    public static final int RESOLVE_NO_SYMLINKS = 0x04;
    public static final int RESOLVE_BENEATH = 0x08;
    public static final int RESOLVE_IN_ROOT = 0x10;

    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;

    public static final int POSIX_FADV_SEQUENTIAL = 2;
    public static final int POSIX_FADV_WILLNEED = 3;
    public static final int POSIX_FADV_DONTNEED = 4;

    /** The most that one {@code sendfile} or {@code read} moves: 2 GiB less a page. */
    public static final long SENDFILE_MAX = 0x7ffff000L;

    public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
    public static final int SYNC_FILE_RANGE_WRITE = 2;
    public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

    public static final int LOCK_SH = 1;
    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;
    public static final int LOCK_UN = 8;

    static final long FICLONE = 0x40049409L;
    static final long FICLONERANGE = 0x4020940dL;
    private static final long TCGETS = 0x5401L;
    private static final int TERMIOS_BYTES = 64;
    private static final int CACHESTAT_BYTES = 7 * Long.BYTES;
    private static final int OPEN_HOW_BYTES = 24;
    private static final int CLONE_RANGE_BYTES = 32;

    private FileCalls() {}

    /** {@code int openat(int dirfd, const char *pathname, int flags, mode_t mode)}; the descriptor is the caller's to close. */
    public static int openat(int dirfd, long name, int flags, int mode) throws ErrnoException {
        return (int) Door.call(Syscall.OPENAT, name, dirfd, name, flags | O_CLOEXEC, mode, 0, 0);
    }

    public static int openat(int dirfd, byte[] name, int flags, int mode) throws ErrnoException {
        return openat(dirfd, CString.first(name), flags, mode);
    }

    /** {@code int openat2(int dirfd, const char *pathname, const struct open_how *how, size_t size)} (Linux 5.6). */
    public static int openat2(int dirfd, byte[] name, int flags, int mode, long resolve) throws ErrnoException {
        long path = CString.first(name);
        MemorySegment how = Scratch.structure(OPEN_HOW_BYTES);
        how.set(Scratch.LONG, 0, flags | O_CLOEXEC);
        how.set(Scratch.LONG, 8, mode);
        how.set(Scratch.LONG, 16, resolve);
        return (int) Door.call(Syscall.OPENAT2, path, dirfd, path, how.address(), OPEN_HOW_BYTES, 0, 0);
    }

    /** {@code int pipe2(int pipefd[2], int flags)}: the end to read from, then the end to write to; the caller's to close. */
    public static int[] pipe2(int flags) throws ErrnoException {
        MemorySegment ends = Scratch.structure(2 * Integer.BYTES);
        Door.call(Syscall.PIPE2, 0, ends.address(), flags, 0, 0, 0, 0);
        return ends.toArray(ValueLayout.JAVA_INT);
    }

    /** {@code int close(int fd)}. On Linux the descriptor is gone whatever the result, so none is given. */
    public static void close(int fd) {
        Door.raw(Syscall.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /** {@code int statx(int dirfd, const char *pathname, int flags, unsigned int mask, struct statx *statxbuf)} (Linux 4.11). */
    public static void statx(int dirfd, long name, int flags, int mask, Statx into) throws ErrnoException {
        Door.call(Syscall.STATX, name, dirfd, name, flags, mask, into.address(), 0);
        into.filled();
    }

    public static void statx(int dirfd, byte[] name, int flags, Statx into) throws ErrnoException {
        statx(dirfd, CString.first(name), flags, Statx.BASIC_STATS, into);
    }

    /** {@code statx} of an open descriptor. */
    public static void fstatx(int fd, Statx into) throws ErrnoException {
        statx(fd, CString.empty(), AT_EMPTY_PATH, Statx.BASIC_STATS, into);
    }

    /**
     * {@code int cachestat(unsigned int fd, struct cachestat_range *range, struct cachestat *cstat, unsigned int flags)}; returns how
     * many pages of that range are in the page cache; a length of 0 means to the end. Since Linux 6.5, for those who may write the
     * file or own it.
     */
    public static long cachestat(int fd, long offset, long length) throws ErrnoException {
        MemorySegment range = Scratch.structure(CACHESTAT_BYTES);
        range.set(Scratch.LONG, 0, offset);
        range.set(Scratch.LONG, Long.BYTES, length);
        long result = range.address() + 2 * Long.BYTES;
        Door.call(Syscall.CACHESTAT, 0, fd, range.address(), result, 0, 0, 0);
        return range.get(Scratch.LONG, 2 * Long.BYTES);
    }

    /** {@code int faccessat(int dirfd, const char *pathname, int mode)}: throws what stands against it, by the real user and group. */
    public static void faccessat(int dirfd, byte[] name, int mode) throws ErrnoException {
        long path = CString.first(name);
        Door.call(Syscall.FACCESSAT, path, dirfd, path, mode, 0, 0, 0);
    }

    /** {@code int fstatfs(int fd, struct statfs *buf)}; returns {@code f_type}, the magic number of the file system. */
    public static long fstatfs(int fd) throws ErrnoException {
        MemorySegment buffer = Scratch.structure(120);
        Door.call(Syscall.FSTATFS, 0, fd, buffer.address(), 0, 0, 0, 0);
        return buffer.get(Scratch.LONG, 0);
    }

    /** {@code int statfs(const char *path, struct statfs *buf)}. */
    public static FileSystemFacts statfs(byte[] path) throws ErrnoException {
        long name = CString.first(path);
        MemorySegment buffer = Scratch.structure(FileSystemFacts.BYTES);
        Door.call(Syscall.STATFS, name, name, buffer.address(), 0, 0, 0, 0);
        return FileSystemFacts.of(buffer);
    }

    /** {@code ssize_t getdents64(int fd, void *dirp, size_t count)}; returns the bytes filled, 0 at the end. */
    public static int getdents64(int fd, long buffer, int count) throws ErrnoException {
        return (int) Door.call(Syscall.GETDENTS64, 0, fd, buffer, count, 0, 0, 0);
    }

    /** {@code ssize_t read(int fd, void *buf, size_t count)}; returns the bytes read, 0 at the end. */
    public static long read(int fd, long buffer, long count) throws ErrnoException {
        return Door.call(Syscall.READ, 0, fd, buffer, count, 0, 0, 0);
    }

    /** {@code ssize_t pread(int fd, void *buf, size_t count, off_t offset)}. */
    public static long pread(int fd, long buffer, long count, long offset) throws ErrnoException {
        return Door.call(Syscall.PREAD64, 0, fd, buffer, count, offset, 0, 0);
    }

    /** {@code ssize_t write(int fd, const void *buf, size_t count)}; may write less than asked. */
    public static long write(int fd, long buffer, long count) throws ErrnoException {
        return Door.call(Syscall.WRITE, 0, fd, buffer, count, 0, 0, 0);
    }

    /** {@code ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset)}; may write less than asked. */
    public static long pwrite(int fd, long buffer, long count, long offset) throws ErrnoException {
        return Door.call(Syscall.PWRITE64, 0, fd, buffer, count, offset, 0, 0);
    }

    /** {@code ssize_t pwritev(int fd, const struct iovec *iov, int iovcnt, off_t offset)}; may write less than asked. */
    public static long pwritev(int fd, long vectors, int count, long offset) throws ErrnoException {
        return Door.call(Syscall.PWRITEV, 0, fd, vectors, count, offset, 0, 0);
    }

    /** {@code off_t lseek(int fd, off_t offset, int whence)}. */
    public static long lseek(int fd, long offset, int whence) throws ErrnoException {
        return Door.call(Syscall.LSEEK, 0, fd, offset, whence, 0, 0, 0);
    }

    /** {@code ssize_t copy_file_range(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned flags)}. */
    public static long copyFileRange(int in, long inOffset, int out, long outOffset, long count) throws ErrnoException {
        MemorySegment offsets = Scratch.structure(16);
        offsets.set(Scratch.LONG, 0, inOffset);
        offsets.set(Scratch.LONG, 8, outOffset);
        long address = offsets.address();
        return Door.call(Syscall.COPY_FILE_RANGE, 0, in, address, out, address + 8, count, 0);
    }

    /** {@code int ioctl(int dest_fd, FICLONE, int src_fd)}: the whole file shares its blocks with the other. */
    public static void ficlone(int destination, int source) throws ErrnoException {
        Door.call(Syscall.IOCTL, 0, destination, FICLONE, source, 0, 0, 0);
    }

    /** {@code int ioctl(int dest_fd, FICLONERANGE, struct file_clone_range *)}; offsets and length are multiples of the block. */
    public static void ficlonerange(int destination, long destinationOffset, int source, long sourceOffset, long length)
            throws ErrnoException {
        MemorySegment range = Scratch.structure(CLONE_RANGE_BYTES);
        range.set(Scratch.LONG, 0, source);
        range.set(Scratch.LONG, 8, sourceOffset);
        range.set(Scratch.LONG, 16, length);
        range.set(Scratch.LONG, 24, destinationOffset);
        Door.call(Syscall.IOCTL, 0, destination, FICLONERANGE, range.address(), 0, 0, 0);
    }

    /** {@code int ftruncate(int fd, off_t length)}. */
    public static void ftruncate(int fd, long length) throws ErrnoException {
        Door.call(Syscall.FTRUNCATE, 0, fd, length, 0, 0, 0, 0);
    }

    /** {@code int fsync(int fd)}. */
    public static void fsync(int fd) throws ErrnoException {
        Door.call(Syscall.FSYNC, 0, fd, 0, 0, 0, 0, 0);
    }

    /** {@code int fdatasync(int fd)}. */
    public static void fdatasync(int fd) throws ErrnoException {
        Door.call(Syscall.FDATASYNC, 0, fd, 0, 0, 0, 0, 0);
    }

    /** {@code int sync_file_range(int fd, off_t offset, off_t nbytes, unsigned int flags)}. */
    public static void syncFileRange(int fd, long offset, long count, int flags) throws ErrnoException {
        Door.call(Syscall.SYNC_FILE_RANGE, 0, fd, offset, count, flags, 0, 0);
    }

    /** {@code int posix_fadvise(int fd, off_t offset, off_t len, int advice)}. */
    public static void fadvise64(int fd, long offset, long count, int advice) throws ErrnoException {
        Door.call(Syscall.FADVISE64, 0, fd, offset, count, advice, 0, 0);
    }

    /** {@code ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count)}; may move less than asked, 0 at the end. */
    public static long sendfile(int out, int in, long offset, long count) throws ErrnoException {
        MemorySegment start = Scratch.structure(Long.BYTES);
        start.set(Scratch.LONG, 0, offset);
        return Door.call(Syscall.SENDFILE, 0, out, in, start.address(), count, 0, 0);
    }

    /** {@code int flock(int fd, int operation)}. */
    public static void flock(int fd, int operation) throws ErrnoException {
        Door.call(Syscall.FLOCK, 0, fd, operation, 0, 0, 0, 0);
    }

    /** {@code int fcntl(int fd, int cmd, long arg)}. */
    public static int fcntl(int fd, int command, long argument) throws ErrnoException {
        return (int) Door.call(Syscall.FCNTL, 0, fd, command, argument, 0, 0, 0);
    }

    /** {@code int isatty(int fd)}: whether the descriptor is a terminal's, asked by {@code ioctl(fd, TCGETS, ...)}. */
    public static boolean isatty(int fd) {
        return Door.raw(
                        Syscall.IOCTL,
                        fd,
                        TCGETS,
                        Scratch.structure(TERMIOS_BYTES).address(),
                        0,
                        0,
                        0)
                == 0;
    }

    private static int byArchitecture(int x86, int arm) {
        return Architecture.current() == Architecture.X86_64 ? x86 : arm;
    }
}
