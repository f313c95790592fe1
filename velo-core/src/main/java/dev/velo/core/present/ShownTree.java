package dev.velo.core.present;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;

/** A tree that is to be seen in the store, ready to be shown elsewhere: a farm or an anchor. */
public sealed interface ShownTree extends Presented permits Farm, Anchor {
    /** Absolute path of the tree itself. */
    byte[] tree();

    /** Absolute path of an empty directory beside the tree, to mount a private upper on. */
    byte[] scratch();

    /** A lock that keeps the tree from being removed as long as somebody holds it; the caller's to close. */
    Descriptor lease() throws ErrnoException;

    @Override
    default boolean hasDirectory(byte[] path) {
        try {
            Statx stat = new Statx();
            FileCalls.statx(FileCalls.AT_FDCWD, PathBytes.join(tree(), path), 0, stat);
            return stat.type() == Statx.S_IFDIR;
        } catch (ErrnoException e) {
            return false;
        }
    }
}
