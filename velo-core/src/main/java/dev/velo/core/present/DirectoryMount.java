package dev.velo.core.present;

import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.FileSystemFacts;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.Arrays;

/**
 * Trees mounted at directories for everybody to see, until somebody unmounts them. No process stays behind; the source of such a mount
 * is its image's path, by which it is known again.
 */
public final class DirectoryMount {
    private static final byte[] EMPTY = {};
    private static final byte[] IMAGES = PathBytes.of("images");
    private static final byte[] MOUNTS = PathBytes.of("mounts");
    private static final byte[] UPPER = PathBytes.of("upper");
    private static final byte[] WORK = PathBytes.of("work");
    private static final int PRIVATE = 0700;

    private DirectoryMount() {}

    /** Mounts the tree at this existing directory, whose own contents are hidden meanwhile. */
    public static void show(Anchors anchors, Anchor anchor, byte[] directory, LaunchOptions.Writes writes)
            throws IOException {
        requireDirectory(directory);
        switch (writes) {
            case LaunchOptions.Writes.Refused refused -> bind(anchor, directory);
            case LaunchOptions.Writes.Discarded discarded -> overlayInMemory(anchors, anchor, directory);
            case LaunchOptions.Writes.Kept kept -> overlayKept(anchor, kept.upper(), directory);
        }
    }

    /** Unmounts what {@link #show} has mounted at this directory, given without symbolic links; anything else stays. */
    public static void remove(byte[] directory) throws IOException {
        String shown = PathBytes.show(directory);
        MountTable.Mount mount = MountTable.read().at(directory);
        if (mount == null) {
            throw new IOException(shown + ": nothing is mounted there");
        }
        requireOwn(mount, shown);
        try {
            MountCalls.umount2(directory, MountCalls.UMOUNT_NOFOLLOW);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBUSY) {
                throw new IOException(
                        shown + ": is in use; end what works in it (fuser -vm names it), then try again", e);
            }
            if (e.errno() == Errno.EPERM) {
                throw new IOException(shown + ": unmounting takes CAP_SYS_ADMIN; be root", e);
            }
            throw e;
        }
    }

    private static void bind(Anchor anchor, byte[] directory) throws ErrnoException {
        int flags = MountCalls.OPEN_TREE_CLONE;
        try (Descriptor clone = new Descriptor(MountCalls.openTree(FileCalls.AT_FDCWD, anchor.tree(), flags))) {
            MountCalls.mountSetattr(
                    clone.fd(), EMPTY, FileCalls.AT_EMPTY_PATH, MountAttributes.setting(ErofsMount.ATTRIBUTES));
            MountCalls.moveMount(clone.fd(), EMPTY, FileCalls.AT_FDCWD, directory, MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
        }
    }

    /** The memory is mounted beside the anchor for as long as it takes to mount the overlay, which then keeps it. */
    @SuppressWarnings("try") // the lock is only held
    private static void overlayInMemory(Anchors anchors, Anchor anchor, byte[] directory) throws IOException {
        byte[] scratch = anchor.scratch();
        try (Descriptor lock = anchors.lock(anchor)) {
            Anchors.detach(scratch);
            long flags = MountCalls.MS_NOSUID | MountCalls.MS_NODEV;
            MountCalls.mount(PathBytes.of("velo"), scratch, "tmpfs", flags, PathBytes.of("mode=0700"));
            try {
                byte[] upper = PathBytes.join(scratch, UPPER);
                byte[] work = PathBytes.join(scratch, WORK);
                LinkCalls.mkdirat(FileCalls.AT_FDCWD, upper, PRIVATE);
                LinkCalls.mkdirat(FileCalls.AT_FDCWD, work, PRIVATE);
                RootLooks.of(anchor.tree()).give(upper);
                overlay(anchor, upper, work, directory);
            } finally {
                Anchors.detach(scratch);
            }
        }
    }

    @SuppressWarnings("try") // the lock is only held
    private static void overlayKept(Anchor anchor, Upper upper, byte[] directory) throws IOException {
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT;
        try (Descriptor lock = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, upper.lock(), flags, 0600))) {
            lockAtOnce(lock, upper);
            upper.requireUnmounted();
            if (upper.fresh()) {
                RootLooks.of(anchor.tree()).give(upper.upper());
            }
            overlay(anchor, upper.upper(), upper.work(), directory);
        }
    }

    private static void lockAtOnce(Descriptor lock, Upper upper) throws IOException {
        try {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                throw new IOException(upper.taken(), e);
            }
            throw e;
        }
    }

    private static void overlay(Anchor anchor, byte[] upper, byte[] work, byte[] directory) throws ErrnoException {
        MountCalls.mount(
                anchor.image().path(),
                directory,
                OverlayOptions.TYPE,
                MountCalls.MS_NOSUID | MountCalls.MS_NODEV,
                OverlayOptions.of(anchor.tree(), upper, work));
    }

    private static void requireDirectory(byte[] directory) throws IOException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, directory, 0, stat);
        if (stat.type() != Statx.S_IFDIR) {
            throw new IOException(PathBytes.show(directory) + ": is no directory; a tree is mounted at one");
        }
    }

    private static void requireOwn(MountTable.Mount mount, String shown) throws IOException {
        long type = FileCalls.statfs(mount.point()).type();
        boolean erofs = mount.type().equals(ErofsMount.TYPE) && type == FileSystemFacts.EROFS_SUPER_MAGIC;
        boolean overlay = mount.type().equals(OverlayOptions.TYPE) && type == FileSystemFacts.OVERLAYFS_SUPER_MAGIC;
        byte[] images = PathBytes.parent(mount.source());
        byte[] store = PathBytes.parent(images);
        boolean image = PathBytes.isAbsolute(mount.source())
                && Arrays.equals(PathBytes.lastName(images), IMAGES)
                && Store.isStore(store);
        if (!image || !(erofs || overlay)) {
            throw new IOException(shown + ": what is mounted there (" + mount.type() + ") is not Velo's; use umount");
        }
        if (PathBytes.isInside(mount.point(), PathBytes.join(store, MOUNTS))) {
            throw new IOException(shown + ": is the store's own; unmount the directories at which trees are shown");
        }
    }
}
