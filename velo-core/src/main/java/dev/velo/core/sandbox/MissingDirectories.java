package dev.velo.core.sandbox;

import dev.velo.core.present.ShownTree;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories on the way to a place that a tree has not.
 *
 * @param paths absolute paths in the tree, the uppermost first
 * @param parent the directory that the first is made in
 * @param parentSeconds when that was changed
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record MissingDirectories(List<byte[]> paths, byte[] parent, long parentSeconds, int parentNanos) {
    /** What every root has. */
    private static final List<byte[]> SYSTEM = List.of(PathBytes.of("proc"), PathBytes.of("dev"), PathBytes.of("tmp"));

    /** Those of the directories for the system's own mounts, as names in the root, that are missing there or are something else. */
    static List<byte[]> ofSystem(ShownTree root) throws ErrnoException {
        try (Descriptor tree = open(root)) {
            List<byte[]> missing = new ArrayList<>();
            for (byte[] name : SYSTEM) {
                if (directory(tree, name, FileCalls.O_NOFOLLOW) == null) {
                    missing.add(name);
                }
            }
            return missing;
        }
    }

    /** Those on the way to this absolute path, which is resolved as if the tree were the root. */
    static MissingDirectories of(ShownTree root, byte[] place) throws ErrnoException {
        try (Descriptor tree = open(root)) {
            List<byte[]> missing = new ArrayList<>();
            byte[] path = place;
            Statx stat = directory(tree, path, 0);
            while (stat == null) {
                missing.addFirst(path);
                path = PathBytes.parent(path);
                stat = directory(tree, path, 0);
            }
            return new MissingDirectories(missing, path, stat.modificationSeconds(), stat.modificationNanos());
        }
    }

    private static Descriptor open(ShownTree root) throws ErrnoException {
        int flags = FileCalls.O_PATH | FileCalls.O_DIRECTORY;
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, root.tree(), flags, 0));
    }

    /** How the directory at this path looks; null if there is none. */
    private static @Nullable Statx directory(Descriptor tree, byte[] path, int flags) {
        int wanted = FileCalls.O_PATH | FileCalls.O_DIRECTORY | flags;
        try (Descriptor found =
                new Descriptor(FileCalls.openat2(tree.fd(), path, wanted, 0, FileCalls.RESOLVE_IN_ROOT))) {
            Statx stat = new Statx();
            FileCalls.fstatx(found.fd(), stat);
            return stat;
        } catch (ErrnoException e) {
            return null;
        }
    }
}
