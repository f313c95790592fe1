package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;

/** Calls that start, signal and await processes, or change this one. */
@SuppressWarnings("restricted")
public final class ProcessCalls {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGPIPE = 13;
    public static final int SIGTERM = 15;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGXFSZ = 25;
    public static final int SIGWINCH = 28;

    public static final int SIG_BLOCK = 0;
    public static final int SIG_UNBLOCK = 1;
    public static final int SIG_SETMASK = 2;

    public static final int RLIMIT_CORE = 4;
    public static final int RLIMIT_NPROC = 6;
    public static final int RLIMIT_NOFILE = 7;
    public static final int RLIMIT_AS = 9;
    public static final long RLIM_INFINITY = -1;

    public static final int RUSAGE_CHILDREN = -1;

    public static final int PR_SET_PDEATHSIG = 1;
    public static final int PR_GET_DUMPABLE = 3;
    public static final int PR_SET_DUMPABLE = 4;
    public static final int PR_SET_NO_NEW_PRIVS = 38;

    private static final int P_PID = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;
    private static final int SIGNAL_SET_BYTES = 8;

    /** Room for 8192 processors, the most that a kernel is built for. */
    private static final int CPU_SET_BYTES = 1024;

    private static final int SIGACTION_BYTES = 32;
    private static final int SIG_IGN = 1;
    private static final int SIGINFO_BYTES = 128;
    private static final int SI_CODE_AT = 8;
    private static final int SI_STATUS_AT = 24;

    private ProcessCalls() {}

    /** {@code void exit_group(int status)}: ends this process, all its threads, and nothing that the JVM does at its end. */
    public static void exitGroup(int status) {
        Door.raw(Syscall.EXIT_GROUP, status, 0, 0, 0, 0, 0);
    }

    /**
     * Starts a process that runs the child section of the plan; returns when it has executed its command, or ended. The child is
     * the caller's to await, close what is returned. Any number of threads may spawn at once.
     *
     * <p>The calling thread stands still until then, and the child's calls change the memory of this process only where the plan
     * says so. A JVM that was started with SIGCHLD ignored cannot await its children: {@code waitid} fails with ECHILD.
     */
    public static SpawnedProcess spawn(Plan plan) throws PlanFailure {
        if (plan.needsRunner()) {
            throw new IllegalArgumentException("a plan with work before or after the child is the runner's");
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = plan.toBytes();
            MemorySegment running = arena.allocate(bytes.length, 16);
            MemorySegment.copy(bytes, 0, running, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long pid = Stub.spawn(running.address());
            if (pid < 0) {
                throw plan.failure(running.get(ValueLayout.JAVA_INT, PlanLayout.FAILED_ENTRY_AT), (int) -pid);
            }
            return new SpawnedProcess((int) pid, running.get(ValueLayout.JAVA_INT, PlanLayout.PIDFD_AT));
        }
    }

    /** How a child ended, and what it used. */
    record Ended(SpawnStatus status, ResourceUse use) {}

    /**
     * {@code int waitid(P_PID, id_t id, siginfo_t *infop, WEXITED, struct rusage *usage)}: waits for the child's end, and with that
     * it is gone. The last argument is the kernel's, which libc does not pass on.
     *
     * <p>By number and not by pidfd, which would need Linux 5.4: until it is awaited, nobody else gets the number.
     */
    static Ended waitid(int pid) throws ErrnoException {
        MemorySegment both = Scratch.structure(SIGINFO_BYTES + ResourceUse.BYTES);
        MemorySegment info = both.asSlice(0, SIGINFO_BYTES);
        MemorySegment usage = both.asSlice(SIGINFO_BYTES);
        Door.call(Syscall.WAITID, 0, P_PID, pid, info.address(), WEXITED, usage.address(), 0);
        int status = info.get(ValueLayout.JAVA_INT, SI_STATUS_AT);
        boolean exited = info.get(ValueLayout.JAVA_INT, SI_CODE_AT) == CLD_EXITED;
        return new Ended(exited ? new SpawnStatus(status, 0) : new SpawnStatus(0, status), ResourceUse.of(usage));
    }

    /** {@code int pidfd_open(pid_t pid, unsigned int flags)} (Linux 5.3); the descriptor is the caller's to close. */
    public static int pidfdOpen(int pid) throws ErrnoException {
        return (int) Door.call(Syscall.PIDFD_OPEN, 0, pid, 0, 0, 0, 0, 0);
    }

    /** {@code int pidfd_send_signal(int pidfd, int sig, NULL, 0)} (Linux 5.1). */
    public static void pidfdSendSignal(int pidfd, int signal) throws ErrnoException {
        Door.call(Syscall.PIDFD_SEND_SIGNAL, 0, pidfd, signal, 0, 0, 0, 0);
    }

    /** {@code int kill(pid_t pid, int sig)}. */
    public static void kill(int pid, int signal) throws ErrnoException {
        Door.call(Syscall.KILL, 0, pid, signal, 0, 0, 0, 0);
    }

    /** {@code int rt_sigaction(int sig, const struct sigaction *act, NULL, 8)} with {@code SIG_IGN}: of the whole process. */
    public static void ignoreSignal(int signal) throws ErrnoException {
        MemorySegment action = Scratch.structure(SIGACTION_BYTES);
        action.fill((byte) 0);
        action.set(Scratch.LONG, 0, SIG_IGN);
        Door.call(Syscall.RT_SIGACTION, 0, signal, action.address(), 0, SIGNAL_SET_BYTES, 0, 0);
    }

    /** {@code int setns(int fd, int nstype)}: of the calling thread alone, and not for user or mount namespaces in a JVM. */
    public static void setns(int fd, long type) throws ErrnoException {
        Door.call(Syscall.SETNS, 0, fd, type, 0, 0, 0, 0);
    }

    /** {@code int unshare(int flags)}: of the calling thread alone; user namespaces fail with EINVAL in a JVM. */
    public static void unshare(long flags) throws ErrnoException {
        Door.call(Syscall.UNSHARE, 0, flags, 0, 0, 0, 0, 0);
    }

    /** {@code int prctl(int option, ...)}. */
    public static long prctl(int option, long a, long b, long c, long d) throws ErrnoException {
        return Door.call(Syscall.PRCTL, 0, option, a, b, c, d, 0);
    }

    /** {@code int prlimit(0, int resource, NULL, struct rlimit *old_limit)}: soft and hard limit of this process. */
    public static long[] prlimit64(int resource) throws ErrnoException {
        MemorySegment limits = Scratch.structure(16);
        Door.call(Syscall.PRLIMIT64, 0, 0, resource, 0, limits.address(), 0, 0);
        return new long[] {limits.get(Scratch.LONG, 0), limits.get(Scratch.LONG, 8)};
    }

    /** {@code int prlimit(0, int resource, const struct rlimit *new_limit, NULL)}. */
    public static void prlimit64(int resource, long soft, long hard) throws ErrnoException {
        MemorySegment limits = Scratch.structure(16);
        limits.set(Scratch.LONG, 0, soft);
        limits.set(Scratch.LONG, 8, hard);
        Door.call(Syscall.PRLIMIT64, 0, 0, resource, limits.address(), 0, 0, 0);
    }

    /** {@code int sched_getaffinity(0, size_t cpusetsize, cpu_set_t *mask)}: the processors that the calling thread may run on. */
    public static BitSet schedGetaffinity() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(CPU_SET_BYTES, Long.BYTES);
            long bytes = Door.call(Syscall.SCHED_GETAFFINITY, 0, 0, CPU_SET_BYTES, mask.address(), 0, 0, 0);
            return BitSet.valueOf(mask.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder()));
        }
    }

    /** {@code int rt_sigprocmask(int how, const kernel_sigset_t *set, NULL, 8)}: of the calling thread. */
    public static void rtSigprocmask(int how, long signals) throws ErrnoException {
        MemorySegment set = Scratch.structure(SIGNAL_SET_BYTES);
        set.set(Scratch.LONG, 0, signals);
        Door.call(Syscall.RT_SIGPROCMASK, 0, how, set.address(), 0, SIGNAL_SET_BYTES, 0, 0);
    }

    /**
     * {@code int execveat(int dirfd, const char *pathname, char *const argv[], char *const envp[], int flags)}: ends this JVM, or
     * throws.
     */
    public static void execveat(int directory, byte[] path, List<byte[]> arguments, List<byte[]> environment, int flags)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.first(path);
            long argv = array(arena, arguments);
            Door.call(Syscall.EXECVEAT, name, directory, name, argv, array(arena, environment), flags, 0);
        }
    }

    /** {@code int execve(const char *pathname, char *const argv[], char *const envp[])}: ends this JVM, or throws. */
    public static void execve(byte[] path, List<byte[]> arguments, List<byte[]> environment) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.first(path);
            Door.call(Syscall.EXECVE, name, name, array(arena, arguments), array(arena, environment), 0, 0, 0);
        }
    }

    /** Longs as the kernel's structures hold them. */
    static byte[] longs(long... values) {
        ByteBuffer out = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
        for (long value : values) {
            out.putLong(value);
        }
        return out.array();
    }

    private static long array(Arena arena, List<byte[]> strings) {
        MemorySegment array = arena.allocate((strings.size() + 1L) * Long.BYTES, Long.BYTES);
        for (int i = 0; i < strings.size(); i++) {
            byte[] string = strings.get(i);
            MemorySegment copy = arena.allocate(string.length + 1L);
            MemorySegment.copy(string, 0, copy, ValueLayout.JAVA_BYTE, 0, string.length);
            array.set(ValueLayout.JAVA_LONG, i * (long) Long.BYTES, copy.address());
        }
        return array.address();
    }
}
