package dev.velo.ffm;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;

/** A system call that failed: which, with what error, on which path (empty where the call has none). */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1;

    private final Syscall call;
    private final Errno errno;
    private final String path;

    public ErrnoException(Syscall call, Errno errno, String path) {
        super(call.callName() + (path.isEmpty() ? "" : " " + path) + ": " + errno.text() + " (" + errno + ")");
        this.call = call;
        this.errno = errno;
        this.path = path;
    }

    public Syscall call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }

    /** The path or name that the call was given; bytes that are not UTF-8 are replaced. */
    public String path() {
        return path;
    }

    /** The same failure of a name inside a directory, told with the whole path. */
    public ErrnoException at(String wholePath) {
        ErrnoException told = new ErrnoException(call, errno, wholePath);
        told.initCause(this);
        return told;
    }

    /** The same failure of a name inside this directory; one that has a whole path keeps it. */
    public ErrnoException in(String directory) {
        return path.startsWith("/") ? this : at(path.isEmpty() ? directory : directory + "/" + path);
    }

    /** The {@code java.nio.file} exception that callers of the library expect, with this one as its cause. */
    public IOException toFileSystemException() {
        String reason = call.callName() + ": " + errno.text() + " (" + errno + ")";
        IOException mapped = switch (errno) {
            case ENOENT -> new NoSuchFileException(path, null, reason);
            case EEXIST -> new FileAlreadyExistsException(path, null, reason);
            case EACCES, EPERM -> new AccessDeniedException(path, null, reason);
            case ENOTDIR -> new NotDirectoryException(path);
            case ENOTEMPTY -> new DirectoryNotEmptyException(path);
            case ELOOP -> new FileSystemLoopException(path);
            case EROFS -> readOnly();
            default -> new FileSystemException(path, null, reason);
        };
        mapped.addSuppressed(this);
        return mapped;
    }

    private IOException readOnly() {
        FileSystemException told = new FileSystemException(path, null, "Read-only file system");
        told.addSuppressed(new ReadOnlyFileSystemException());
        return told;
    }
}
