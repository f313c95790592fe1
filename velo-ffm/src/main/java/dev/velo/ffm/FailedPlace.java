package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which file a failed call was about, asked of the kernel by the call's descriptor. Only for failures that end what is being done:
 * names that are taken or missing are daily business, and their place is known to whoever asked.
 */
final class FailedPlace {
    private static final int PATH_MAX = 4096;
    private static final String GONE = " (deleted)";

    /** Calls whose first argument is a descriptor, or that of a directory; those of two files are {@linkplain #descriptor told apart}. */
    private static final Set<Syscall> BY_DESCRIPTOR = EnumSet.of(
            Syscall.READ,
            Syscall.WRITE,
            Syscall.PREAD64,
            Syscall.PWRITE64,
            Syscall.PWRITEV,
            Syscall.FSYNC,
            Syscall.FDATASYNC,
            Syscall.SYNC_FILE_RANGE,
            Syscall.FTRUNCATE,
            Syscall.COPY_FILE_RANGE,
            Syscall.IOCTL,
            Syscall.FCNTL,
            Syscall.FLOCK,
            Syscall.FCHMOD,
            Syscall.FSETXATTR,
            Syscall.GETDENTS64,
            Syscall.OPENAT,
            Syscall.STATX,
            Syscall.READLINKAT,
            Syscall.LINKAT,
            Syscall.UNLINKAT,
            Syscall.RENAMEAT2,
            Syscall.MKDIRAT,
            Syscall.SYMLINKAT,
            Syscall.MKNODAT,
            Syscall.FCHMODAT,
            Syscall.FCHOWNAT,
            Syscall.UTIMENSAT);

    private FailedPlace() {}

    /** The path for people: {@code path} is the address of the C string that the call was given, or 0; the rest its arguments. */
    static String of(Syscall call, Errno errno, long path, long a, long b, long c) {
        String name = path == 0 ? "" : CString.read(path);
        if (!errno.isOfMachine() || !BY_DESCRIPTOR.contains(call) || name.startsWith("/")) {
            return name;
        }
        String place = target(descriptor(call, a, b, c));
        if (!place.startsWith("/")) {
            return name;
        }
        return name.isEmpty() || name.equals(".") ? place : place + "/" + name;
    }

    private static int descriptor(Syscall call, long a, long b, long c) {
        return (int)
                switch (call) {
                    case LINKAT, RENAMEAT2, COPY_FILE_RANGE -> c;
                    case SYMLINKAT -> b;
                    default -> a;
                };
    }

    /** Where a descriptor leads; the directory of a file without a name; empty if that cannot be told. */
    private static String target(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment link = arena.allocateFrom("/proc/self/fd/" + fd, StandardCharsets.US_ASCII);
            MemorySegment buffer = arena.allocate(PATH_MAX);
            long length = Stub.syscall(
                    Syscall.READLINKAT.number(), FileCalls.AT_FDCWD, link.address(), buffer.address(), PATH_MAX, 0, 0);
            if (length <= 0) {
                return "";
            }
            byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            String told = new String(bytes, StandardCharsets.UTF_8);
            if (!told.endsWith(GONE)) {
                return told;
            }
            int slash = told.lastIndexOf('/');
            return told.startsWith("#", slash + 1) && slash > 0
                    ? told.substring(0, slash)
                    : told.substring(0, told.length() - GONE.length());
        }
    }
}
