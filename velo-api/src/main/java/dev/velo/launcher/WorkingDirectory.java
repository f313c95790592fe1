package dev.velo.launcher;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.util.Arrays;

/**
 * Where a command starts: in the tree, or in the same folder of it when the launcher was started inside. A tree of dependencies is no
 * place to work in: whoever stands in the project around a {@code node_modules} stays there.
 */
final class WorkingDirectory {
    private static final byte[] DEPENDENCIES = PathBytes.of("node_modules");

    private WorkingDirectory() {}

    /**
     * The directory to start in.
     *
     * @param place where the tree will appear
     * @param tree where it is to be seen now
     * @param current where the launcher was started
     */
    static byte[] of(byte[] place, byte[] tree, byte[] current) {
        if (PathBytes.isInside(current, place)) {
            return isDirectory(PathBytes.rebase(current, place, tree)) ? current : place;
        }
        boolean around = Arrays.equals(PathBytes.lastName(place), DEPENDENCIES)
                && PathBytes.isInside(current, PathBytes.parent(place));
        return around ? current : place;
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
