package dev.velo.core.present;

import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.LockFile;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.FileSystemFacts;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.Statx;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The anchors of a store, as this process's mount namespace has them: of each image one mount, made by whoever wants it first and left
 * for all that come later. The room {@code mounts/} is a mount of its own, private, so that no anchor spreads to other namespaces.
 */
public final class Anchors {
    /** The directory of an anchor's directory at which its image is mounted. */
    public static final byte[] TREE = Anchor.TREE;

    private static final byte[] EMPTY = {};
    private static final byte[] ROOM_LOCK = PathBytes.of("room.lock");
    private static final byte[] LOCK_SUFFIX = PathBytes.of(LockFile.SUFFIX);
    private static final int PRIVATE = 0700;
    private static final int ATTEMPTS = 8;

    private final byte[] room;
    private final int fd;

    /** The anchors of a store that stays open as long as they are used. */
    public Anchors(Store store) {
        this.room = store.path(Store.Room.MOUNTS);
        this.fd = store.fd(Store.Room.MOUNTS);
    }

    /** The anchor of this image, mounted now if it is not; whoever asks closes it. The packs may not be removed meanwhile. */
    public Anchor of(ImageFiles image) throws IOException {
        byte[] name = PathBytes.lastName(image.path());
        for (int i = 0; i < ATTEMPTS; i++) {
            Anchor found = find(name, image);
            if (found != null) {
                return found;
            }
            make(name, image);
        }
        throw new UnavailableException("what is mounted at " + PathBytes.show(tree(name)) + " is not "
                + PathBytes.show(image.path()) + ", again and again");
    }

    /** The anchor of this image, held, if the image is mounted; whoever asks closes it. */
    @Nullable
    Anchor find(ImageFiles image) throws ErrnoException {
        return find(PathBytes.lastName(image.path()), image);
    }

    /** Whether nobody holds the anchor of this name. */
    public boolean isIdle(byte[] name) throws ErrnoException {
        try (Descriptor lease = open(name)) {
            FileCalls.flock(lease.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Unmounts the anchor of this name unless somebody holds it; returns whether nothing is mounted there now. What is shown elsewhere
     * stays.
     */
    public boolean unmountIdle(byte[] name) throws IOException {
        return ifIdle(name, () -> {});
    }

    /** The same, and removes what the anchor has in the room; in a collection. */
    public boolean removeIdle(byte[] name) throws IOException {
        return ifIdle(name, () -> Trash.delete(fd, name));
    }

    /** What is done with an anchor that is not mounted any more, while nobody can get it. */
    @FunctionalInterface
    private interface Change {
        void make() throws ErrnoException;
    }

    @SuppressWarnings("try") // the lock is only held
    private boolean ifIdle(byte[] name, Change change) throws IOException {
        try (Descriptor lock = lock(PathBytes.concat(name, LOCK_SUFFIX));
                Descriptor lease = open(name)) {
            FileCalls.flock(lease.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
            detach(PathBytes.join(PathBytes.join(room, name), Anchor.SCRATCH));
            detach(tree(name));
            change.make();
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            if (e.errno() == Errno.ENOENT) {
                return true;
            }
            throw e;
        }
    }

    /** Does what finding an anchor takes, where none is: for the training of the start-up archive. */
    public void rehearse(ImageFiles image) throws IOException {
        byte[] name = PathBytes.lastName(image.path());
        Folder.make(fd, name, PRIVATE);
        try (Anchor none = find(name, image);
                Descriptor lease = open(name)) {
            if (none == null) {
                new Anchor(PathBytes.join(room, name), image, lease).hold(new PlanBuilder().setup());
            }
        }
    }

    /**
     * A mount of the image that shares no cache with any other, so that what is cached of it was read through it. The caller
     * closes it by {@link #discard}; of one that was killed, {@link #unmountIdle} takes care.
     */
    Anchor fresh(ImageFiles image) throws IOException {
        byte[] name = PathBytes.concat(PathBytes.of("record-"), PublishedFile.newName());
        try (Descriptor mount = ErofsMount.create(image)) {
            separateRoom();
            Folder.make(fd, name, PRIVATE);
            Descriptor lease = open(name);
            try {
                FileCalls.flock(lease.fd(), FileCalls.LOCK_SH);
                attach(mount.fd(), name);
                return new Anchor(PathBytes.join(room, name), image, lease);
            } catch (IOException e) {
                lease.close();
                throw e;
            }
        }
    }

    /** Unmounts and removes what {@link #fresh} made, and closes it. */
    void discard(Anchor fresh) throws IOException {
        byte[] name = PathBytes.lastName(PathBytes.parent(fresh.tree()));
        detach(fresh.tree());
        fresh.close();
        Trash.delete(fd, name);
    }

    /** Unmounts all anchors that nobody holds. */
    public void unmountIdle() throws IOException {
        for (byte[] name : DirectoryListing.names(fd)) {
            if (isAnchor(name)) {
                unmountIdle(name);
            }
        }
    }

    /** A lock of another process may have gone since the room was listed, and so may the mount of a recorded run. */
    private boolean isAnchor(byte[] name) throws ErrnoException {
        Statx stat = new Statx();
        try {
            FileCalls.statx(fd, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
            return stat.type() == Statx.S_IFDIR;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Unmounts all anchors of a store that nobody holds, and the room as well if it is empty then; closes the store. */
    public static void release(Store store) throws IOException {
        byte[] room = store.path(Store.Room.MOUNTS);
        try (store) {
            store.requireWritable();
            new Anchors(store).unmountIdle();
        }
        releaseRoom(room);
    }

    /** The room was made a mount of its own for the anchors; it is busy while there are any, or somebody has it open. */
    private static void releaseRoom(byte[] room) throws ErrnoException {
        if (isMountRoot(room)) {
            try {
                MountCalls.umount2(room, MountCalls.UMOUNT_NOFOLLOW);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EBUSY) {
                    throw e;
                }
            }
        }
    }

    /** The anchor, held, if the image is mounted there. */
    private @Nullable Anchor find(byte[] name, ImageFiles image) throws ErrnoException {
        Descriptor lease;
        try {
            lease = open(name);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
        try {
            FileCalls.flock(lease.fd(), FileCalls.LOCK_SH);
            if (isMounted(tree(name), image)) {
                return new Anchor(PathBytes.join(room, name), image, new Descriptor(lease.release()));
            }
            return null;
        } finally {
            lease.close();
        }
    }

    /** Of many who want it one mounts it, and the others wait. Killed at any point, this leaves what the next can go on from. */
    @SuppressWarnings("try") // the lock is only held
    private void make(byte[] name, ImageFiles image) throws IOException {
        try (Descriptor lock = lock(PathBytes.concat(name, LOCK_SUFFIX))) {
            if (isMounted(tree(name), image)) {
                return;
            }
            ReadAhead.begin(image.path(), image.erofsBytes());
            try (Descriptor mount = ErofsMount.create(image)) {
                separateRoom();
                Folder.make(fd, name, PRIVATE);
                attach(mount.fd(), name);
            }
        }
    }

    @SuppressWarnings("try") // the lock is only held
    private void separateRoom() throws ErrnoException {
        try (Descriptor lock = lock(ROOM_LOCK)) {
            if (!isMountRoot(room)) {
                MountCalls.mount(room, room, null, MountCalls.MS_BIND, null);
            }
            MountCalls.mount(null, room, null, MountCalls.MS_PRIVATE, null);
        }
    }

    /** An image that was bound anew takes the place of the older one in one step: whoever looks sees the one or the other. */
    private void attach(int mount, byte[] name) throws ErrnoException {
        Folder.make(FileCalls.AT_FDCWD, PathBytes.join(PathBytes.join(room, name), Anchor.SCRATCH), PRIVATE);
        byte[] tree = tree(name);
        Folder.make(FileCalls.AT_FDCWD, tree, PRIVATE);
        boolean stale = isMountRoot(tree);
        if (stale && !KernelRelease.current().isAtLeast(6, 5)) {
            detach(tree);
            stale = false;
        }
        int beneath = stale ? MountCalls.MOVE_MOUNT_BENEATH : 0;
        MountCalls.moveMount(mount, EMPTY, FileCalls.AT_FDCWD, tree, MountCalls.MOVE_MOUNT_F_EMPTY_PATH | beneath);
        if (stale) {
            MountCalls.umount2(tree, MountCalls.MNT_DETACH | MountCalls.UMOUNT_NOFOLLOW);
        }
    }

    /** Keeps others from mounting, or unmounting, this anchor and what is mounted beside it for a moment. */
    Descriptor lock(Anchor anchor) throws ErrnoException {
        return lock(PathBytes.concat(PathBytes.lastName(anchor.image().path()), LOCK_SUFFIX));
    }

    static void detach(byte[] point) throws ErrnoException {
        while (isMountRoot(point)) {
            MountCalls.umount2(point, MountCalls.MNT_DETACH | MountCalls.UMOUNT_NOFOLLOW);
        }
    }

    private static boolean isMounted(byte[] tree, ImageFiles image) throws ErrnoException {
        try {
            FileSystemFacts facts = FileCalls.statfs(tree);
            return facts.type() == FileSystemFacts.EROFS_SUPER_MAGIC && facts.id() == image.fileSystemId();
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isMountRoot(byte[] path) throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, path, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        return stat.isMountRoot();
    }

    private byte[] tree(byte[] name) {
        return PathBytes.join(PathBytes.join(room, name), Anchor.TREE);
    }

    private Descriptor open(byte[] name) throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
        return new Descriptor(FileCalls.openat(fd, name, flags, 0));
    }

    private Descriptor lock(byte[] name) throws ErrnoException {
        return LockFile.take(fd, name);
    }
}
