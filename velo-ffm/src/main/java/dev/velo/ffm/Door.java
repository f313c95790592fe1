package dev.velo.ffm;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which system calls are made and errnos leave.
 *
 * <p>For tests of what Velo does when a call goes wrong, or the process is killed at one, {@link Faults} stand in the door; for
 * those of what a power loss leaves, a {@link Recorder}. Without them the fields are constant nulls, and what is compiled has no trace
 * of either.
 */
final class Door {
    static final @Nullable Faults FAULTS = Faults.fromProperty();
    static final @Nullable Recorder RECORDER = Recorder.fromProperty();

    private Door() {}

    /** Makes the call and returns what the kernel does, {@code -errno} on failure. */
    static long raw(Syscall call, long a, long b, long c, long d, long e, long f) {
        if (FAULTS != null) {
            return FAULTS.make(call, a, b, c, d, e, f);
        }
        if (RECORDER != null) {
            return RECORDER.make(call, a, b, c, d, e, f);
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
                Errno errno = Errno.of((int) -result);
                throw new ErrnoException(call, errno, FailedPlace.of(call, errno, path, a, b, c));
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
