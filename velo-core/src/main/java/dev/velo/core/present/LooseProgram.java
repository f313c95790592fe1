package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import dev.velo.core.store.BlobReader;
import dev.velo.core.store.SparseWriter;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.View;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The loose inode of one file of a view, for the kernel to execute. It is the one that the shim would make: its name is that of
 * {@link LooseName} for a file without owner and attributes of its own, which the shim answers from the image.
 */
final class LooseProgram {
    private static final int FOLDER_MODE = 0700;
    private static final int READ_AND_EXECUTE = 5;

    private LooseProgram() {}

    /** The absolute path of the inode, made now if it is missing. */
    static byte[] path(Store store, View view, int file) throws IOException {
        Digest digest = view.digest(file);
        byte[] name = name(digest == null ? Digest.of(Hashing.sha256().digest(), 0) : digest, view, file);
        if (store.isReadOnly() && store.has(Store.Room.OBJECTS) && isOpen(store.fd(Store.Room.OBJECTS), name)) {
            return PathBytes.join(store.path(Store.Room.OBJECTS), name);
        }
        Store.Place room = store.making(Store.Room.OBJECTS);
        if (!Existence.of(room.fd(), name, FileCalls.AT_SYMLINK_NOFOLLOW)) {
            make(room.fd(), name, digest, view, file);
        }
        return PathBytes.join(room.path(), name);
    }

    /** Whether this user may execute the inode, and read it, as what looks at programs does. */
    private static boolean isOpen(int room, byte[] name) {
        try {
            FileCalls.faccessat(room, name, READ_AND_EXECUTE);
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }

    private static byte[] name(Digest digest, View view, int file) throws FormatException {
        String digits = digest.toString();
        return PathBytes.of(digits.substring(0, 2) + "/" + digits.substring(2)
                + String.format("-%04o", view.permissions(file))
                + "-" + Long.toHexString(view.mtimeSeconds(file))
                + "." + Integer.toHexString(view.mtimeNanos(file)));
    }

    private static void make(int room, byte[] name, @Nullable Digest digest, View view, int file) throws IOException {
        Folder.make(room, PathBytes.parent(name), FOLDER_MODE);
        int flags = FileCalls.O_TMPFILE | FileCalls.O_RDWR;
        try (Descriptor made = new Descriptor(FileCalls.openat(room, PathBytes.of("."), flags, 0600))) {
            fill(made.fd(), digest, view, file);
            AttributeCalls.fchmod(made.fd(), view.permissions(file));
            AttributeCalls.utimensat(made.fd(), 0, view.mtimeSeconds(file), view.mtimeNanos(file), 0);
            byte[] self = PathBytes.of("/proc/self/fd/" + made.fd());
            LinkCalls.linkat(FileCalls.AT_FDCWD, self, room, name, FileCalls.AT_SYMLINK_FOLLOW);
        } catch (ErrnoException e) {
            // another process made the same
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** Hashed on the way, as every blob that leaves a pack. */
    private static void fill(int fd, @Nullable Digest digest, View view, int file) throws IOException {
        if (digest == null) {
            return;
        }
        MessageDigest sha = Hashing.sha256();
        SparseWriter writer = new SparseWriter().begin(fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BlobReader.BUFFER_BYTES, Long.BYTES);
            long offset = 0;
            for (int got = view.read(file, 0, buffer); got > 0; got = view.read(file, offset, buffer)) {
                MemorySegment piece = buffer.asSlice(0, got);
                sha.update(piece.asByteBuffer());
                writer.accept(piece);
                offset += got;
            }
        }
        writer.finish();
        if (!Digest.of(sha.digest(), 0).equals(digest)) {
            throw new FormatException(
                    digest.toString(),
                    0,
                    Reason.WRONG_CONTENT,
                    "a blob of the store; velo verify --contents tells where it is");
        }
    }
}
