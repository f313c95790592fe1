package dev.velo.ffm;

import java.util.EnumSet;
import java.util.Set;

/** Which system calls a fault counts, so that every number of it is a call that can really end that way. */
enum FaultSite {
    /** Those that change files, names or mounts, and the locks between them: where a process may be killed. */
    CHANGES,
    /** Those that need space: ENOSPC and EDQUOT. */
    SPACE,
    /** Those that make descriptors: EMFILE and ENFILE. */
    DESCRIPTORS,
    /** Those that a signal can end before anything is done: EINTR. */
    INTERRUPTIBLE,
    /** Those that move bytes, and may move fewer than asked. */
    TRANSFERS,
    /** Those that touch files at all: EIO and what else there is. */
    ANY;

    private static final Set<Syscall> FILLING = EnumSet.of(
            Syscall.WRITE,
            Syscall.PWRITE64,
            Syscall.PWRITEV,
            Syscall.FSYNC,
            Syscall.FDATASYNC,
            Syscall.SYNC_FILE_RANGE,
            Syscall.FALLOCATE,
            Syscall.COPY_FILE_RANGE,
            Syscall.LINKAT,
            Syscall.RENAMEAT2,
            Syscall.MKDIRAT,
            Syscall.SYMLINKAT,
            Syscall.MKNODAT,
            Syscall.FSETXATTR,
            Syscall.LSETXATTR,
            Syscall.SETXATTRAT);

    private static final Set<Syscall> CHANGING = EnumSet.of(
            Syscall.FTRUNCATE,
            Syscall.UNLINKAT,
            Syscall.FCHMOD,
            Syscall.FCHMODAT,
            Syscall.FCHOWNAT,
            Syscall.UTIMENSAT,
            Syscall.FREMOVEXATTR);

    private static final Set<Syscall> GUARDING =
            EnumSet.of(Syscall.FLOCK, Syscall.MOUNT, Syscall.MOVE_MOUNT, Syscall.UMOUNT2);

    private static final Set<Syscall> ASKING = EnumSet.of(
            Syscall.READ, Syscall.PREAD64, Syscall.GETDENTS64, Syscall.OPENAT, Syscall.READLINKAT, Syscall.STATX);

    private static final Set<Syscall> OPENING = EnumSet.of(
            Syscall.OPENAT,
            Syscall.OPENAT2,
            Syscall.PIPE2,
            Syscall.MEMFD_CREATE,
            Syscall.SOCKET,
            Syscall.OPEN_TREE,
            Syscall.FSOPEN,
            Syscall.FSMOUNT,
            Syscall.PIDFD_OPEN);

    private static final Set<Syscall> MOVING =
            EnumSet.of(Syscall.READ, Syscall.PREAD64, Syscall.WRITE, Syscall.PWRITE64, Syscall.PWRITEV);

    private static final Set<Syscall> WAITING = EnumSet.of(
            Syscall.OPENAT,
            Syscall.FLOCK,
            Syscall.FSYNC,
            Syscall.FDATASYNC,
            Syscall.FTRUNCATE,
            Syscall.FALLOCATE,
            Syscall.COPY_FILE_RANGE,
            Syscall.WAITID);

    private static final int F_DUPFD = 0;
    private static final int F_DUPFD_CLOEXEC = 1030;

    /** Where a call can end in this error. */
    static FaultSite of(Errno errno) {
        return switch (errno) {
            case ENOSPC, EDQUOT -> SPACE;
            case EMFILE, ENFILE -> DESCRIPTORS;
            case EINTR -> INTERRUPTIBLE;
            default -> ANY;
        };
    }

    /** Whether this is such a call; two of its arguments tell apart what one call can do. */
    boolean has(Syscall call, long second, long third) {
        return switch (this) {
            case SPACE -> needsSpace(call, second, third);
            case CHANGES -> changes(call, second, third) || GUARDING.contains(call);
            case ANY -> changes(call, second, third) || ASKING.contains(call);
            case INTERRUPTIBLE -> MOVING.contains(call) || WAITING.contains(call);
            case TRANSFERS -> MOVING.contains(call);
            case DESCRIPTORS ->
                OPENING.contains(call) || (call == Syscall.FCNTL && (second == F_DUPFD || second == F_DUPFD_CLOEXEC));
        };
    }

    private static boolean changes(Syscall call, long second, long third) {
        return CHANGING.contains(call) || needsSpace(call, second, third);
    }

    private static boolean needsSpace(Syscall call, long second, long third) {
        boolean creates = call == Syscall.OPENAT
                && ((third & FileCalls.O_CREAT) != 0 || (third & FileCalls.O_TMPFILE) == FileCalls.O_TMPFILE);
        boolean shares = call == Syscall.IOCTL && (second == FileCalls.FICLONE || second == FileCalls.FICLONERANGE);
        return creates || shares || FILLING.contains(call);
    }
}
