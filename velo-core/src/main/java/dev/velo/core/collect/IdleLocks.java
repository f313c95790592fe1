package dev.velo.core.collect;

import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.LockFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The lock files of images, anchors and farms that have gone, and those of keys of dependency trees that nobody is making. They are
 * empty, so that a report does not count them; but a store that is used for years would fill with them.
 */
final class IdleLocks {
    private static final List<Store.Room> ROOMS = List.of(Store.Room.IMAGES, Store.Room.MOUNTS, Store.Room.FARMS);

    private static final List<String> BESIDE_MANIFEST = List.of(".key", ".sketch", ".parts");

    private IdleLocks() {}

    /** Removes those that nobody has; takes no lock of the store. */
    static void remove(Store store) throws IOException {
        for (Store.Room room : ROOMS) {
            int directory = store.fd(room);
            for (byte[] name : DirectoryListing.names(directory)) {
                Optional<byte[]> locked = TreeNames.locked(name);
                if (locked.isPresent() && !Existence.of(directory, locked.get(), FileCalls.AT_SYMLINK_NOFOLLOW)) {
                    LockFile.removeIdle(directory, name);
                }
            }
        }
        removeOfTrees(store);
    }

    /** Those of dependency trees; and what stands beside the manifest of one that nobody has finished. */
    private static void removeOfTrees(Store store) throws IOException {
        int directory = store.fd(Store.Room.TREES);
        for (byte[] name : DirectoryListing.names(directory)) {
            Optional<byte[]> key = TreeNames.locked(name);
            if (key.isPresent()) {
                LockFile.removeIdle(directory, name, () -> removeUnfinished(directory, key.get()));
            }
        }
    }

    private static void removeUnfinished(int directory, byte[] key) throws ErrnoException {
        String name = PathBytes.show(key);
        if (Existence.of(directory, PathBytes.of(name + ".velo"), FileCalls.AT_SYMLINK_NOFOLLOW)) {
            return;
        }
        for (String suffix : BESIDE_MANIFEST) {
            try {
                LinkCalls.unlinkat(directory, PathBytes.of(name + suffix), 0);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
        }
    }
}
