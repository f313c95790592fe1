package dev.velo.core.present;

import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.FileSystemFacts;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.MountCalls;
import java.util.Arrays;

/** Whether images can be mounted, asked before one is made, and why not. */
final class MountSupport {
    static final String PRIVILEGE =
            "mounting an image takes CAP_SYS_ADMIN in the initial user namespace; be root, outside of containers";

    private static final byte[] OWN_NAMESPACE = PathBytes.of("/proc/self/ns/user");

    /** The kernel's fixed number of the first user namespace (PROC_USER_INIT_INO). */
    private static final byte[] INITIAL_NAMESPACE = PathBytes.of("user:[4026531837]");

    private static final int MAJOR = 6;
    private static final int MINOR = 12;

    private MountSupport() {}

    /** Throws the reason why images of this store cannot be mounted by this process, if there is one. */
    @SuppressWarnings("try") // the context is only opened
    static void require(Store store) throws ErrnoException, UnavailableException {
        try (Descriptor context = new Descriptor(MountCalls.fsopen(ErofsMount.TYPE))) {
            requireInitialNamespace();
            requireRelease(KernelRelease.current());
            Farm.requireWritable(store);
            requireFileSystem(store.path(Store.Room.IMAGES));
        } catch (ErrnoException e) {
            throw refused(e);
        }
    }

    private static void requireInitialNamespace() throws ErrnoException, UnavailableException {
        if (!Arrays.equals(LinkCalls.readlinkat(FileCalls.AT_FDCWD, OWN_NAMESPACE), INITIAL_NAMESPACE)) {
            throw new UnavailableException(PRIVILEGE);
        }
    }

    static void requireRelease(KernelRelease release) throws UnavailableException {
        if (!release.isAtLeast(MAJOR, MINOR)) {
            throw new UnavailableException(
                    "mounting an image takes Linux " + MAJOR + "." + MINOR + " or later, and this is " + release);
        }
    }

    private static void requireFileSystem(byte[] images) throws ErrnoException, UnavailableException {
        long type = FileCalls.statfs(images).type();
        if (type == FileSystemFacts.TMPFS_MAGIC
                || type == FileSystemFacts.RAMFS_MAGIC
                || type == FileSystemFacts.OVERLAYFS_SUPER_MAGIC) {
            throw new UnavailableException("an image on tmpfs or overlayfs cannot be mounted, and the store is on one ("
                    + PathBytes.show(images) + "); keep it on a disk");
        }
    }

    /** What a refusal by one of the calls that mount means to people. */
    static UnavailableException refused(ErrnoException e) {
        Errno errno = e.errno();
        if (errno == Errno.EPERM || errno == Errno.EACCES) {
            return new UnavailableException(PRIVILEGE, e);
        }
        if (errno == Errno.ENODEV) {
            return new UnavailableException(
                    "this kernel has no EROFS (CONFIG_EROFS_FS), which images are mounted by", e);
        }
        if (errno == Errno.ENOTBLK) {
            return new UnavailableException(
                    "this kernel mounts no EROFS from files (CONFIG_EROFS_FS_BACKED_BY_FILE), or not from the store's"
                            + " file system",
                    e);
        }
        return new UnavailableException("images cannot be mounted here: " + e.getMessage(), e);
    }
}
