package dev.velo.core.verify;

import dev.velo.core.store.Root;
import dev.velo.core.tree.PathBytes;

/**
 * A file of a registered tree that has some blob.
 *
 * @param path below the tree's root
 * @param size of the blob, in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record Use(Root root, byte[] path, long size) {
    /** The manifest's path, for messages. */
    public String manifest() {
        return PathBytes.show(root.manifestPath());
    }

    /** The file's path below the tree's root, for messages. */
    public String shown() {
        return PathBytes.show(path);
    }

    @Override
    public String toString() {
        return shown() + " of " + manifest();
    }
}
