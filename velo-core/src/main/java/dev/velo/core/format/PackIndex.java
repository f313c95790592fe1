package dev.velo.core.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The index of one pack, read in place: a fan-out table over the first byte, then entries sorted by digest. The segment belongs to
 * whoever made this; safe for any number of threads.
 */
public final class PackIndex {
    private static final ValueLayout.OfLong WORD = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LENGTH = PackFormat.offset(PackFormat.INDEX_ENTRY, "length");
    private static final int STORED_LENGTH = PackFormat.offset(PackFormat.INDEX_ENTRY, "stored_length");
    private static final int FIRST_BLOCK = PackFormat.offset(PackFormat.INDEX_ENTRY, "first_block");
    private static final int ENTRY_BITS = 31;
    private static final int ENCODING = PackFormat.offset(PackFormat.INDEX_ENTRY, "encoding");

    private final String file;
    private final MemorySegment index;
    private final long indexOffset;
    private final int count;

    PackIndex(String file, MemorySegment index, long indexOffset, int count) {
        this.file = file;
        this.index = index;
        this.indexOffset = indexOffset;
        this.count = count;
    }

    public int count() {
        return count;
    }

    /** The number of the entry with this digest, or -1. */
    public int find(long word0, long word1, long word2, long word3) {
        int bucket = (int) (word0 >>> 56);
        int low = bucket == 0 ? 0 : fanOut(bucket - 1);
        int high = Math.min(fanOut(bucket), count) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long at = at(middle);
            int order = Long.compareUnsigned(index.get(WORD, at), word0);
            order = order != 0 ? order : Long.compareUnsigned(index.get(WORD, at + 8), word1);
            order = order != 0 ? order : Long.compareUnsigned(index.get(WORD, at + 16), word2);
            order = order != 0 ? order : Long.compareUnsigned(index.get(WORD, at + 24), word3);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    public int find(Digest digest) {
        return find(digest.word0(), digest.word1(), digest.word2(), digest.word3());
    }

    public Digest digest(int entry) {
        long at = at(entry);
        return new Digest(
                index.get(WORD, at), index.get(WORD, at + 8), index.get(WORD, at + 16), index.get(WORD, at + 24));
    }

    /** Where the blob's bytes stand in the pack. */
    public long offset(int entry) {
        return Integer.toUnsignedLong(index.get(JAVA_INT_UNALIGNED, at(entry) + FIRST_BLOCK)) << PackFormat.BLOCK_SHIFT;
    }

    /** Bytes of the blob, as its readers see it. */
    public long length(int entry) {
        return index.get(JAVA_LONG_UNALIGNED, at(entry) + LENGTH);
    }

    /** Bytes that the blob takes up in the pack: fewer than its length if it is compressed. */
    public long storedLength(int entry) {
        return index.get(JAVA_LONG_UNALIGNED, at(entry) + STORED_LENGTH);
    }

    /** Whether the blob's own bytes stand in the pack, where they can be mapped; otherwise it is compressed. */
    public boolean isRaw(int entry) {
        return encoding(entry) == PackFormat.ENCODING_RAW;
    }

    /** These entries in the order in which their blobs stand in the pack. */
    public int[] inFileOrder(int[] entries) {
        long[] order = new long[entries.length];
        for (int i = 0; i < order.length; i++) {
            // a block number has 32 bits, that of an entry 31
            order[i] = offset(entries[i]) >>> PackFormat.BLOCK_SHIFT << ENTRY_BITS | entries[i];
        }
        Arrays.sort(order);
        return Arrays.stream(order)
                .mapToInt(each -> (int) (each & Integer.MAX_VALUE))
                .toArray();
    }

    /** Whether no blob of the pack is compressed; looks at each. */
    public boolean isRaw() {
        for (int entry = 0; entry < count; entry++) {
            if (!isRaw(entry)) {
                return false;
            }
        }
        return true;
    }

    private int encoding(int entry) {
        return Byte.toUnsignedInt(index.get(JAVA_BYTE, at(entry) + ENCODING));
    }

    /** Refuses an entry whose blob would reach outside the pack, or become too long, or whose encoding is unknown. */
    public void requireSound(int entry) throws FormatException {
        long stored = storedLength(entry);
        long length = length(entry);
        boolean fits = switch (encoding(entry)) {
            case PackFormat.ENCODING_RAW -> stored > 0 && stored == length;
            case PackFormat.ENCODING_LZ4 -> canBecome(length, stored);
            default -> throw fault(entry, Reason.TOO_NEW, "encoding " + encoding(entry));
        };
        if (!fits) {
            throw fault(entry, Reason.BAD_LENGTH, "length " + length + ", stored " + stored);
        }
        long offset = offset(entry);
        if (offset < PackFormat.FIRST_BLOB || stored > indexOffset - offset) {
            throw fault(entry, Reason.OUT_OF_BOUNDS, "blob at " + offset + " of " + stored + " bytes");
        }
        if (isRaw(entry) && offset % PackFormat.alignment(stored) != 0) {
            throw fault(entry, Reason.INCONSISTENT, "blob at " + offset + " of " + stored + " bytes is not aligned");
        }
    }

    /** Whether that many stored bytes may be a compressed blob of this length. */
    public static boolean canBecome(long length, long stored) {
        return stored > 0
                && stored < length
                && length <= PackFormat.MAX_COMPRESSED_LENGTH
                && length <= stored * PackFormat.MAX_EXPANSION;
    }

    /** Checks every entry and their order; what opening does not, because it would read the whole index. */
    public void requireSound() throws FormatException {
        int previous = 0;
        for (int bucket = 0; bucket < PackFormat.FAN_OUT; bucket++) {
            int end = index.get(JAVA_INT_UNALIGNED, (long) bucket * Integer.BYTES);
            if (end < previous || end > count) {
                throw new FormatException(file, indexOffset + 4L * bucket, Reason.BAD_ORDER, "fan-out " + bucket);
            }
            for (int entry = previous; entry < end; entry++) {
                boolean here = (int) (digest(entry).word0() >>> 56) == bucket;
                if (!here || (entry > 0 && digest(entry - 1).compareTo(digest(entry)) >= 0)) {
                    throw fault(entry, Reason.BAD_ORDER, "digest");
                }
                requireSound(entry);
                requireNoPadding(entry);
            }
            previous = end;
        }
        if (previous != count) {
            throw new FormatException(
                    file, indexOffset, Reason.INCONSISTENT, "fan-out covers " + previous + " of " + count);
        }
    }

    private void requireNoPadding(int entry) throws FormatException {
        for (long i = at(entry) + ENCODING + 1; i < at(entry + 1); i++) {
            if (index.get(JAVA_BYTE, i) != 0) {
                throw fault(entry, Reason.INCONSISTENT, "reserved bytes are not zero");
            }
        }
    }

    private int fanOut(int bucket) {
        return Math.max(0, index.get(JAVA_INT_UNALIGNED, (long) bucket * Integer.BYTES));
    }

    private static long at(int entry) {
        return PackFormat.FAN_OUT_BYTES + (long) entry * PackFormat.INDEX_ENTRY_BYTES;
    }

    private FormatException fault(int entry, Reason reason, String detail) {
        return new FormatException(file, indexOffset + at(entry), reason, detail + " of index entry " + entry);
    }
}
