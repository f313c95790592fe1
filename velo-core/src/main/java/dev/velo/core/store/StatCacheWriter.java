package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.ffm.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/** Fills a new stat cache and puts it in the old one's place; see {@link StatCache} for the rules. For one thread. */
public final class StatCacheWriter {
    /** Some slots stay free, so that a search ends soon. */
    private static final double LOAD = 0.85;

    private static final int CHUNK_BYTES = 1 << 18;

    private final List<Digest> packs;
    private final long[] slots;
    private final int slotCount;

    public StatCacheWriter(int files, Collection<Digest> packs) {
        this.packs = List.copyOf(packs);
        slotCount = Math.max(8, (int) (files / LOAD) + 1);
        slots = new long[Math.multiplyExact(slotCount, StatCacheFormat.SLOT_WORDS)];
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
        while (slots[slot * StatCacheFormat.SLOT_WORDS + StatCacheFormat.STATE] != 0) {
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
        int at = slot * StatCacheFormat.SLOT_WORDS;
        slots[at + StatCacheFormat.INODE] = inode;
        slots[at + StatCacheFormat.DEVICE] = device;
        slots[at + StatCacheFormat.SIZE] = size;
        slots[at + StatCacheFormat.MODIFIED] = modified;
        slots[at + StatCacheFormat.CHANGED] = changed;
        slots[at + StatCacheFormat.STATE] =
                attributes ? StatCacheFormat.STATE_WITH_ATTRIBUTES : StatCacheFormat.STATE_PLAIN;
        System.arraycopy(digests, digestAt, slots, at + StatCacheFormat.DIGEST, Digest.BYTES / Long.BYTES);
    }

    /** Writes the cache of the tree at this path. It is never synced: after a power cut its checksum tells. */
    public void write(Store store, byte[] origin) throws ErrnoException {
        try (PublishedFile file = PublishedFile.create(store.fd(Store.Room.STATS), 0600);
                Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(StatCacheFormat.HEADER);
            header.set(ValueLayout.JAVA_LONG, 0, StatCacheFormat.MAGIC);
            header.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("version"), StatCacheFormat.VERSION);
            header.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("pack_count"), packs.size());
            header.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("slot_count"), slotCount);
            CRC32C crc = new CRC32C();
            StatCacheFormat.addHeader(crc, header);
            file.accept(header);
            long[] packWords = new long[packs.size() * (Digest.BYTES / Long.BYTES)];
            int at = 0;
            for (Digest pack : packs) {
                packWords[at++] = pack.word0();
                packWords[at++] = pack.word1();
                packWords[at++] = pack.word2();
                packWords[at++] = pack.word3();
            }
            append(file, arena, crc, packWords);
            append(file, arena, crc, slots);
            header.set(ValueLayout.JAVA_INT, StatCacheFormat.headerField("crc32c"), (int) crc.getValue());
            PublishedFile.writeFully(file.fd(), header.address(), header.byteSize(), 0);
            file.publishOver(StatCache.name(origin));
        }
    }

    private static void append(PublishedFile file, Arena arena, CRC32C crc, long[] words) throws ErrnoException {
        MemorySegment chunk = arena.allocate(CHUNK_BYTES, Long.BYTES);
        for (int at = 0; at < words.length; ) {
            int part = Math.min(words.length - at, CHUNK_BYTES / Long.BYTES);
            MemorySegment bytes = chunk.asSlice(0, part * 8L);
            MemorySegment.copy(words, at, bytes, ValueLayout.JAVA_LONG, 0, part);
            crc.update(bytes.asByteBuffer());
            file.accept(bytes);
            at += part;
        }
    }
}
