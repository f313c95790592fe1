package dev.velo.ffm;

import org.jspecify.annotations.Nullable;

/**
 * A child of this process; owns the descriptor that stands for it. Closing it neither ends the child nor awaits it: a child that
 * ended and is never awaited stays a zombie until this process ends.
 */
public final class SpawnedProcess implements AutoCloseable {
    private final int pid;
    private final Object waiting = new Object();
    private int pidfd;
    private boolean closed;
    private @Nullable SpawnStatus status;

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

    /** Waits until the child has ended; a second call has the answer at once. */
    public SpawnStatus waitFor() throws ErrnoException {
        synchronized (waiting) {
            SpawnStatus known = status;
            if (known == null) {
                known = ProcessCalls.waitid(pid);
                status = known;
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
