package dev.velo.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The static program of a few kilobytes ({@code src/main/c/runner.c}) that carries a whole plan out: setup, command, cleanup.
 *
 * <p>It is started from memory, so a store or a home mounted {@code noexec} does not matter.
 */
@SuppressWarnings("restricted")
public final class Runner {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_EXEC = 0x10;
    private static final int F_ADD_SEALS = 1033;

    /** {@code F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE}. */
    private static final int ALL_SEALS = 15;

    private static final int F_DUPFD_CLOEXEC = 1030;

    /** Children may have their own descriptors at the numbers below. */
    private static final int LOWEST_SHARED = 32;

    private static int shared = -1;

    private Runner() {}

    /**
     * Turns this process into the runner of this plan. The JVM and all its threads end without shutdown hooks; the process keeps
     * its number, parent, terminal and the descriptors it was started with. Returns only by throwing, and then the process has
     * nothing lost but the soft limit and some inheritance of the JVM's own descriptors.
     */
    public static void become(Plan plan, RunnerOptions options) throws ErrnoException {
        int program = openProgram();
        try {
            int planFd = openPlan(plan);
            try {
                RunnerDescriptors.keepFromCommand();
                restore(options);
                List<byte[]> arguments = List.of(bytes(options.name()), bytes(Integer.toString(planFd)));
                execute(program, arguments, options.environment());
            } finally {
                FileCalls.close(planFd);
            }
        } finally {
            FileCalls.close(program);
        }
    }

    /**
     * Starts the runner of this plan as a child, with this process's environment of descriptors and its place in the terminal; the
     * caller awaits it.
     *
     * @throws IOException a {@link PlanFailure} if it does not start
     */
    public static SpawnedProcess start(Plan plan, RunnerOptions options) throws IOException {
        int program = openProgram();
        try {
            int planFd = openPlan(plan);
            try {
                RunnerDescriptors.keepFromCommand();
                ProcessCalls.rtSigprocmask(ProcessCalls.SIG_UNBLOCK, 1L << (ProcessCalls.SIGQUIT - 1));
                PlanBuilder start = new PlanBuilder();
                start.what("cannot start the runner");
                if (options.softDescriptorLimit().isPresent()) {
                    long hard = ProcessCalls.prlimit64(ProcessCalls.RLIMIT_NOFILE)[1];
                    byte[] limits =
                            ProcessCalls.longs(options.softDescriptorLimit().getAsLong(), hard);
                    start.call(
                            Syscall.PRLIMIT64,
                            PlanArgument.of(0),
                            PlanArgument.of(ProcessCalls.RLIMIT_NOFILE),
                            PlanArgument.structure(limits),
                            PlanArgument.of(0));
                }
                start.restoreMask();
                List<byte[]> arguments = List.of(bytes(options.name()), bytes(Integer.toString(planFd)));
                start.execveat(PlanArgument.of(program), arguments, options.environment());
                return ProcessCalls.spawn(start.build());
            } finally {
                FileCalls.close(planFd);
            }
        } finally {
            FileCalls.close(program);
        }
    }

    /**
     * A close-on-exec descriptor of the runner's program that all starts of this process share: sealed, so that nobody can change it.
     * This process's to its end; nobody closes it.
     */
    public static synchronized int program() throws ErrnoException {
        if (shared < 0) {
            int fd = openProgram();
            try {
                FileCalls.fcntl(fd, F_ADD_SEALS, ALL_SEALS);
                shared = FileCalls.fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_SHARED);
            } finally {
                FileCalls.close(fd);
            }
        }
        return shared;
    }

    /** A close-on-exec descriptor of the runner's program, for a plan's {@code execveat}; the caller's to close. */
    public static int openProgram() throws ErrnoException {
        String resource = "runner-" + Architecture.current().resourceName();
        try (InputStream in = Runner.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("the resource " + resource + " is missing from this build");
            }
            return memory("velo-runner", in.readAllBytes(), MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        } catch (ErrnoException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("the resource " + resource + " cannot be read", e);
        }
    }

    /** Adds to a child section the execution of {@link #program} for a plan, whose descriptor is inherited. */
    public static void execute(PlanBuilder plan, int planFd) throws ErrnoException {
        List<byte[]> words = List.of(bytes("velo"), bytes(Integer.toString(planFd)));
        plan.execveat(PlanArgument.of(program()), words, List.of());
    }

    /** An inheritable descriptor of this plan: its number in decimal is the runner's argument. The caller's to close. */
    public static int openPlan(Plan plan) throws ErrnoException {
        return memory("velo-plan", plan.toBytes(), 0);
    }

    /** A close-on-exec descriptor of an empty file in memory, to be the error stream of a runner; the caller's to close. */
    public static int openReport() throws ErrnoException {
        return memfd("velo-report", MFD_CLOEXEC);
    }

    /** Undoes what HotSpot changed for itself: a blocked SIGQUIT, a raised limit. Its handlers end with its code. */
    private static void restore(RunnerOptions options) throws ErrnoException {
        ProcessCalls.rtSigprocmask(ProcessCalls.SIG_UNBLOCK, 1L << (ProcessCalls.SIGQUIT - 1));
        if (options.softDescriptorLimit().isPresent()) {
            long hard = ProcessCalls.prlimit64(ProcessCalls.RLIMIT_NOFILE)[1];
            ProcessCalls.prlimit64(
                    ProcessCalls.RLIMIT_NOFILE, options.softDescriptorLimit().getAsLong(), hard);
        }
    }

    /** By descriptor; by its name in /proc where a kernel or a container does not know that call. */
    private static void execute(int program, List<byte[]> arguments, List<byte[]> environment) throws ErrnoException {
        try {
            ProcessCalls.execveat(program, new byte[0], arguments, environment, FileCalls.AT_EMPTY_PATH);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOSYS && e.errno() != Errno.EPERM) {
                throw e;
            }
            ProcessCalls.execve(bytes("/proc/self/fd/" + program), arguments, environment);
        }
    }

    private static int memory(String name, byte[] contents, int flags) throws ErrnoException {
        int fd = memfd(name, flags);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(contents.length);
            MemorySegment.copy(contents, 0, buffer, ValueLayout.JAVA_BYTE, 0, contents.length);
            long done = 0;
            while (done < contents.length) {
                done += FileCalls.pwrite(fd, buffer.address() + done, contents.length - done, done);
            }
            return fd;
        } catch (ErrnoException e) {
            FileCalls.close(fd);
            throw e;
        }
    }

    /** {@code int memfd_create(const char *name, unsigned int flags)}; without MFD_EXEC before Linux 6.3. */
    private static int memfd(String name, int flags) throws ErrnoException {
        long text = CString.first(bytes(name));
        try {
            return (int) Door.call(Syscall.MEMFD_CREATE, text, text, flags, 0, 0, 0, 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINVAL || (flags & MFD_EXEC) == 0) {
                throw e;
            }
            return (int) Door.call(Syscall.MEMFD_CREATE, text, text, flags & ~MFD_EXEC, 0, 0, 0, 0);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
