package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.util.ArrayList;
import java.util.List;

/**
 * Shared locks on packs, flock(2), of those who open them again and again by their names: as long as somebody has one, no collection
 * takes the pack. Who keeps a pack open needs none.
 */
public final class PackLeases {
    private PackLeases() {}

    /** Leases of these packs, which whoever asks closes; under the store's lock, so that the packs are there. */
    public static List<Descriptor> take(Store store, List<Digest> packs) throws ErrnoException {
        List<Descriptor> leases = new ArrayList<>();
        try {
            for (Digest pack : packs) {
                byte[] name = PathBytes.of(pack + PackFile.SUFFIX);
                int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW;
                Descriptor lease = new Descriptor(FileCalls.openat(store.fd(Store.Room.PACKS), name, flags, 0));
                leases.add(lease);
                FileCalls.flock(lease.fd(), FileCalls.LOCK_SH);
            }
            return leases;
        } catch (ErrnoException e) {
            leases.forEach(Descriptor::close);
            throw e;
        }
    }

    /** Whether somebody has a lease of this pack. */
    public static boolean isHeld(PackFile pack) throws ErrnoException {
        try {
            FileCalls.flock(pack.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return true;
            }
            throw e;
        }
        FileCalls.flock(pack.fd(), FileCalls.LOCK_UN);
        return false;
    }
}
