package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.time.Duration;

/**
 * Loose files that no farm and no checkout links to any more. Whoever needs one that has gone makes it again, so they are looked at
 * without a lock, but for those that somebody may be about to link to.
 */
final class LooseSweep {
    private static final int HEX_DIGITS = 2 * Digest.BYTES;

    /** Between its making and its first use a loose file is in nobody's hands. */
    private static final Duration IN_NOBODYS_HANDS = Duration.ofMinutes(1);

    private final Store store;
    private final CollectOptions options;
    private final Marking marking;
    private final Statx stat = new Statx();
    private long count;
    private long bytes;

    LooseSweep(Store store, CollectOptions options, Marking marking) {
        this.store = store;
        this.options = options;
        this.marking = marking;
    }

    Leftovers run(Sweep.Mode mode) throws IOException {
        for (Store.Room room : new Store.Room[] {Store.Room.OBJECTS, Store.Room.HANDED}) {
            for (byte[] folder : DirectoryListing.names(store.fd(room))) {
                int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
                try (Descriptor directory = new Descriptor(FileCalls.openat(store.fd(room), folder, flags, 0))) {
                    for (byte[] name : DirectoryListing.names(directory.fd())) {
                        look(mode, directory.fd(), folder, name);
                    }
                } catch (ErrnoException e) {
                    if (e.errno() != Errno.ENOTDIR && e.errno() != Errno.ELOOP) {
                        throw e;
                    }
                }
            }
        }
        return new Leftovers(Leftovers.Kind.LOOSE_FILES, count, bytes);
    }

    private void look(Sweep.Mode mode, int directory, byte[] folder, byte[] name) throws ErrnoException {
        if (options.scope() == CollectOptions.Scope.ALL && isLiving(folder, name)) {
            return;
        }
        try {
            FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
            Duration age =
                    options.minimumAge().compareTo(IN_NOBODYS_HANDS) > 0 ? options.minimumAge() : IN_NOBODYS_HANDS;
            if (stat.type() != Statx.S_IFREG || stat.linkCount() > 1 || Ages.isYounger(stat.changeSeconds(), age)) {
                return;
            }
            count++;
            bytes += stat.blocks() * 512;
            if (mode == Sweep.Mode.REMOVING) {
                LinkCalls.unlinkat(directory, name, 0);
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private boolean isLiving(byte[] folder, byte[] name) {
        String digits = PathBytes.show(folder) + PathBytes.show(name);
        try {
            return marking.isLiving(Digest.parse(digits.substring(0, Math.min(HEX_DIGITS, digits.length()))));
        } catch (IllegalArgumentException e) {
            return true; // no file of Velo's
        }
    }
}
