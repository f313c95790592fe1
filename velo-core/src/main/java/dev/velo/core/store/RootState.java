package dev.velo.core.store;

import dev.velo.core.tree.FileIdentity;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.Locale;

/** What became of the file that a root registers. The tree stays whole in any case: the store has its own copy of the manifest. */
public enum RootState {
    /** The file is the manifest that was registered, or the directory that was run without one is there. */
    OK,
    /** The file is gone. */
    STALE,
    /** The file is something else now, such as the manifest of another tree. */
    CHANGED,
    /** This user may not look at the file. */
    UNSEEN;

    /** As people write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** That of this root, now; reads the file if it does not look as it did. */
    public static RootState of(Root root) throws IOException {
        if (Roots.isStale(root)) {
            return STALE;
        }
        Statx stat = new Statx();
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, root.manifestPath(), 0, stat);
            if (stat.type() == Statx.S_IFDIR || FileIdentity.of(stat).equals(root.identity())) {
                return OK;
            }
            boolean same = stat.type() == Statx.S_IFREG
                    && Roots.digestOf(root.manifestPath()).equals(root.tree());
            return same ? OK : CHANGED;
        } catch (ErrnoException e) {
            return e.errno() == Errno.EACCES ? UNSEEN : CHANGED;
        }
    }
}
