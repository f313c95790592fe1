package dev.velo.core.store;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.velo.core.format.Digest;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.zip.CRC32C;

/**
 * The layout of a stat cache: header, ids of the packs that hold its blobs, fingerprints of hash slots, blobs of hash slots, digests of
 * blobs; little-endian, derived, disposable. The digests stand here only if the store has no copy of the tree's manifest, where they are
 * read otherwise.
 */
final class StatCacheFormat {
    /** "VELOSTAT" as a little-endian word. */
    static final long MAGIC = 0x544154534f4c4556L;

    static final int VERSION = 2;

    static final StructLayout HEADER = structLayout(
            JAVA_LONG.withName("magic"),
            JAVA_INT.withName("version"),
            JAVA_INT.withName("crc32c"),
            JAVA_INT.withName("pack_count"),
            JAVA_INT.withName("slot_count"),
            JAVA_INT.withName("blob_count"),
            JAVA_INT.withName("own_blob_count"),
            sequenceLayout(Digest.BYTES, JAVA_BYTE).withName("tree"));

    /** The fingerprint of a slot that is free. */
    static final long FREE = 0;

    /** In the blob of a slot: the file has extended attributes. */
    static final int WITH_ATTRIBUTES = 1 << 31;

    /** The blob of a file without bytes. */
    static final int NO_BLOB = Integer.MAX_VALUE;

    private static final int CHUNK_BYTES = 1 << 16;
    private static final Hasher64 HASHER = Hashing.rapidhashV3(0);

    private StatCacheFormat() {}

    static int headerField(String name) {
        return (int) HEADER.byteOffset(PathElement.groupElement(name));
    }

    /** All that {@code stat} tells by which a file is known again, in 64 bits; never {@link #FREE}. */
    static long fingerprint(long device, long inode, long size, long modified, long changed) {
        long file = HASHER.hashLongLongLongToLong(device, inode, size);
        long fingerprint = HASHER.hashLongLongLongToLong(file, modified, changed);
        return fingerprint == FREE ? 1 : fingerprint;
    }

    /** Where the search for this fingerprint begins. */
    static int slot(long fingerprint, int slotCount) {
        return (int) (((fingerprint >>> 33) * slotCount) >>> 31);
    }

    /** The checksum is over everything but itself, and over the digests wherever they stand. */
    static int checksum(MemorySegment header, byte[] packs, long[] fingerprints, int[] blobs, byte[] digests) {
        CRC32C crc = new CRC32C();
        int field = headerField("crc32c");
        crc.update(header.asSlice(0, field).asByteBuffer());
        crc.update(header.asSlice(field + (long) Integer.BYTES).asByteBuffer());
        crc.update(packs);
        addWords(crc, MemorySegment.ofArray(fingerprints));
        addWords(crc, MemorySegment.ofArray(blobs));
        crc.update(digests);
        return (int) crc.getValue();
    }

    /** Through a small buffer, since no buffer is a view of an array of words. */
    private static void addWords(CRC32C crc, MemorySegment words) {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long at = 0; at < words.byteSize(); at += CHUNK_BYTES) {
            int length = (int) Math.min(CHUNK_BYTES, words.byteSize() - at);
            MemorySegment.ofArray(chunk).asSlice(0, length).copyFrom(words.asSlice(at, length));
            crc.update(chunk, 0, length);
        }
    }
}
