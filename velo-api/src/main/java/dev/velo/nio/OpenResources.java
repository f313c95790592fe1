package dev.velo.nio;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedFileSystemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The channels and directory streams of one file system, which end when it ends. One that its user has dropped without closing it is
 * forgotten: it holds nothing.
 */
final class OpenResources {
    private final Set<Closeable> open = Collections.newSetFromMap(new WeakHashMap<>());
    private boolean closed;

    /** Takes a resource in; it is closed at once if the file system has ended meanwhile. */
    <T extends Closeable> T add(T resource) throws IOException {
        synchronized (this) {
            if (!closed) {
                open.add(resource);
                return resource;
            }
        }
        resource.close();
        throw new ClosedFileSystemException();
    }

    /** Forgets one that has been closed. */
    synchronized void remove(Closeable resource) {
        open.remove(resource);
    }

    /** Closes all of them, in whatever order. */
    void close() {
        List<Closeable> ending;
        synchronized (this) {
            closed = true;
            ending = new ArrayList<>(open);
            open.clear();
        }
        for (Closeable each : ending) {
            try {
                each.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
