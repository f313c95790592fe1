package dev.velo.core.tree;

import dev.velo.ffm.FileCalls;

/** Owns one file descriptor and closes it exactly once. Not thread-safe. */
public final class Descriptor implements AutoCloseable {
    private int fd;

    public Descriptor(int fd) {
        this.fd = fd;
    }

    /** The number of the descriptor, valid until this is closed. */
    public int fd() {
        if (fd < 0) {
            throw new IllegalStateException("the descriptor is closed");
        }
        return fd;
    }

    /** Whether this has neither been closed nor given away. */
    public boolean isOpen() {
        return fd >= 0;
    }

    /** Gives the descriptor away: whoever called this closes it. */
    public int release() {
        int released = fd();
        fd = -1;
        return released;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            FileCalls.close(fd);
            fd = -1;
        }
    }
}
