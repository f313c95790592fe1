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
import org.jspecify.annotations.Nullable;

/**
 * What the files of a tree held when they were last read, by what {@code stat} said of them. Derived: a cache that is damaged or
 * was made for packs that have gone is as good as none.
 *
 * <p>A file is remembered only if its last change lies safely before the look at it (the rule that git calls racy), and only on
 * file systems whose change time can be relied on. What no stat cache can see is a change through a shared writable mapping that
 * has not been written back yet. Of what {@code stat} said 64 bits are kept, well mixed: a changed file passes for unchanged once in
 * 2<sup>64</sup> changes.
 */
public final class StatCache {
    private static final StatCache EMPTY = new StatCache(null, new long[0], new int[0], new byte[0]);
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int MAX_DIGESTS = Integer.MAX_VALUE / Digest.BYTES;

    private final @Nullable Digest tree;
    private final long[] fingerprints;
    private final int[] blobs;
    private final byte[] digests;

    private StatCache(@Nullable Digest tree, long[] fingerprints, int[] blobs, byte[] digests) {
        this.tree = tree;
        this.fingerprints = fingerprints;
        this.blobs = blobs;
        this.digests = digests;
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
            return decode(store, file.fd(), arena, packs);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return EMPTY;
            }
            throw e;
        }
    }

    private static StatCache decode(Store store, int fd, Arena arena, Packs packs) throws IOException {
        MemorySegment header = arena.allocate(StatCacheFormat.HEADER);
        long headerBytes = header.byteSize();
        boolean known = FileBytes.readFully(fd, header.address(), headerBytes, 0) == headerBytes
                && header.get(ValueLayout.JAVA_LONG, 0) == StatCacheFormat.MAGIC
                && field(header, "version") == StatCacheFormat.VERSION;
        if (!known) {
            return EMPTY;
        }
        int packCount = field(header, "pack_count");
        int slotCount = field(header, "slot_count");
        int blobCount = field(header, "blob_count");
        int ownCount = field(header, "own_blob_count");
        long fingerprintsAt = headerBytes + (long) packCount * Digest.BYTES;
        long blobsAt = fingerprintsAt + (long) slotCount * Long.BYTES;
        long digestsAt = blobsAt + (long) slotCount * Integer.BYTES;
        Statx stat = new Statx();
        FileCalls.fstatx(fd, stat);
        boolean whole = isCount(packCount)
                && isCount(blobCount)
                && slotCount > 0
                && (ownCount == 0 || ownCount == blobCount)
                && digestsAt + (long) ownCount * Digest.BYTES == stat.size();
        if (!whole) {
            return EMPTY;
        }
        Digest tree = Digest.of(header.toArray(ValueLayout.JAVA_BYTE), StatCacheFormat.headerField("tree"));
        byte[] ids = digests(fd, arena, headerBytes, packCount);
        long[] fingerprints = new long[slotCount];
        int[] blobs = new int[slotCount];
        read(fd, arena, fingerprintsAt, MemorySegment.ofArray(fingerprints));
        read(fd, arena, blobsAt, MemorySegment.ofArray(blobs));
        byte[] digests = ownCount == blobCount
                ? digests(fd, arena, digestsAt, ownCount)
                : new ManifestCopies(store).digests(tree, blobCount);
        if (digests == null) {
            return EMPTY;
        }
        int crc = StatCacheFormat.checksum(header, ids, fingerprints, blobs, digests);
        boolean sound = crc == field(header, "crc32c") && areNumbers(blobs, blobCount) && arePresent(ids, packs);
        return sound ? new StatCache(tree, fingerprints, blobs, digests) : EMPTY;
    }

    private static int field(MemorySegment header, String name) {
        return header.get(ValueLayout.JAVA_INT, StatCacheFormat.headerField(name));
    }

    private static boolean isCount(int digests) {
        return digests >= 0 && digests <= MAX_DIGESTS;
    }

    private static byte[] digests(int fd, Arena arena, long offset, int count) throws IOException {
        byte[] digests = new byte[count * Digest.BYTES];
        read(fd, arena, offset, MemorySegment.ofArray(digests));
        return digests;
    }

    /** Reads through a small buffer: a cache of a million files is long, and need not be in memory twice. */
    private static void read(int fd, Arena arena, long offset, MemorySegment array) throws IOException {
        MemorySegment chunk = arena.allocate(CHUNK_BYTES);
        for (long at = 0; at < array.byteSize(); at += CHUNK_BYTES) {
            MemorySegment bytes = chunk.asSlice(0, Math.min(CHUNK_BYTES, array.byteSize() - at));
            FileBytes.readFully(fd, bytes.address(), bytes.byteSize(), offset + at);
            array.asSlice(at, bytes.byteSize()).copyFrom(bytes);
        }
    }

    private static boolean areNumbers(int[] blobs, int blobCount) {
        for (int word : blobs) {
            int blob = word & ~StatCacheFormat.WITH_ATTRIBUTES;
            if (blob >= blobCount && blob != StatCacheFormat.NO_BLOB) {
                return false;
            }
        }
        return true;
    }

    private static boolean arePresent(byte[] packIds, Packs packs) {
        Set<Digest> present = new HashSet<>();
        packs.all().forEach(pack -> present.add(pack.id()));
        for (int at = 0; at < packIds.length; at += Digest.BYTES) {
            if (!present.contains(Digest.of(packIds, at))) {
                return false;
            }
        }
        return true;
    }

    /** The tree whose files it remembers; null if it is empty. */
    public @Nullable Digest tree() {
        return tree;
    }

    /** The slot of the file with exactly this identity, or -1. */
    public int find(long device, long inode, long size, long modified, long changed) {
        int slotCount = fingerprints.length;
        if (slotCount == 0) {
            return -1;
        }
        long fingerprint = StatCacheFormat.fingerprint(device, inode, size, modified, changed);
        int slot = StatCacheFormat.slot(fingerprint, slotCount);
        for (int probes = 0; probes < slotCount && fingerprints[slot] != StatCacheFormat.FREE; probes++) {
            if (fingerprints[slot] == fingerprint) {
                // an empty file has no blob, and a file with bytes has one
                boolean isEmpty = (blobs[slot] & ~StatCacheFormat.WITH_ATTRIBUTES) == StatCacheFormat.NO_BLOB;
                return isEmpty == (size == 0) ? slot : -1;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
        return -1;
    }

    /** The digest of what the file in this slot held; null if that was nothing. */
    public @Nullable Digest digest(int slot) {
        int blob = blobs[slot] & ~StatCacheFormat.WITH_ATTRIBUTES;
        return blob == StatCacheFormat.NO_BLOB ? null : Digest.of(digests, blob * Digest.BYTES);
    }

    public boolean hasAttributes(int slot) {
        return (blobs[slot] & StatCacheFormat.WITH_ATTRIBUTES) != 0;
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
