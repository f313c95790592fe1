package dev.velo.ffm;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which system calls are made and errnos leave.
 *
 * <p>For tests of crash safety the door counts the calls that change something, and kills the process with SIGKILL just before the
 * call whose number the system property {@code dev.velo.ffm.kill} names; {@code dev.velo.ffm.count} prints the count at exit.
 */
final class Door {
    private static final @Nullable Faults FAULTS = Faults.fromProperties();

    private Door() {}

    /** Makes the call and returns what the kernel does, {@code -errno} on failure. */
    static long raw(Syscall call, long a, long b, long c, long d, long e, long f) {
        if (FAULTS != null) {
            FAULTS.before(call);
        }
        return Stub.syscall(call.number(), a, b, c, d, e, f);
    }

    /** Makes the call, again after EINTR, and throws what fails; {@code path} is the address of a C string, or 0. */
    static long call(Syscall call, long path, long a, long b, long c, long d, long e, long f) throws ErrnoException {
        while (true) {
            long result = raw(call, a, b, c, d, e, f);
            if (result >= 0 || result < -4095) {
                return result;
            }
            if (result != -Errno.EINTR.number()) {
                throw failure(call, (int) -result, path);
            }
        }
    }

    static ErrnoException failure(Syscall call, int errno, long path) {
        return new ErrnoException(call, Errno.of(errno), path == 0 ? "" : CString.read(path));
    }

    static ErrnoException failure(Syscall call, int errno, byte[] path) {
        return new ErrnoException(call, Errno.of(errno), new String(path, StandardCharsets.UTF_8));
    }
}
