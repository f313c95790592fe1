package dev.velo;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A sandbox that was started, as a process: its first one, which is the parent of the command, forwards signals to it and ends as it
 * does. All processes of the sandbox end with it, and with this JVM. A command that a signal ended has the status 128 and the signal's
 * number, one whose time was over 124.
 *
 * <p>{@link #destroy} asks the command to end; {@link #destroyForcibly} ends all of the sandbox.
 *
 * {@snippet :
 * VeloSandboxProcess process = view.sandbox().inheritIO().start("make", "-j4");
 * process.limits().forEach(System.err::println);
 * if (!process.waitFor(1, TimeUnit.MINUTES)) {
 *     process.destroyForcibly().waitFor();
 * }
 * System.err.println(process.usage().user());
 * }
 */
public final class VeloSandboxProcess extends Process {
    private final SandboxChild child;
    private final List<String> limits;

    /**
     * What a sandbox used.
     *
     * {@snippet :
     * VeloSandboxProcess.Usage usage = process.usage();
     * System.out.println(usage.user().plus(usage.system()));
     * }
     *
     * @param user time on processors in programs, of all processes that were awaited in the sandbox
     * @param system time on processors in the kernel, with what it took to make the sandbox
     * @param maxResident bytes of memory that the largest process had; nothing if the sandbox was ended by force or its time limit
     */
    public record Usage(Duration user, Duration system, OptionalLong maxResident) {}

    VeloSandboxProcess(SandboxChild child, List<String> limits) {
        this.child = child;
        this.limits = limits;
    }

    /**
     * A descriptor that stands for the sandbox's first process (pidfd_open(2)), for callers that poll: it becomes readable when that
     * has ended. It is this object's, which closes it when nobody has the object any more; polling it takes having the object.
     *
     * @return the descriptor, the same each time; nothing if the process had ended when this was asked first, or on Linux before 5.2
     */
    public OptionalInt pidfd() {
        return child.pidfd(this);
    }

    /**
     * What the sandbox used.
     *
     * @return the use of all its processes
     * @throws IllegalThreadStateException if it has not ended
     */
    public Usage usage() {
        return child.usage();
    }

    /**
     * What holds the limits that were asked for, and where it falls short of them.
     *
     * @return a sentence for each limit, for people; the limit of time is always held
     */
    public List<String> limits() {
        return limits;
    }

    @Override
    public OutputStream getOutputStream() {
        return child.getOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return child.getInputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return child.getErrorStream();
    }

    @Override
    public int waitFor() throws InterruptedException {
        return child.waitFor();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        return child.waitFor(timeout, unit);
    }

    @Override
    public int exitValue() {
        return child.exitValue();
    }

    @Override
    public boolean isAlive() {
        return child.isAlive();
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public ProcessHandle toHandle() {
        return child.toHandle();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return child.onExit().thenApply(ended -> this);
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    /** Asks the command to end, by SIGTERM. */
    @Override
    public void destroy() {
        child.destroy();
    }

    /**
     * Ends all processes of the sandbox, by SIGKILL.
     *
     * @return this process
     */
    @Override
    public Process destroyForcibly() {
        child.destroyForcibly();
        return this;
    }

    /**
     * The process, by number.
     *
     * @return text for messages
     */
    @Override
    public String toString() {
        return "VeloSandbox, " + child;
    }
}
