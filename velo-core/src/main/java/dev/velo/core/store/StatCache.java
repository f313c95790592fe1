package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What the files of a tree held when they were last read, by what {@code stat} said of them. Derived: a cache that is damaged or
 * was made for packs that have gone is as good as none.
 *
 * <p>A file is remembered only if its last change lies safely before the look at it (the rule that git calls racy), and only on
 * file systems whose change time can be relied on. What no stat cache can see is a change through a shared writable mapping that
 * has not been written back yet.
 */
public final class StatCache {
    private static final StatCache EMPTY = new StatCache(new long[0], 0);
    private static final long LIMIT = 1L << 33;

    private final long[] slots;
    private final int slotCount;

    private StatCache(long[] slots, int slotCount) {
        this.slots = slots;
        this.slotCount = slotCount;
    }

    /** A cache that remembers nothing. */
    public static StatCache empty() {
        return EMPTY;
    }

    /** The cache of the tree at this path, if all its blobs are in these packs; else an empty one. */
    public static StatCache load(Store store, byte[] origin, Packs packs) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return decode(FileBytes.read(arena, store.fd(Store.Room.STATS), name(origin), LIMIT), packs);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return EMPTY;
            }
            throw e;
        }
    }

    private static StatCache decode(MemorySegment bytes, Packs packs) {
        long headerBytes = StatCacheFormat.HEADER.byteSize();
        boolean known = bytes.byteSize() >= headerBytes
                && bytes.get(ValueLayout.JAVA_LONG, 0) == StatCacheFormat.MAGIC
                && bytes.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("version")) == StatCacheFormat.VERSION;
        if (!known) {
            return EMPTY;
        }
        int packCount = bytes.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("pack_count"));
        int slotCount = bytes.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("slot_count"));
        long slotsAt = headerBytes + (long) packCount * Digest.BYTES;
        boolean whole = packCount >= 0
                && slotCount > 0
                && slotsAt + slotCount * StatCacheFormat.SLOT.byteSize() == bytes.byteSize()
                && bytes.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("crc32c")) == checksum(bytes);
        if (!whole) {
            return EMPTY;
        }
        Set<Digest> present = new HashSet<>();
        packs.all().forEach(pack -> present.add(pack.id()));
        for (long at = headerBytes; at < slotsAt; at += Digest.BYTES) {
            if (!present.contains(Digest.of(bytes.asSlice(at, Digest.BYTES).toArray(ValueLayout.JAVA_BYTE), 0))) {
                return EMPTY;
            }
        }
        return new StatCache(bytes.asSlice(slotsAt).toArray(ValueLayout.JAVA_LONG), slotCount);
    }

    /** The slot of the file with exactly this identity, or -1. */
    public int find(long device, long inode, long size, long modified, long changed) {
        if (slotCount == 0) {
            return -1;
        }
        int slot = StatCacheFormat.slot(inode, slotCount);
        for (int probes = 0; probes < slotCount; probes++) {
            int at = slot * StatCacheFormat.SLOT_WORDS;
            if (slots[at + StatCacheFormat.STATE] == 0) {
                return -1;
            }
            if (slots[at + StatCacheFormat.INODE] == inode && slots[at + StatCacheFormat.DEVICE] == device) {
                boolean same = slots[at + StatCacheFormat.SIZE] == size
                        && slots[at + StatCacheFormat.MODIFIED] == modified
                        && slots[at + StatCacheFormat.CHANGED] == changed;
                return same ? slot : -1;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
        return -1;
    }

    /** Word 0 to 3 of the digest in this slot. */
    public long digestWord(int slot, int word) {
        return slots[slot * StatCacheFormat.SLOT_WORDS + StatCacheFormat.DIGEST + word];
    }

    public boolean hasAttributes(int slot) {
        return slots[slot * StatCacheFormat.SLOT_WORDS + StatCacheFormat.STATE]
                == StatCacheFormat.STATE_WITH_ATTRIBUTES;
    }

    static byte[] name(byte[] origin) {
        return PathBytes.of(HexFormat.of().formatHex(Hashing.sha256().digest(origin), 0, 16));
    }

    /** Over everything but the checksum itself. */
    static int checksum(MemorySegment bytes) {
        int field = StatCacheFormat.headerField("crc32c");
        CRC32C crc = new CRC32C();
        crc.update(bytes.asSlice(0, field).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        for (long at = field + (long) Integer.BYTES; at < bytes.byteSize(); at += 1L << 30) {
            crc.update(
                    bytes.asSlice(at, Math.min(1L << 30, bytes.byteSize() - at)).asByteBuffer());
        }
        return (int) crc.getValue();
    }
}
