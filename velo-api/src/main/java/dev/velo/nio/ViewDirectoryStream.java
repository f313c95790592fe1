package dev.velo.nio;

import dev.velo.core.view.DirectoryCursor;
import java.io.IOException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The entries of one directory, in unsigned byte order of their names. */
final class ViewDirectoryStream implements DirectoryStream<Path> {
    private final VeloPath directory;
    private final DirectoryCursor cursor;
    private final Filter<? super Path> filter;
    private final OpenResources among;
    private boolean handedOut;
    private volatile boolean closed;

    ViewDirectoryStream(VeloPath directory, DirectoryCursor cursor, Filter<? super Path> filter, OpenResources among) {
        this.directory = directory;
        this.cursor = cursor;
        this.filter = filter;
        this.among = among;
    }

    @Override
    public synchronized Iterator<Path> iterator() {
        if (closed) {
            throw new ClosedDirectoryStreamException();
        }
        if (handedOut) {
            throw new IllegalStateException("a directory stream has one iterator");
        }
        handedOut = true;
        return new Entries();
    }

    @Override
    public void close() {
        closed = true;
        among.remove(this);
    }

    /** Reads one entry ahead, which is still given after the stream was closed. */
    private final class Entries implements Iterator<Path> {
        private @Nullable Path ahead;

        @Override
        public synchronized boolean hasNext() {
            if (ahead == null) {
                ahead = read();
            }
            return ahead != null;
        }

        @Override
        public synchronized Path next() {
            Path entry = ahead == null ? read() : ahead;
            ahead = null;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            return entry;
        }

        private @Nullable Path read() {
            try {
                while (!closed && directory.getFileSystem().ask(view -> cursor.next())) {
                    Path entry = directory.child(cursor.name());
                    if (filter.accept(entry)) {
                        return entry;
                    }
                }
                return null;
            } catch (ClosedFileSystemException e) {
                return null; // the stream has ended with it
            } catch (IOException e) {
                throw new DirectoryIteratorException(e);
            }
        }
    }
}
