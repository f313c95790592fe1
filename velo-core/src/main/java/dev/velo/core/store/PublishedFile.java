package dev.velo.core.store;

import dev.velo.core.format.ByteSink;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that nobody sees until it is whole. Closing it without publishing leaves nothing behind.
 *
 * <p>Where the file system can, it has no name while it is written ({@code O_TMPFILE}), so that even SIGKILL leaves no trace; a file
 * that replaces another needs a name beside it for the last instant, because {@code linkat} replaces nothing.
 */
public final class PublishedFile implements AutoCloseable, ByteSink {
    private static final AtomicLong NEXT = new AtomicLong();

    private final int directory;
    private final int fd;
    private byte[] temporaryName;
    private long length;

    private PublishedFile(int directory, int fd, byte[] temporaryName) {
        this.directory = directory;
        this.fd = fd;
        this.temporaryName = temporaryName;
    }

    /** A new file in the directory of this descriptor, which stays the caller's. */
    public static PublishedFile create(int directory, int mode) throws ErrnoException {
        try {
            return new PublishedFile(
                    directory,
                    FileCalls.openat(directory, PathBytes.of("."), FileCalls.O_TMPFILE | FileCalls.O_RDWR, mode),
                    new byte[0]);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.EISDIR && e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        byte[] name = newName();
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL;
        return new PublishedFile(directory, FileCalls.openat(directory, name, flags, mode), name);
    }

    public int fd() {
        return fd;
    }

    /** Appends all of these bytes. */
    @Override
    public void accept(MemorySegment chunk) throws ErrnoException {
        writeFully(fd, chunk.address(), chunk.byteSize(), length);
        length += chunk.byteSize();
    }

    /** Gives the file its name if no file has it; returns whether it was free. */
    public boolean publishNew(byte[] name) throws ErrnoException {
        try {
            link(name);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    /** Gives the file its name in place of whatever has it. */
    public void publishOver(byte[] name) throws ErrnoException {
        if (temporaryName.length == 0) {
            byte[] beside = newName();
            link(beside);
            temporaryName = beside;
        }
        LinkCalls.renameat2(directory, temporaryName, directory, name, 0);
        temporaryName = new byte[0];
    }

    private void link(byte[] name) throws ErrnoException {
        if (temporaryName.length == 0) {
            byte[] self = PathBytes.of("/proc/self/fd/" + fd);
            LinkCalls.linkat(FileCalls.AT_FDCWD, self, directory, name, FileCalls.AT_SYMLINK_FOLLOW);
        } else {
            LinkCalls.linkat(directory, temporaryName, directory, name, 0);
        }
    }

    @Override
    public void close() throws ErrnoException {
        FileCalls.close(fd);
        if (temporaryName.length > 0) {
            LinkCalls.unlinkat(directory, temporaryName, 0);
        }
    }

    /** Writes all of these bytes at this offset, however many calls it takes. */
    public static void writeFully(int fd, long address, long count, long offset) throws ErrnoException {
        long done = 0;
        while (done < count) {
            done += FileCalls.pwrite(fd, address + done, count - done, offset + done);
        }
    }

    /** A name that no other file has: process, time and a counter. */
    public static byte[] newName() {
        return PathBytes.of(
                ".tmp-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + "-" + NEXT.incrementAndGet());
    }
}
