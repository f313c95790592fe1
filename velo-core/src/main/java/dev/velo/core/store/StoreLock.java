package dev.velo.core.store;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a store, flock(2) on a file. The kernel lets those who share a lock in before one who waits for it alone, so a gate
 * stands before it: whoever wants to share passes it, whoever wants it alone closes it and then waits only for those that are in.
 * A thread that is in does not pass the gate a second time, since who waits behind it waits for that thread.
 */
final class StoreLock {
    private static final int F_DUPFD_CLOEXEC = 1030;

    @SuppressWarnings("ThreadLocalUsage") // a thread may hold the locks of several stores
    private final ThreadLocal<@Nullable Descriptor> held = new ThreadLocal<>();

    /** Opens a file to be locked. */
    @FunctionalInterface
    interface Opener {
        int open() throws ErrnoException;
    }

    /** The lock, shared; it lasts until all descriptors that a thread got of it are closed. */
    @SuppressWarnings("try") // the gate is only passed
    Descriptor shared(Opener lock, Opener gate) throws ErrnoException {
        Descriptor own = held.get();
        if (own != null && own.isOpen()) {
            return new Descriptor(FileCalls.fcntl(own.fd(), F_DUPFD_CLOEXEC, 0));
        }
        try (Descriptor passed = locked(gate, FileCalls.LOCK_SH)) {
            Descriptor taken = locked(lock, FileCalls.LOCK_SH);
            held.set(taken);
            return taken;
        }
    }

    /** The lock, alone. */
    @SuppressWarnings("try") // the gate is only held
    static Descriptor exclusive(Opener lock, Opener gate) throws ErrnoException {
        try (Descriptor closed = locked(gate, FileCalls.LOCK_EX)) {
            return locked(lock, FileCalls.LOCK_EX);
        }
    }

    private static Descriptor locked(Opener file, int operation) throws ErrnoException {
        Descriptor descriptor = new Descriptor(file.open());
        try {
            FileCalls.flock(descriptor.fd(), operation);
            return descriptor;
        } catch (ErrnoException e) {
            descriptor.close();
            throw e;
        }
    }
}
