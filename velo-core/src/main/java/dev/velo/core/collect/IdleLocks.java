package dev.velo.core.collect;

import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.LockFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Existence;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.util.List;
import java.util.Optional;

/**
 * The lock files of images, anchors and farms that have gone. They are empty, so that a report does not count them; but a store that is
 * used for years would fill with them.
 */
final class IdleLocks {
    private static final List<Store.Room> ROOMS = List.of(Store.Room.IMAGES, Store.Room.MOUNTS, Store.Room.FARMS);

    private IdleLocks() {}

    /** Removes those that nobody has; takes no lock of the store. */
    static void remove(Store store) throws ErrnoException {
        for (Store.Room room : ROOMS) {
            int directory = store.fd(room);
            for (byte[] name : DirectoryListing.names(directory)) {
                Optional<byte[]> locked = TreeNames.locked(name);
                if (locked.isPresent() && !Existence.of(directory, locked.get(), FileCalls.AT_SYMLINK_NOFOLLOW)) {
                    LockFile.removeIdle(directory, name);
                }
            }
        }
    }
}
