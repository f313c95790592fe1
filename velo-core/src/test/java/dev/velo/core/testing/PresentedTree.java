package dev.velo.core.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A tree as it is seen by one of the ways to show it; closing it ends that. Paths are relative to its root. */
public interface PresentedTree extends AutoCloseable {
    /** Everything in which it differs from the tree from which it was made, a sentence each; sockets are left out. */
    List<String> differences(Path original) throws IOException;

    /** The names in a directory, in the order of their bytes. */
    List<String> names(String directory) throws IOException;

    long size(String file) throws IOException;

    /** So many bytes from an offset on, fewer at the end. */
    byte[] read(String file, long offset, int count) throws IOException;

    /** The last page of a file, or as much of it as can be reached, by mapping it. */
    byte[] lastPage(String file) throws IOException;

    @Override
    void close() throws IOException;
}
