package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.ffm.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.List;

/** Fills a new stat cache and puts it in the old one's place; see {@link StatCache} for the rules. For one thread. */
public final class StatCacheWriter {
    /** Some slots stay free, so that a search ends soon. */
    private static final double LOAD = 0.9;

    private static final int CHUNK_BYTES = 1 << 18;

    private final List<Digest> packs;
    private final int slotCount;
    private final long[] fingerprints;
    private final int[] blobs;

    public StatCacheWriter(int files, Collection<Digest> packs) {
        this.packs = List.copyOf(packs);
        slotCount = Math.max(8, (int) (files / LOAD) + 1);
        fingerprints = new long[slotCount];
        blobs = new int[slotCount];
    }

    /** Remembers a file: the number of its blob in the tree's manifest, or -1 if it is empty. */
    public void put(long device, long inode, long size, long modified, long changed, boolean attributes, int blob) {
        long fingerprint = StatCacheFormat.fingerprint(device, inode, size, modified, changed);
        int slot = StatCacheFormat.slot(fingerprint, slotCount);
        while (fingerprints[slot] != StatCacheFormat.FREE) {
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
        fingerprints[slot] = fingerprint;
        blobs[slot] = (blob < 0 ? StatCacheFormat.NO_BLOB : blob) | (attributes ? StatCacheFormat.WITH_ATTRIBUTES : 0);
    }

    /**
     * Writes the cache of the tree at this path. It is never synced: after a power cut its checksum tells.
     *
     * @param manifest of the tree
     * @param tree its digest
     * @param kept whether the store has a copy of it
     */
    public void write(Store store, byte[] origin, ManifestBuilder manifest, Digest tree, boolean kept)
            throws ErrnoException {
        try (PublishedFile file = PublishedFile.create(store.fd(Store.Room.STATS), 0600);
                Arena arena = Arena.ofConfined()) {
            int blobCount = manifest.blobCount();
            MemorySegment header = arena.allocate(StatCacheFormat.HEADER);
            header.set(ValueLayout.JAVA_LONG, 0, StatCacheFormat.MAGIC);
            set(header, "version", StatCacheFormat.VERSION);
            set(header, "pack_count", packs.size());
            set(header, "slot_count", slotCount);
            set(header, "blob_count", blobCount);
            set(header, "own_blob_count", kept ? 0 : blobCount);
            MemorySegment.copy(
                    tree.toBytes(),
                    0,
                    header,
                    ValueLayout.JAVA_BYTE,
                    StatCacheFormat.headerField("tree"),
                    Digest.BYTES);
            byte[] ids = new byte[packs.size() * Digest.BYTES];
            for (int pack = 0; pack < packs.size(); pack++) {
                packs.get(pack).writeTo(ids, pack * Digest.BYTES);
            }
            byte[] digests = manifest.digests();
            set(header, "crc32c", StatCacheFormat.checksum(header, ids, fingerprints, blobs, digests));
            file.accept(header);
            MemorySegment chunk = arena.allocate(CHUNK_BYTES);
            append(file, chunk, MemorySegment.ofArray(ids));
            append(file, chunk, MemorySegment.ofArray(fingerprints));
            append(file, chunk, MemorySegment.ofArray(blobs));
            if (!kept) {
                append(file, chunk, MemorySegment.ofArray(digests));
            }
            file.publishOver(StatCache.name(origin));
        }
    }

    private static void set(MemorySegment header, String field, int value) {
        header.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField(field), value);
    }

    private static void append(PublishedFile file, MemorySegment chunk, MemorySegment array) throws ErrnoException {
        for (long at = 0; at < array.byteSize(); at += CHUNK_BYTES) {
            MemorySegment part = chunk.asSlice(0, Math.min(CHUNK_BYTES, array.byteSize() - at));
            file.accept(part.copyFrom(array.asSlice(at, part.byteSize())));
        }
    }
}
