package dev.velo.launcher;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.Arrays;

/**
 * Where a command starts: in the tree, or in the same folder of it when the launcher was started inside. A tree of dependencies is no
 * place to work in: whoever stands in the project around a {@code node_modules} stays there.
 */
final class WorkingDirectory {
    private static final byte[] DEPENDENCIES = PathBytes.of("node_modules");

    /** The directories of a tree, by paths from its root on. */
    @FunctionalInterface
    interface Directories {
        boolean has(byte[] path) throws IOException;
    }

    private WorkingDirectory() {}

    /**
     * The directory to start in.
     *
     * @param place where the tree will appear
     * @param tree tells which directories it has
     * @param current where the launcher was started
     */
    static byte[] of(byte[] place, Directories tree, byte[] current) throws IOException {
        if (PathBytes.isInside(current, place)) {
            return tree.has(Arrays.copyOfRange(current, place.length, current.length)) ? current : place;
        }
        boolean around = Arrays.equals(PathBytes.lastName(place), DEPENDENCIES)
                && PathBytes.isInside(current, PathBytes.parent(place));
        return around ? current : place;
    }

    /** Those of a tree that is to be seen at this path. */
    static Directories at(byte[] tree) {
        return path -> isDirectory(PathBytes.concat(tree, path));
    }

    private static boolean isDirectory(byte[] path) {
        try {
            Statx stat = new Statx();
            FileCalls.statx(FileCalls.AT_FDCWD, path, 0, stat);
            return stat.type() == Statx.S_IFDIR;
        } catch (ErrnoException e) {
            return false;
        }
    }
}
