package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.store.PackEncoding;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Repacking;
import dev.velo.core.store.Store;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * Copies what lives of packs into new ones, durably; what is damaged is not moved on. Cold packs are copied to others than the rest, so
 * that it stays known which have been looked through for what can be compressed. For one thread; closing it leaves nothing that was not
 * sealed.
 */
final class PackCopy implements AutoCloseable {
    private final PackEncoding encoding;
    private final Repacking warm;
    private final Repacking cold;
    private final Map<Digest, Boolean> isCold = new HashMap<>();

    /** New packs of about {@code packBytes} bytes each, whose blobs stand in them in this way. */
    PackCopy(Store store, PackEncoding encoding, long packBytes) throws IOException {
        this.encoding = encoding;
        this.warm = new Repacking(store, encoding, packBytes);
        this.cold = new Repacking(store, encoding, packBytes);
    }

    /** Copies these entries of a pack, in the order in which they stand there. */
    void copyInFileOrder(PackFile pack, RoaringBitmap wanted) throws IOException {
        copy(pack, pack.index().inFileOrder(wanted.toArray()));
    }

    /** Copies these entries of a pack in this order, but none twice. */
    void copy(PackFile pack, int... entries) throws IOException {
        (becomesCold(pack) ? cold : warm).add(pack, entries);
    }

    private boolean becomesCold(PackFile pack) {
        return encoding == PackEncoding.COLD
                || isCold.computeIfAbsent(pack.id(), id -> !pack.index().isRaw());
    }

    /** Publishes the last packs; returns the ids of all, which are on the disk then. */
    List<Digest> finish() throws IOException {
        List<Digest> all = new ArrayList<>(warm.finish().packs());
        all.addAll(cold.finish().packs());
        return all;
    }

    @Override
    public void close() throws ErrnoException {
        warm.close();
        cold.close();
    }
}
