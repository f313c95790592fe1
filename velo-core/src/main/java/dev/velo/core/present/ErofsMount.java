package dev.velo.core.present;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Has the kernel mount an image over its packs. By the calls themselves: {@code mount(8)} would make a loop device of a file. */
final class ErofsMount {
    static final String TYPE = "erofs";

    /** What every mount of Velo's has. */
    static final long ATTRIBUTES =
            MountAttributes.MOUNT_ATTR_RDONLY | MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV;

    private ErofsMount() {}

    /** A mount of the image that is attached nowhere yet, and gone when the descriptor is closed before it is. */
    static Descriptor create(ImageFiles image) throws IOException {
        try (Descriptor context = new Descriptor(open())) {
            try {
                MountCalls.fsconfigString(context.fd(), "source", image.path());
                for (byte[] pack : image.packs()) {
                    MountCalls.fsconfigString(context.fd(), "device", pack);
                }
                MountCalls.fsconfigCommand(context.fd(), MountCalls.FSCONFIG_CMD_CREATE);
                return new Descriptor(MountCalls.fsmount(context.fd(), (int) ATTRIBUTES));
            } catch (ErrnoException e) {
                throw failure(image, e, MountCalls.fsmessages(context.fd()));
            }
        }
    }

    private static int open() throws UnavailableException {
        try {
            return MountCalls.fsopen(TYPE);
        } catch (ErrnoException e) {
            throw MountSupport.refused(e);
        }
    }

    private static IOException failure(ImageFiles image, ErrnoException e, String log) {
        if (e.errno() == Errno.EPERM || e.errno() == Errno.ENOTBLK) {
            return MountSupport.refused(e);
        }
        // EROFS tells some of its reasons to the system's log only
        String reason = log.isEmpty() ? e.errno().text() + "; the system's log (dmesg) may tell more" : log;
        byte[] missing = e.errno() == Errno.ENOENT ? missing(image) : null;
        if (missing != null) {
            reason = PathBytes.show(missing) + " is not there";
        }
        return new UnavailableException(
                "the kernel does not mount " + PathBytes.show(image.path()) + ": " + reason + " (" + e.errno() + ")",
                e);
    }

    private static byte @Nullable [] missing(ImageFiles image) {
        for (byte[] pack : image.packs()) {
            try {
                FileCalls.statx(FileCalls.AT_FDCWD, pack, 0, new Statx());
            } catch (ErrnoException e) {
                return pack;
            }
        }
        return null;
    }
}
