package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int PACK_WORDS = Digest.BYTES / Long.BYTES;

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
        int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW;
        try (Descriptor file = new Descriptor(FileCalls.openat(store.fd(Store.Room.STATS), name(origin), flags, 0));
                Arena arena = Arena.ofConfined()) {
            return decode(file.fd(), arena, packs);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return EMPTY;
            }
            throw e;
        }
    }

    private static StatCache decode(int fd, Arena arena, Packs packs) throws IOException {
        MemorySegment header = arena.allocate(StatCacheFormat.HEADER);
        long headerBytes = header.byteSize();
        boolean known = FileBytes.readFully(fd, header.address(), headerBytes, 0) == headerBytes
                && header.get(ValueLayout.JAVA_LONG, 0) == StatCacheFormat.MAGIC
                && header.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("version")) == StatCacheFormat.VERSION;
        if (!known) {
            return EMPTY;
        }
        int packCount = header.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("pack_count"));
        int slotCount = header.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("slot_count"));
        Statx stat = new Statx();
        FileCalls.fstatx(fd, stat);
        long words = (long) packCount * PACK_WORDS + (long) slotCount * StatCacheFormat.SLOT_WORDS;
        boolean whole = packCount >= 0
                && slotCount > 0
                && words <= Integer.MAX_VALUE - 8
                && headerBytes + words * Long.BYTES == stat.size();
        if (!whole) {
            return EMPTY;
        }
        int expected = header.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField("crc32c"));
        CRC32C crc = new CRC32C();
        StatCacheFormat.addHeader(crc, header);
        long[] packIds = words(fd, arena, crc, headerBytes, packCount * PACK_WORDS);
        long[] slots = words(fd, arena, crc, headerBytes + packIds.length * 8L, slotCount * StatCacheFormat.SLOT_WORDS);
        return (int) crc.getValue() == expected && arePresent(packIds, packs) ? new StatCache(slots, slotCount) : EMPTY;
    }

    /** Reads words through a small buffer: a cache of a million files is long, and need not be in memory twice. */
    private static long[] words(int fd, Arena arena, CRC32C crc, long offset, int count) throws IOException {
        long[] words = new long[count];
        MemorySegment chunk = arena.allocate(CHUNK_BYTES, Long.BYTES);
        for (int at = 0; at < count; ) {
            int part = Math.min(count - at, CHUNK_BYTES / Long.BYTES);
            MemorySegment bytes = chunk.asSlice(0, part * 8L);
            FileBytes.readFully(fd, bytes.address(), bytes.byteSize(), offset + at * 8L);
            crc.update(bytes.asByteBuffer());
            MemorySegment.copy(bytes, ValueLayout.JAVA_LONG, 0, words, at, part);
            at += part;
        }
        return words;
    }

    private static boolean arePresent(long[] packIds, Packs packs) {
        Set<Digest> present = new HashSet<>();
        packs.all().forEach(pack -> present.add(pack.id()));
        for (int at = 0; at < packIds.length; at += PACK_WORDS) {
            if (!present.contains(new Digest(packIds[at], packIds[at + 1], packIds[at + 2], packIds[at + 3]))) {
                return false;
            }
        }
        return true;
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

    /** Whether this is the name of a cache, and of nothing else that stands beside them. */
    public static boolean isName(byte[] name) {
        return PathBytes.show(name).matches("[0-9a-f]{32}");
    }

    /** The name of the cache of the tree at this absolute path. */
    public static byte[] name(byte[] origin) {
        return PathBytes.of(HexFormat.of().formatHex(Hashing.sha256().digest(origin), 0, 16));
    }
}
