package dev.velo.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A few hundred bytes of position-independent code, mapped read and execute once per process, through which every system call
 * goes.
 *
 * <p>All of its entries have the one shape {@code (long x 7) -> long}: linking a shape costs milliseconds of start-up, so there is
 * one. The code comes from {@code src/main/c/stub.c}; a test compiles that file again and compares.
 */
@SuppressWarnings("restricted")
final class Stub {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    /** Where the entries stand in the code, in bytes; {@code stub.lds} puts them there. */
    private static final int SYSCALL_ENTRY = 0;

    private static final int SPAWN_ENTRY = 64;

    private static final MethodHandle CALL;
    private static final MemorySegment SYSCALL;
    private static final MemorySegment SPAWN;

    static {
        Linker linker = Linker.nativeLinker();
        CALL = linker.downcallHandle(FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG));
        long code = map(linker.defaultLookup().find("syscall").orElseThrow(), load());
        SYSCALL = MemorySegment.ofAddress(code + SYSCALL_ENTRY);
        SPAWN = MemorySegment.ofAddress(code + SPAWN_ENTRY);
    }

    private Stub() {}

    /** Makes a system call; returns what the kernel does, {@code -errno} on failure. */
    static long syscall(long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(SYSCALL, number, a, b, c, d, e, f);
        } catch (Throwable unreachable) {
            throw new AssertionError("the system call stub threw", unreachable);
        }
    }

    /** Runs the plan at this address in a new process; see {@link ProcessCalls}. */
    static long spawn(long plan) {
        try {
            return (long) CALL.invokeExact(SPAWN, plan, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable unreachable) {
            throw new AssertionError("the spawn stub threw", unreachable);
        }
    }

    private static byte[] load() {
        String name = "stub-" + Architecture.current().resourceName() + ".bin";
        try (InputStream in = Stub.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("the resource " + name + " is missing from this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError("the resource " + name + " cannot be read", e);
        }
    }

    /** Puts the code into a mapping of its own by libc's {@code syscall}, which has the one shape as well. */
    private static long map(MemorySegment libcSyscall, byte[] code) {
        try {
            long address = (long) CALL.invokeExact(
                    libcSyscall,
                    (long) Syscall.MMAP.number(),
                    0L,
                    (long) code.length,
                    (long) PROT_READ | PROT_WRITE,
                    (long) MAP_PRIVATE_ANONYMOUS,
                    -1L,
                    0L);
            requireSuccess(address, "mmap");
            MemorySegment.copy(
                    code,
                    0,
                    MemorySegment.ofAddress(address).reinterpret(code.length),
                    ValueLayout.JAVA_BYTE,
                    0,
                    code.length);
            long protectedResult = (long) CALL.invokeExact(
                    libcSyscall,
                    (long) Syscall.MPROTECT.number(),
                    address,
                    (long) code.length,
                    (long) PROT_READ | PROT_EXEC,
                    0L,
                    0L,
                    0L);
            requireSuccess(protectedResult, "mprotect");
            return address;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot place the system call stub in memory: " + e.getMessage(), e);
        }
    }

    private static void requireSuccess(long result, String call) {
        if (result == -1) {
            throw new IllegalStateException(call + " was refused; does a security policy forbid executable memory?");
        }
    }
}
