package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The folders on the way to the place at which a tree is to appear. */
final class PlaceFolders {
    private static final byte[] MARK = PathBytes.of("user.velo.made");
    private static final int LOCK_SHARED = FileCalls.LOCK_SH;
    private static final int LOCK_EXCLUSIVE_AT_ONCE = FileCalls.LOCK_EX | FileCalls.LOCK_NB;

    private PlaceFolders() {}

    private static PlanEntry open(PlanBuilder plan, byte[] path, int flags) {
        return plan.openat(PlanArgument.AT_FDCWD, path, flags | FileCalls.O_CLOEXEC, 0600);
    }

    /**
     * Folders on the way to the tree's place are made, and removed at the end if they are empty again. They carry a mark, so that
     * the last of several runs at one place removes what the first has made; and each run holds a shared lock on the place, because
     * removing a folder would take the tree away from another run that shows one there.
     */
    static void prepare(PlanBuilder plan, byte[] at) throws IOException {
        List<byte[]> own = new ArrayList<>();
        for (byte[] path = at; isOwn(path); path = PathBytes.parent(path)) {
            own.addFirst(path);
        }
        for (byte[] folder : own) {
            makeFolder(folder);
        }
        PlanEntry place =
                open(plan, at, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY).ignoringErrors();
        plan.flock(place.result(), LOCK_SHARED).onlyIf(place).ignoringErrors();
        plan.cleanup();
        PlanEntry alone = plan.flock(place.result(), LOCK_EXCLUSIVE_AT_ONCE);
        for (byte[] folder : own.reversed()) {
            plan.unlinkat(PlanArgument.AT_FDCWD, folder, FileCalls.AT_REMOVEDIR)
                    .onlyIf(alone)
                    .ignoringErrors();
        }
    }

    private static void makeFolder(byte[] folder) throws IOException {
        try {
            LinkCalls.mkdirat(FileCalls.AT_FDCWD, folder, 0755);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EEXIST) {
                throw new UnavailableException(
                        "cannot make " + PathBytes.show(folder) + ", where the tree shall appear ("
                                + e.errno().text() + "); choose a place with --at",
                        e);
            }
        }
        try {
            AttributeCalls.lsetxattr(folder, MARK, new byte[0]);
        } catch (ErrnoException e) {
            // without a mark the folder is only left behind if several runs share it
        }
    }

    /** Whether a folder on the way is missing, or was made by another run. */
    private static boolean isOwn(byte[] path) throws IOException {
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, path, 0, new Statx());
            AttributeCalls.lgetxattr(path, MARK);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES || e.errno() == Errno.ENOTDIR) {
                throw new UnavailableException(
                        PathBytes.show(path) + " cannot be looked at ("
                                + e.errno().text() + "); choose a place with --at",
                        e);
            }
            return e.errno() == Errno.ENOENT;
        }
    }
}
