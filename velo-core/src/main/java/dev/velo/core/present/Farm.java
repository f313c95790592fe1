package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.LockFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.ReadOnlyStoreException;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.ManifestSource;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree of hard links to the store's objects, made once for each tree and kept: {@code farms/NAME/tree}. Owns a lease, a shared lock
 * on {@code farms/NAME}: nobody removes a farm without that lock alone. A farm appears whole, by a rename.
 */
public final class Farm implements ShownTree {
    private static final byte[] TREE = PathBytes.of("tree");
    private static final byte[] SCRATCH = PathBytes.of("scratch");
    private static final int DIRECTORY = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
    private static final int F_SETFD = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private final byte[] path;
    private final Descriptor lease;
    private final List<String> warnings;

    private Farm(byte[] path, Descriptor lease, List<String> warnings) {
        this.path = path;
        this.lease = lease;
        this.warnings = warnings;
    }

    /** The farm of this tree, made now if it is not there; whoever asks closes it. */
    @SuppressWarnings("try") // the lock is only held
    public static Farm of(Store store, Digest tree, MetadataPolicy metadata, ManifestSource source, int threads)
            throws IOException {
        requireWritable(store);
        byte[] name = name(tree, metadata);
        int farms = store.fd(Store.Room.FARMS);
        Farm there = find(store, name, List.of());
        if (there != null) {
            return there;
        }
        // of many who want it one makes it, and the others wait
        byte[] lockName = PathBytes.of(PathBytes.show(name) + LockFile.SUFFIX);
        try (Descriptor shared = store.lockShared();
                Descriptor lock = LockFile.take(farms, lockName)) {
            List<String> warnings = Existence.of(farms, name, FileCalls.AT_SYMLINK_NOFOLLOW)
                    ? List.of()
                    : make(store, name, source.read(), metadata, threads);
            Farm made = find(store, name, warnings);
            if (made == null) {
                throw new UnavailableException("somebody removes farms of this store by hand");
            }
            return made;
        }
    }

    /** The farm of this name with a lease of it; null if there is none. */
    private static @Nullable Farm find(Store store, byte[] name, List<String> warnings) throws ErrnoException {
        int farms = store.fd(Store.Room.FARMS);
        Descriptor lease;
        try {
            lease = new Descriptor(FileCalls.openat(farms, name, DIRECTORY, 0));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
        boolean found = false;
        try {
            FileCalls.flock(lease.fd(), FileCalls.LOCK_SH);
            // a collection may have moved it away before it was locked
            found = Existence.of(farms, name, FileCalls.AT_SYMLINK_NOFOLLOW);
            return found ? new Farm(PathBytes.join(store.path(Store.Room.FARMS), name), lease, warnings) : null;
        } finally {
            if (!found) {
                lease.close();
            }
        }
    }

    /** Whether this is the name of a farm, or of one that was never finished, that nobody has a lease of; in a collection. */
    public static boolean isIdle(Store store, byte[] name) throws ErrnoException {
        return ifIdle(store, name, () -> {});
    }

    /** Moves such a farm to the trash, unless somebody has a lease of it; returns whether it did. */
    public static boolean takeIdle(Store store, byte[] name) throws ErrnoException {
        return ifIdle(store, name, () -> Trash.take(store, store.fd(Store.Room.FARMS), name));
    }

    /** What is done while nobody can get a lease. */
    @FunctionalInterface
    private interface Change {
        void make() throws ErrnoException;
    }

    private static boolean ifIdle(Store store, byte[] name, Change change) throws ErrnoException {
        try (Descriptor alone = new Descriptor(FileCalls.openat(store.fd(Store.Room.FARMS), name, DIRECTORY, 0))) {
            FileCalls.flock(alone.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
            change.make();
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw e;
        }
    }

    /** Throws the reason if farms cannot be made in the store. */
    static void requireWritable(Store store) throws UnavailableException {
        try {
            store.requireWritable();
        } catch (ReadOnlyStoreException e) {
            throw new UnavailableException(e.getMessage(), e);
        }
    }

    private static List<String> make(Store store, byte[] name, Manifest manifest, MetadataPolicy metadata, int threads)
            throws IOException {
        int farms = store.fd(Store.Room.FARMS);
        // under the lock nobody else uses this name: what stands there was left by somebody killed
        byte[] building = PathBytes.of(PathBytes.show(name) + ".new");
        if (Existence.of(farms, building, FileCalls.AT_SYMLINK_NOFOLLOW)) {
            Trash.take(store, farms, building);
        }
        byte[] path = PathBytes.join(store.path(Store.Room.FARMS), building);
        try {
            LinkCalls.mkdirat(farms, building, 0700);
            LinkCalls.mkdirat(FileCalls.AT_FDCWD, PathBytes.join(path, SCRATCH), 0700);
            try (Packs packs = store.packs();
                    Descriptor target = Checkout.makeTarget(PathBytes.join(path, TREE))) {
                CheckoutReport report =
                        Checkout.run(store, packs, manifest, target.fd(), CheckoutMode.FARM, metadata, threads);
                LinkCalls.renameat2(farms, building, farms, name, LinkCalls.RENAME_NOREPLACE);
                return report.warnings();
            }
        } catch (IOException | RuntimeException e) {
            // at once, and not by way of the trash: what it holds may be the last of the space or of the quota
            Trash.discard(path, e);
            throw e;
        }
    }

    @Override
    public byte[] tree() {
        return PathBytes.join(path, TREE);
    }

    @Override
    public byte[] scratch() {
        return PathBytes.join(path, SCRATCH);
    }

    /** What was left out of the tree when it was made; empty for one that was there. */
    @Override
    public List<String> warnings() {
        return warnings;
    }

    /** The lease itself goes to the runner, so that there is no instant without one; the command does not get it. */
    @Override
    public void hold(PlanBuilder plan) throws ErrnoException {
        FileCalls.fcntl(lease.fd(), F_SETFD, 0);
        plan.what("cannot hold the farm");
        plan.setCloseOnExec(PlanArgument.of(lease.fd()), true);
    }

    /** The same lock, which lasts until all who have it have closed it. */
    @Override
    public Descriptor lease() throws ErrnoException {
        return new Descriptor(FileCalls.fcntl(lease.fd(), F_DUPFD_CLOEXEC, 0));
    }

    @Override
    public List<Integer> inherited() {
        return List.of(lease.fd());
    }

    @Override
    public void close() {
        lease.close();
    }

    private static byte[] name(Digest tree, MetadataPolicy metadata) {
        String owner = metadata.ownership() == MetadataPolicy.Ownership.STORED ? "-owners" : "";
        String trust = metadata.trust() == Root.Trust.TRUSTED ? "-trusted" : "";
        return PathBytes.of(tree + owner + trust);
    }
}
