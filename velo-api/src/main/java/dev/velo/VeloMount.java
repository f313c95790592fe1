package dev.velo;

import dev.velo.core.present.DirectoryMount;
import dev.velo.core.tree.LocalPath;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A tree that is mounted at a directory, for all processes to see. It outlives view, store and this process, unless it is closed. For
 * any number of threads.
 *
 * {@snippet :
 * try (VeloMount mount = view.mount(Path.of("/srv/deps"))) {
 *     new ProcessBuilder("ls", mount.directory().toString()).inheritIO().start().waitFor();
 * }
 * }
 */
public final class VeloMount implements AutoCloseable {
    private final Path directory;
    private final AtomicBoolean closed = new AtomicBoolean();

    VeloMount(Path directory) {
        this.directory = directory;
    }

    /**
     * Where the tree is mounted.
     *
     * @return the directory, without symbolic links
     */
    public Path directory() {
        return directory;
    }

    /**
     * Unmounts the tree, once.
     *
     * @throws IOException if somebody uses it, or something else is mounted there by now; closing can be tried again then
     */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            DirectoryMount.remove(LocalPath.bytes(directory));
        } catch (ErrnoException e) {
            closed.set(false);
            throw e.toFileSystemException();
        } catch (IOException e) {
            closed.set(false);
            throw e;
        }
    }

    /**
     * Where the tree is mounted.
     *
     * @return text for messages
     */
    @Override
    public String toString() {
        return "VeloMount " + directory;
    }
}
