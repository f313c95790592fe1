package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
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
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.io.IOException;
import java.util.List;

/**
 * A tree of hard links to the store's objects, made once for each tree and kept: {@code farms/NAME/tree}. Whoever shows it holds a
 * shared lock on {@code farms/NAME}; nobody removes it without an exclusive one. A farm appears whole, by a rename.
 *
 * @param path absolute path of the directory that the lock is on
 * @param warnings what was left out of the tree when it was made; empty for one that was there
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; farms are never compared
public record Farm(byte[] path, List<String> warnings) implements ShownTree {
    private static final byte[] TREE = PathBytes.of("tree");
    private static final byte[] SCRATCH = PathBytes.of("scratch");

    /** The farm of this tree, made now if it is not there. */
    @SuppressWarnings("try") // the lock is only held
    public static Farm of(Store store, Digest tree, MetadataPolicy metadata, ManifestSource source, int threads)
            throws IOException {
        requireWritable(store);
        byte[] name = name(tree, metadata);
        int farms = store.fd(Store.Room.FARMS);
        byte[] path = PathBytes.join(store.path(Store.Room.FARMS), name);
        if (Existence.of(farms, name, FileCalls.AT_SYMLINK_NOFOLLOW)) {
            return new Farm(path, List.of());
        }
        // of many who want it one makes it, and the others wait
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW;
        byte[] lockName = PathBytes.of(PathBytes.show(name) + ".lock");
        try (Descriptor lock = new Descriptor(FileCalls.openat(farms, lockName, flags, 0600));
                Descriptor shared = store.lockShared()) {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_EX);
            List<String> warnings = Existence.of(farms, name, FileCalls.AT_SYMLINK_NOFOLLOW)
                    ? List.of()
                    : make(store, name, source.read(), metadata, threads);
            return new Farm(path, warnings);
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
        LinkCalls.mkdirat(farms, building, 0700);
        byte[] path = PathBytes.join(store.path(Store.Room.FARMS), building);
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, PathBytes.join(path, SCRATCH), 0700);
        try (Packs packs = store.packs();
                Descriptor target = Checkout.makeTarget(PathBytes.join(path, TREE))) {
            CheckoutReport report =
                    Checkout.run(store, packs, manifest, target.fd(), CheckoutMode.FARM, metadata, threads);
            LinkCalls.renameat2(farms, building, farms, name, LinkCalls.RENAME_NOREPLACE);
            return report.warnings();
        } catch (IOException e) {
            Trash.take(store, farms, building);
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

    @Override
    public void hold(PlanBuilder plan) {
        plan.what("cannot lock the farm");
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC;
        PlanEntry farm = plan.openat(PlanArgument.AT_FDCWD, path, flags, 0);
        plan.flock(farm.result(), FileCalls.LOCK_SH);
    }

    @Override
    public Descriptor lease() throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        Descriptor farm = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
        try {
            FileCalls.flock(farm.fd(), FileCalls.LOCK_SH);
            return farm;
        } catch (ErrnoException e) {
            farm.close();
            throw e;
        }
    }

    @Override
    public void close() {
        // the lease is the plan's
    }

    private static byte[] name(Digest tree, MetadataPolicy metadata) {
        String owner = metadata.ownership() == MetadataPolicy.Ownership.STORED ? "-owners" : "";
        String trust = metadata.trust() == Root.Trust.TRUSTED ? "-trusted" : "";
        return PathBytes.of(tree + owner + trust);
    }
}
