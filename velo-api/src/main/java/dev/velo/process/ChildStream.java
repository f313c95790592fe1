package dev.velo.process;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.LocalPath;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One stream of a child: the descriptor that the child gets, and what of a pipe stays here. Owns both. */
final class ChildStream implements AutoCloseable {
    /** The three that every process has. */
    enum Standard {
        INPUT(0),
        OUTPUT(1),
        ERROR(2);

        private final int fd;

        Standard(int fd) {
            this.fd = fd;
        }
    }

    private static final int NEW_FILE_MODE = 0666;
    private static final int O_APPEND = 0x400;

    private final Descriptor child;
    private final @Nullable Descriptor own;

    private ChildStream(Descriptor child, @Nullable Descriptor own) {
        this.child = child;
        this.own = own;
    }

    static ChildStream open(Standard stream, Redirect redirect, LowDescriptors low) throws IOException {
        return switch (redirect.type()) {
            case INHERIT -> new ChildStream(low.copyAbove(stream.fd), null);
            case PIPE -> pipe(stream, low);
            case READ -> file(redirect, FileCalls.O_RDONLY, low);
            case WRITE -> file(redirect, FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_TRUNC, low);
            case APPEND -> file(redirect, FileCalls.O_WRONLY | FileCalls.O_CREAT | O_APPEND, low);
        };
    }

    private static ChildStream pipe(Standard stream, LowDescriptors low) throws ErrnoException {
        int[] ends = FileCalls.pipe2(FileCalls.O_CLOEXEC);
        int input = stream == Standard.INPUT ? 0 : 1;
        Descriptor own = new Descriptor(ends[1 - input]);
        try {
            return new ChildStream(low.above(ends[input]), own);
        } catch (ErrnoException e) {
            own.close();
            throw e;
        }
    }

    private static ChildStream file(Redirect redirect, int flags, LowDescriptors low) throws IOException {
        Path file = redirect.file().toPath();
        int fd =
                FileCalls.openat(FileCalls.AT_FDCWD, LocalPath.bytes(file), flags | FileCalls.O_CLOEXEC, NEW_FILE_MODE);
        return new ChildStream(low.above(fd), null);
    }

    /** What becomes the child's stream. */
    int fd() {
        return child.fd();
    }

    /** What is read from the child; nothing where there is no pipe. */
    ChildOutput reading() throws IOException {
        return own == null ? ChildOutput.none() : new ChildOutput(new FileInputStream(name(own)));
    }

    /** What is written to the child; lost where there is no pipe. */
    ChildInput writing() throws IOException {
        return own == null ? ChildInput.none() : new ChildInput(new FileOutputStream(name(own)));
    }

    /** A pipe can be opened anew by this name, which is how it gets a Java stream with an owner. */
    private static String name(Descriptor descriptor) {
        return "/proc/self/fd/" + descriptor.fd();
    }

    @Override
    public void close() {
        child.close();
        if (own != null) {
            own.close();
        }
    }
}
