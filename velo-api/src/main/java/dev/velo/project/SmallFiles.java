package dev.velo.project;

import dev.velo.core.format.Digest;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Files that are read and written whole, by absolute path. */
final class SmallFiles {
    /** No lockfile is near it. */
    private static final long LIMIT = 256L << 20;

    private SmallFiles() {}

    /** The contents; null if no such file is there. */
    static byte @Nullable [] read(byte[] path) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
        try (Arena arena = Arena.ofConfined();
                Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            requireRegular(path, file);
            return FileBytes.read(arena, file.fd(), PathBytes.show(path), LIMIT).toArray(ValueLayout.JAVA_BYTE);
        } catch (ErrnoException e) {
            if (isNoFile(e)) {
                return null;
            }
            throw e;
        }
    }

    /** The contents as text; null if no such file is there. */
    static @Nullable String text(byte[] path) throws IOException {
        byte[] bytes = read(path);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** The digest of the contents; null if no such file is there. */
    static @Nullable Digest digest(byte[] path) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
        try (Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            requireRegular(path, file);
            return FileBytes.digest(file.fd());
        } catch (ErrnoException e) {
            if (isNoFile(e)) {
                return null;
            }
            throw e;
        }
    }

    /** A device, which a stranger's project may have a link to, has no end. */
    private static void requireRegular(byte[] path, Descriptor file) throws IOException {
        Statx stat = new Statx();
        FileCalls.fstatx(file.fd(), stat);
        if (stat.type() != Statx.S_IFREG && stat.type() != Statx.S_IFDIR) {
            throw new IOException(PathBytes.show(path) + ": is no regular file; put one there, or remove it");
        }
    }

    /** Writes the contents in place of whatever is there; nobody sees a part of them. */
    static void write(byte[] path, byte[] contents, int mode) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Arena arena = Arena.ofConfined();
                Descriptor directory =
                        new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, PathBytes.parent(path), flags, 0));
                PublishedFile file = PublishedFile.create(directory.fd(), mode)) {
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, contents));
            file.publishOver(PathBytes.lastName(path));
        }
    }

    static void write(byte[] path, String text, int mode) throws IOException {
        write(path, text.getBytes(StandardCharsets.UTF_8), mode);
    }

    private static boolean isNoFile(ErrnoException e) {
        return e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.EISDIR;
    }
}
