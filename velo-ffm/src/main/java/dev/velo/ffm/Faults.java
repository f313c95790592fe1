package dev.velo.ffm;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Kills this process before the n-th system call that changes something; see {@link Door}. */
final class Faults {
    private static final int SIGKILL = 9;

    private static final Set<Syscall> CHANGING = EnumSet.of(
            Syscall.WRITE,
            Syscall.PWRITE64,
            Syscall.PWRITEV,
            Syscall.FSYNC,
            Syscall.FDATASYNC,
            Syscall.SYNC_FILE_RANGE,
            Syscall.FTRUNCATE,
            Syscall.COPY_FILE_RANGE,
            Syscall.LINKAT,
            Syscall.UNLINKAT,
            Syscall.RENAMEAT2,
            Syscall.MKDIRAT,
            Syscall.SYMLINKAT,
            Syscall.MKNODAT,
            Syscall.FCHMOD,
            Syscall.FLOCK,
            Syscall.UTIMENSAT,
            Syscall.FSETXATTR,
            Syscall.MOUNT,
            Syscall.MOVE_MOUNT,
            Syscall.UMOUNT2);

    private final long killAt;
    private final AtomicLong count = new AtomicLong();

    private Faults(long killAt) {
        this.killAt = killAt;
    }

    static @Nullable Faults fromProperties() {
        Long killAt = Long.getLong("dev.velo.ffm.kill");
        boolean counting = Boolean.getBoolean("dev.velo.ffm.count");
        if (killAt == null && !counting) {
            return null;
        }
        Faults faults = new Faults(killAt == null ? Long.MAX_VALUE : killAt);
        if (counting) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> System.err.println("changing calls: " + faults.count.get())));
        }
        return faults;
    }

    void before(Syscall call) {
        if (CHANGING.contains(call) && count.incrementAndGet() == killAt) {
            long self = Stub.syscall(Syscall.GETPID.number(), 0, 0, 0, 0, 0, 0);
            Stub.syscall(Syscall.KILL.number(), self, SIGKILL, 0, 0, 0, 0);
        }
    }
}
