package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.ffm.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;

/** Fills a new stat cache and puts it in the old one's place; see {@link StatCache} for the rules. For one thread. */
public final class StatCacheWriter implements AutoCloseable {
    /** Four fifths of the slots are taken at most, so that a search ends soon. */
    private static final double LOAD = 0.8;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;
    private final long slotsAt;
    private final int slotCount;

    public StatCacheWriter(int files, Collection<Digest> packs) {
        slotCount = Math.max(8, (int) (files / LOAD) + 1);
        slotsAt = StatCacheFormat.HEADER.byteSize() + (long) packs.size() * Digest.BYTES;
        bytes = arena.allocate(slotsAt + slotCount * StatCacheFormat.SLOT.byteSize(), Long.BYTES);
        bytes.set(ValueLayout.JAVA_LONG, 0, StatCacheFormat.MAGIC);
        bytes.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("version"), StatCacheFormat.VERSION);
        bytes.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("pack_count"), packs.size());
        bytes.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("slot_count"), slotCount);
        long at = StatCacheFormat.HEADER.byteSize();
        for (Digest pack : packs) {
            MemorySegment.copy(pack.toBytes(), 0, bytes, ValueLayout.JAVA_BYTE, at, Digest.BYTES);
            at += Digest.BYTES;
        }
    }

    /** Remembers a file; the digest's four words stand in the array from this index. */
    public void put(
            long device,
            long inode,
            long size,
            long modified,
            long changed,
            boolean attributes,
            long[] digests,
            int digestAt) {
        int slot = StatCacheFormat.slot(inode, slotCount);
        while (word(slot, StatCacheFormat.STATE) != 0) {
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
        set(slot, StatCacheFormat.INODE, inode);
        set(slot, StatCacheFormat.DEVICE, device);
        set(slot, StatCacheFormat.SIZE, size);
        set(slot, StatCacheFormat.MODIFIED, modified);
        set(slot, StatCacheFormat.CHANGED, changed);
        set(
                slot,
                StatCacheFormat.STATE,
                attributes ? StatCacheFormat.STATE_WITH_ATTRIBUTES : StatCacheFormat.STATE_PLAIN);
        for (int i = 0; i < 4; i++) {
            set(slot, StatCacheFormat.DIGEST + i, digests[digestAt + i]);
        }
    }

    /** Writes the cache of the tree at this path. It is never synced: after a power cut its checksum tells. */
    public void write(Store store, byte[] origin) throws ErrnoException {
        bytes.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("crc32c"), StatCache.checksum(bytes));
        try (PublishedFile file = PublishedFile.create(store.fd(Store.Room.STATS), 0600)) {
            file.accept(bytes);
            file.publishOver(StatCache.name(origin));
        }
    }

    private long word(int slot, int word) {
        return bytes.getAtIndex(
                ValueLayout.JAVA_LONG, slotsAt / Long.BYTES + (long) slot * StatCacheFormat.SLOT_WORDS + word);
    }

    private void set(int slot, int word, long value) {
        bytes.setAtIndex(
                ValueLayout.JAVA_LONG, slotsAt / Long.BYTES + (long) slot * StatCacheFormat.SLOT_WORDS + word, value);
    }

    @Override
    public void close() {
        arena.close();
    }
}
