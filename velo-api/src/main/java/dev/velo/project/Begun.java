package dev.velo.project;

import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.CheckoutReport;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is finished, and about to take its place.
 *
 * @param path where it is now
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record Begun(byte[] path, ReadyTree tree, CheckoutMode mode, CheckoutReport report) {
    /**
     * Puts it in its place; what stands there goes.
     *
     * @param record of what Velo has put there; null if nobody shall know
     */
    void put(byte[] place, @Nullable InstalledRecord record) throws IOException {
        Statx made = new Statx();
        Places.look(path, made);
        Statx before = new Statx();
        boolean isThere = Places.look(place, before);
        if (!isThere) {
            Places.makeFolders(PathBytes.parent(place));
        }
        if (record != null) {
            record.write(tree, mode, made, isThere ? before : null);
        }
        move(place, isThere ? LinkCalls.RENAME_EXCHANGE : LinkCalls.RENAME_NOREPLACE);
        if (record != null) {
            record.write(tree, mode, made, null);
        }
        if (isThere) {
            Trash.delete(FileCalls.AT_FDCWD, path);
        }
    }

    private void move(byte[] place, int flags) throws IOException {
        try {
            LinkCalls.renameat2(FileCalls.AT_FDCWD, path, FileCalls.AT_FDCWD, place, flags);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EXDEV) {
                throw new IOException(
                        PathBytes.show(place) + ": is on another file system than "
                                + PathBytes.show(tree.tree().project().folder())
                                + "/.velo, where its directory is made; velo run shows the tree there",
                        e);
            }
            throw e;
        }
    }
}
