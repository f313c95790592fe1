package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.present.Anchors;
import dev.velo.core.present.Farm;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.StatCache;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What there is in a store besides packs that nothing needs: what was made from trees that are not registered, or with that scope from
 * any, and what killed processes have left. To remove it takes the store's lock alone, so that nobody is making any of it.
 */
final class Sweep {
    /** Whether what is found goes. */
    enum Mode {
        COUNTING,
        REMOVING
    }

    private final Store store;
    private final CollectOptions options;
    private final RegisteredTrees trees;
    private final Mode mode;
    private final Statx stat = new Statx();

    Sweep(Store store, CollectOptions options, RegisteredTrees trees, Mode mode) {
        this.store = store;
        this.options = options;
        this.trees = trees;
        this.mode = mode;
    }

    List<Leftovers> run() throws IOException {
        List<Leftovers> all = new ArrayList<>();
        if (options.scope() == CollectOptions.Scope.ALL) {
            all.add(staleRoots());
            all.add(each(Leftovers.Kind.MANIFESTS, Store.Room.ROOTS, this::isForgottenManifest));
        }
        // what is mounted, or shown by a runner, keeps its image
        all.add(anchors());
        all.add(each(Leftovers.Kind.IMAGES, Store.Room.IMAGES, this::isNeedlessImage));
        all.add(farms());
        all.add(statCaches());
        all.add(temporaries());
        return all;
    }

    /** Whether a name of a room is to go. */
    @FunctionalInterface
    private interface Judge {
        boolean isNeedless(byte[] name) throws IOException;
    }

    private Leftovers each(Leftovers.Kind kind, Store.Room room, Judge judge) throws IOException {
        long count = 0;
        long bytes = 0;
        for (byte[] name : DirectoryListing.names(store.fd(room))) {
            if (judge.isNeedless(name) && isOld(room, name)) {
                count++;
                bytes += stat.type() == Statx.S_IFREG ? stat.blocks() * 512 : 0;
                take(room, name);
            }
        }
        return new Leftovers(kind, count, bytes);
    }

    /** Whether it is there, and not too young; looks at it. */
    private boolean isOld(Store.Room room, byte[] name) throws ErrnoException {
        try {
            FileCalls.statx(store.fd(room), name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
            return !Ages.isYounger(stat.changeSeconds(), options.minimumAge());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    private void take(Store.Room room, byte[] name) throws ErrnoException {
        if (mode == Mode.REMOVING) {
            Trash.take(store, store.fd(room), name);
        }
    }

    private Leftovers staleRoots() throws IOException {
        if (options.stale() == CollectOptions.Stale.PROTECTED) {
            return new Leftovers(Leftovers.Kind.STALE_ROOTS, 0, 0);
        }
        for (Root root : trees.stale()) {
            if (mode == Mode.REMOVING) {
                new Roots(store).remove(root.manifestPath());
            }
        }
        return new Leftovers(Leftovers.Kind.STALE_ROOTS, trees.stale().size(), 0);
    }

    private boolean isTaken(byte[] name) {
        Optional<Digest> tree = TreeNames.tree(name);
        return tree.isPresent()
                && (options.scope() == CollectOptions.Scope.DERIVED
                        || !trees.trees().contains(tree.get()));
    }

    private boolean isForgottenManifest(byte[] name) {
        String text = PathBytes.show(name);
        return (text.endsWith(".velo") || text.endsWith(".profile")) && isTaken(name);
    }

    private boolean isNeedlessImage(byte[] name) throws ErrnoException {
        return isTaken(name) && !isAnchored(name) && !FileLease.isHeld(store.fd(Store.Room.IMAGES), name);
    }

    /** An image that is mounted stays for those who mount it elsewhere. */
    private boolean isAnchored(byte[] name) throws ErrnoException {
        try {
            FileCalls.statx(store.fd(Store.Room.MOUNTS), PathBytes.join(name, Anchors.TREE), 0, stat);
            return stat.isMountRoot();
        } catch (ErrnoException e) {
            return false;
        }
    }

    private Leftovers anchors() throws IOException {
        Anchors anchors = new Anchors(store);
        long count = 0;
        for (byte[] name : DirectoryListing.names(store.fd(Store.Room.MOUNTS))) {
            boolean isOfRecording = PathBytes.show(name).startsWith("record-");
            if ((isOfRecording || isTaken(name)) && isOld(Store.Room.MOUNTS, name)) {
                boolean idle = mode == Mode.REMOVING ? anchors.removeIdle(name) : anchors.isIdle(name);
                count += idle ? 1 : 0;
            }
        }
        return new Leftovers(Leftovers.Kind.ANCHORS, count, 0);
    }

    private Leftovers farms() throws IOException {
        long count = 0;
        for (byte[] name : DirectoryListing.names(store.fd(Store.Room.FARMS))) {
            if (isTaken(name) && isOld(Store.Room.FARMS, name)) {
                boolean idle = mode == Mode.REMOVING ? Farm.takeIdle(store, name) : Farm.isIdle(store, name);
                count += idle ? 1 : 0;
            }
        }
        return new Leftovers(Leftovers.Kind.FARMS, count, 0);
    }

    private Leftovers statCaches() throws IOException {
        Set<String> known = new HashSet<>();
        if (options.scope() == CollectOptions.Scope.ALL) {
            for (Root root : trees.kept()) {
                known.add(PathBytes.show(StatCache.name(root.origin())));
            }
        }
        return each(
                Leftovers.Kind.STAT_CACHES,
                Store.Room.STATS,
                name -> StatCache.isName(name) && !known.contains(PathBytes.show(name)));
    }

    /** What processes were making that are not there any more. */
    private Leftovers temporaries() throws IOException {
        long count = 0;
        long bytes = 0;
        for (Store.Room room : Store.Room.values()) {
            if (room != Store.Room.TRASH) {
                Leftovers some =
                        each(Leftovers.Kind.TEMPORARIES, room, name -> Temporaries.isAbandoned(store.fd(room), name));
                count += some.count();
                bytes += some.bytes();
            }
        }
        return new Leftovers(Leftovers.Kind.TEMPORARIES, count, bytes);
    }
}
