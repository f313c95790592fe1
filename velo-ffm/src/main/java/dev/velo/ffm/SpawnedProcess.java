package dev.velo.ffm;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A child of this process; owns the descriptor that stands for it. Closing it neither ends the child nor awaits it: a child that
 * ended and is never awaited stays a zombie until this process ends.
 */
public final class SpawnedProcess implements AutoCloseable {
    private static final int F_DUPFD_CLOEXEC = 1030;

    private final int pid;
    private final Object waiting = new Object();
    private int pidfd;
    private boolean closed;
    private ProcessCalls.@Nullable Ended ended;

    SpawnedProcess(int pid, int pidfd) {
        this.pid = pid;
        this.pidfd = pidfd;
    }

    public int pid() {
        return pid;
    }

    /** The descriptor that stands for the child, this object's to close; negative once closed, or where there are none (before Linux 5.2). */
    public synchronized int pidfd() {
        return pidfd;
    }

    /**
     * A copy of that descriptor, closed on execution, the caller's to close: it becomes readable when the child ends, and may outlive
     * this object. Empty once this is closed, or where there are none.
     */
    public synchronized OptionalInt copyPidfd() throws ErrnoException {
        return pidfd < 0 ? OptionalInt.empty() : OptionalInt.of(FileCalls.fcntl(pidfd, F_DUPFD_CLOEXEC, 0));
    }

    /** Waits until the child has ended; a second call has the answer at once. */
    public SpawnStatus waitFor() throws ErrnoException {
        return ended().status();
    }

    /** What the child used; waits for its end. */
    public ResourceUse use() throws ErrnoException {
        return ended().use();
    }

    private ProcessCalls.Ended ended() throws ErrnoException {
        synchronized (waiting) {
            ProcessCalls.Ended known = ended;
            if (known == null) {
                known = ProcessCalls.waitid(pid);
                ended = known;
            }
            return known;
        }
    }

    /** Sends a signal; fails with ESRCH if the child has been awaited. */
    public synchronized void signal(int number) throws ErrnoException {
        if (closed) {
            throw new IllegalStateException("the process " + pid + " is closed");
        }
        if (pidfd >= 0) {
            ProcessCalls.pidfdSendSignal(pidfd, number);
        } else {
            ProcessCalls.kill(pid, number);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (pidfd >= 0) {
            FileCalls.close(pidfd);
            pidfd = -1;
        }
    }
}
