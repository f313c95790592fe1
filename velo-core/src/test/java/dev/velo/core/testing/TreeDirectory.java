package dev.velo.core.testing;

import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A directory of a fixture under construction. Everything is made relative to its descriptor, so that depth has no limit; mode and
 * time are set when it is closed, because making entries changes the one and the other may forbid them.
 */
final class TreeDirectory implements AutoCloseable {
    private static final int MAKE_FILE = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL;

    private final FixtureLog log;
    private final int descriptor;
    private Stamp stamp = Stamp.plain(0755);

    private TreeDirectory(FixtureLog log, int descriptor) {
        this.log = log;
        this.descriptor = descriptor;
    }

    static TreeDirectory root(FixtureLog log, byte[] path) throws IOException {
        return new TreeDirectory(log, openDirectory(FileCalls.AT_FDCWD, path));
    }

    /** A new directory in this one; the caller closes it. */
    TreeDirectory directory(byte[] name) throws IOException {
        LinkCalls.mkdirat(descriptor, name, 0700);
        log.made();
        return new TreeDirectory(log, openDirectory(descriptor, name));
    }

    TreeDirectory directory(String name) throws IOException {
        return directory(bytes(name));
    }

    /** What this directory will have when it is closed. */
    TreeDirectory stamped(Stamp later) {
        stamp = later;
        return this;
    }

    int descriptor() {
        return descriptor;
    }

    /** A new file in this directory, still to be filled and stamped; the caller closes it. */
    TreeFile file(byte[] name) throws IOException {
        log.made();
        return new TreeFile(log, FileCalls.openat(descriptor, name, MAKE_FILE, 0600));
    }

    TreeFile file(String name) throws IOException {
        return file(bytes(name));
    }

    void file(byte[] name, byte[] content, Stamp fileStamp) throws IOException {
        try (TreeFile file = file(name)) {
            file.write(0, content, 0, content.length);
            file.stamp(fileStamp);
        }
    }

    void file(String name, byte[] content, Stamp fileStamp) throws IOException {
        file(bytes(name), content, fileStamp);
    }

    void symlink(byte[] name, byte[] target, Stamp linkStamp) throws IOException {
        LinkCalls.symlinkat(CString.second(target), descriptor, CString.first(name));
        log.made();
        touch(name, linkStamp);
    }

    void symlink(String name, String target, Stamp linkStamp) throws IOException {
        symlink(bytes(name), bytes(target), linkStamp);
    }

    /** A further name, here, of an entry there. */
    void link(TreeDirectory there, String oldName, String newName) throws IOException {
        LinkCalls.linkat(there.descriptor, bytes(oldName), descriptor, bytes(newName), 0);
        log.made();
    }

    /** A node of a type that {@code mknod} makes, empty files among them; false if that is not allowed here. */
    boolean node(byte[] name, int type, int major, int minor, Stamp nodeStamp) throws IOException {
        try {
            LinkCalls.mknodat(descriptor, CString.first(name), type | 0600, major, minor);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) {
                log.leftOut("node of type " + Integer.toOctalString(type));
                return false;
            }
            throw e;
        }
        log.made();
        AttributeCalls.fchmodat(descriptor, CString.first(name), nodeStamp.mode());
        touch(name, nodeStamp);
        return true;
    }

    void fifo(String name, Stamp nodeStamp) throws IOException {
        node(bytes(name), Statx.S_IFIFO, 0, 0, nodeStamp);
    }

    /** The time of an entry as it stands, not of what it points to. */
    private void touch(byte[] name, Stamp to) throws IOException {
        AttributeCalls.utimensat(
                descriptor, CString.first(name), to.seconds(), to.nanos(), FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    @Override
    public void close() throws IOException {
        try {
            stamp.applyTo(descriptor, log);
        } finally {
            FileCalls.close(descriptor);
        }
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static int openDirectory(int parent, byte[] name) throws IOException {
        return FileCalls.openat(parent, name, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW, 0);
    }
}
