package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.util.Optional;
import java.util.Set;

/**
 * What a store holds besides packs and roots, counted by names, at one time. Rooms that are closed to this user count as empty.
 *
 * @param images images of trees
 * @param farms trees of hard links
 * @param looseFiles files that farms, checkouts and the shim link to
 * @param needlessImages images of trees that are not registered
 * @param needlessFarms farms of trees that are not registered
 * @param temporaries what processes were making that are not there any more
 * @param trash what waits to be deleted
 */
public record Inventory(
        long images,
        long farms,
        long looseFiles,
        long needlessImages,
        long needlessFarms,
        long temporaries,
        long trash) {

    /** Counts what is there; {@code registered} are the digests of the registered trees. */
    public static Inventory of(Store store, Set<Digest> registered) throws ErrnoException {
        Made images = made(store, Store.Room.IMAGES, registered);
        Made farms = made(store, Store.Room.FARMS, registered);
        return new Inventory(
                images.count(),
                farms.count(),
                looseFiles(store, Store.Room.OBJECTS) + looseFiles(store, Store.Room.HANDED),
                images.needless(),
                farms.needless(),
                temporaries(store),
                store.has(Store.Room.TRASH)
                        ? DirectoryListing.names(store.fd(Store.Room.TRASH)).size()
                        : 0);
    }

    /** What is made of trees, how much of it, and how much of that of trees that are not registered. */
    private record Made(long count, long needless) {}

    private static Made made(Store store, Store.Room room, Set<Digest> registered) throws ErrnoException {
        long count = 0;
        long needless = 0;
        if (store.has(room)) {
            for (byte[] name : DirectoryListing.names(store.fd(room))) {
                Optional<Digest> tree = TreeNames.tree(name);
                if (tree.isPresent()) {
                    count++;
                    needless += registered.contains(tree.get()) ? 0 : 1;
                }
            }
        }
        return new Made(count, needless);
    }

    private static long looseFiles(Store store, Store.Room room) throws ErrnoException {
        long count = 0;
        if (!store.has(room)) {
            return count;
        }
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
        for (byte[] name : DirectoryListing.names(store.fd(room))) {
            try (Descriptor folder = new Descriptor(FileCalls.openat(store.fd(room), name, flags, 0))) {
                count += DirectoryListing.names(folder.fd()).size();
            } catch (ErrnoException e) {
                boolean isNone = e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP || e.errno() == Errno.ENOENT;
                if (!isNone && !store.isWithheld(e)) {
                    throw e;
                }
            }
        }
        return count;
    }

    private static long temporaries(Store store) throws ErrnoException {
        long count = 0;
        for (Store.Room room : Store.Room.values()) {
            if (room != Store.Room.TRASH && store.has(room)) {
                for (byte[] name : DirectoryListing.names(store.fd(room))) {
                    count += Temporaries.isAbandoned(store.fd(room), name) ? 1 : 0;
                }
            }
        }
        return count;
    }
}
