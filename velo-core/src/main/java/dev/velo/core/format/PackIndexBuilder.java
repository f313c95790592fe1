package dev.velo.core.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;

/** Collects where the blobs of a pack stand, and lays out its index, header and footer. Not thread-safe. */
public final class PackIndexBuilder {
    private static final ValueLayout.OfLong WORD = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRY_WORDS = PackFormat.INDEX_ENTRY_BYTES / Long.BYTES;
    private static final int CHUNK_ENTRIES = 1 << 10;
    private static final int WORDS = 7;

    /** How much of an index is hashed at once: an index may be longer than a buffer can be. */
    private static final long HASH_BYTES = 1L << 30;

    /** Digest, offset, length and stored length of each blob. */
    private long[] blobs;

    private int count;

    /** Makes room for that many blobs to begin with. */
    public PackIndexBuilder(int expected) {
        blobs = new long[WORDS * Math.max(16, expected)];
    }

    public int count() {
        return count;
    }

    /** A blob that stands at this offset as it is. */
    public void add(long word0, long word1, long word2, long word3, long offset, long length) {
        add(word0, word1, word2, word3, offset, length, length);
    }

    /**
     * A blob at this offset of which {@code stored} bytes are in the pack: all of them, or an LZ4 block that is shorter than the blob.
     */
    public void add(long word0, long word1, long word2, long word3, long offset, long length, long stored) {
        int at = count * WORDS;
        if (at == blobs.length) {
            blobs = Arrays.copyOf(blobs, blobs.length + blobs.length / 2 / WORDS * WORDS);
        }
        blobs[at] = word0;
        blobs[at + 1] = word1;
        blobs[at + 2] = word2;
        blobs[at + 3] = word3;
        blobs[at + 4] = offset;
        blobs[at + 5] = length;
        blobs[at + 6] = stored;
        count++;
    }

    /** The header block of every pack. */
    public static MemorySegment header(SegmentAllocator allocator) {
        MemorySegment header = allocator.allocate(PackFormat.FIRST_BLOB);
        header.set(JAVA_LONG_UNALIGNED, 0, PackFormat.HEADER_MAGIC);
        header.set(JAVA_INT_UNALIGNED, PackFormat.offset(PackFormat.HEADER, "version"), PackFormat.VERSION);
        header.set(JAVA_INT_UNALIGNED, PackFormat.offset(PackFormat.HEADER, "block_bytes"), PackFormat.BLOCK_BYTES);
        int crc = PackFormat.offset(PackFormat.HEADER, "crc32c");
        header.set(JAVA_INT_UNALIGNED, crc, PackFooter.checksum(header.asSlice(0, crc)));
        return header;
    }

    /** Index and footer of a pack whose index begins at this offset, as one segment. */
    public MemorySegment indexAndFooter(SegmentAllocator allocator, long indexOffset) {
        long indexLength = PackFormat.FAN_OUT_BYTES + (long) count * PackFormat.INDEX_ENTRY_BYTES;
        MemorySegment all = allocator.allocate(indexLength + PackFormat.FOOTER_BYTES, Long.BYTES);
        MemorySegment index = all.asSlice(0, indexLength);
        writeEntries(index);
        MemorySegment footer = all.asSlice(indexLength);
        footer.set(JAVA_LONG_UNALIGNED, 0, PackFormat.FOOTER_MAGIC);
        footer.set(JAVA_INT_UNALIGNED, field("version"), PackFormat.VERSION);
        footer.set(JAVA_INT_UNALIGNED, field("entry_count"), count);
        footer.set(JAVA_LONG_UNALIGNED, field("index_offset"), indexOffset);
        footer.set(JAVA_LONG_UNALIGNED, field("file_length"), indexOffset + all.byteSize());
        MemorySegment.copy(id(index), 0, footer, JAVA_BYTE, field("id"), Digest.BYTES);
        footer.set(JAVA_INT_UNALIGNED, field("index_crc32c"), PackFooter.checksum(index));
        footer.set(JAVA_INT_UNALIGNED, field("crc32c"), PackFooter.checksum(footer.asSlice(0, field("crc32c"))));
        return all;
    }

    /** The pack id that the footer inside this segment states. */
    public static Digest idOf(MemorySegment indexAndFooter) {
        long footer = indexAndFooter.byteSize() - PackFormat.FOOTER_BYTES;
        return Digest.of(
                indexAndFooter.asSlice(footer + field("id"), Digest.BYTES).toArray(JAVA_BYTE), 0);
    }

    /** The SHA-256 of an index, which is the pack's name. */
    public static byte[] id(MemorySegment index) {
        MessageDigest sha = Hashing.sha256();
        for (long at = 0; at < index.byteSize(); at += HASH_BYTES) {
            sha.update(index.asSlice(at, Math.min(HASH_BYTES, index.byteSize() - at))
                    .asByteBuffer());
        }
        return sha.digest();
    }

    /** Lays the entries out as words of an array, which costs far less than to set each field in memory outside the heap. */
    private void writeEntries(MemorySegment index) {
        int[] fanOut = new int[PackFormat.FAN_OUT];
        long[] words = new long[CHUNK_ENTRIES * ENTRY_WORDS];
        long written = PackFormat.FAN_OUT_BYTES;
        int at = 0;
        for (int blob : sorted()) {
            if (at == words.length) {
                written = write(words, at, index, written);
                at = 0;
            }
            int from = blob * WORDS;
            fanOut[(int) (blobs[from] >>> 56)]++;
            for (int word = 0; word < 4; word++) {
                words[at++] = Long.reverseBytes(blobs[from + word]);
            }
            long length = blobs[from + 5];
            long stored = blobs[from + 6];
            long encoding = stored == length ? PackFormat.ENCODING_RAW : PackFormat.ENCODING_LZ4;
            words[at++] = stored;
            words[at++] = length;
            words[at++] = blobs[from + 4] >>> PackFormat.BLOCK_SHIFT | encoding << Integer.SIZE;
        }
        write(words, at, index, written);
        int sum = 0;
        for (int bucket = 0; bucket < fanOut.length; bucket++) {
            sum += fanOut[bucket];
            index.set(JAVA_INT_UNALIGNED, (long) bucket * Integer.BYTES, sum);
        }
    }

    private static long write(long[] words, int count, MemorySegment index, long at) {
        MemorySegment.copy(words, 0, index, WORD, at, count);
        return at + (long) count * Long.BYTES;
    }

    /** The blobs' numbers in digest order: sorted by the first bits together with the number, then ties put right. */
    private int[] sorted() {
        int numberBits = Math.max(1, 32 - Integer.numberOfLeadingZeros(count));
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = ((blobs[i * WORDS] >>> numberBits) << numberBits | i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        long mask = (1L << numberBits) - 1;
        for (int i = 0; i < count; i++) {
            int blob = (int) (keys[i] & mask);
            int to = i;
            while (to > 0 && compare(order[to - 1], blob) > 0) {
                order[to] = order[to - 1];
                to--;
            }
            order[to] = blob;
        }
        return order;
    }

    private int compare(int left, int right) {
        int order = 0;
        for (int word = 0; word < 4 && order == 0; word++) {
            order = Long.compareUnsigned(blobs[left * WORDS + word], blobs[right * WORDS + word]);
        }
        return order;
    }

    private static int field(String name) {
        return PackFormat.offset(PackFormat.FOOTER, name);
    }
}
