package dev.velo.core.store;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.velo.core.format.Digest;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.zip.CRC32C;

/** The layout of a stat cache: header, ids of the packs that hold its blobs, hash slots; little-endian, derived, disposable. */
final class StatCacheFormat {
    /** "VELOSTAT" as a little-endian word. */
    static final long MAGIC = 0x544154534f4c4556L;

    static final int VERSION = 1;

    static final StructLayout HEADER = structLayout(
            JAVA_LONG.withName("magic"),
            JAVA_INT.withName("version"),
            JAVA_INT.withName("crc32c"),
            JAVA_INT.withName("pack_count"),
            JAVA_INT.withName("slot_count"),
            paddingLayout(8));

    /** A slot whose {@code state} is 0 is free. */
    static final StructLayout SLOT = structLayout(
            JAVA_LONG.withName("inode"),
            JAVA_LONG.withName("device"),
            JAVA_LONG.withName("size"),
            JAVA_LONG.withName("modified"),
            JAVA_LONG.withName("changed"),
            JAVA_LONG.withName("state"),
            sequenceLayout(Digest.BYTES / Long.BYTES, JAVA_LONG).withName("digest"));

    static final int SLOT_WORDS = (int) (SLOT.byteSize() / Long.BYTES);
    static final int INODE = word("inode");
    static final int DEVICE = word("device");
    static final int SIZE = word("size");
    static final int MODIFIED = word("modified");
    static final int CHANGED = word("changed");
    static final int STATE = word("state");
    static final int DIGEST = word("digest");

    static final long STATE_PLAIN = 1;
    static final long STATE_WITH_ATTRIBUTES = 2;

    private StatCacheFormat() {}

    static int headerField(String name) {
        return (int) HEADER.byteOffset(PathElement.groupElement(name));
    }

    /** Where the search for this inode begins. */
    static int slot(long inode, int slotCount) {
        long mixed = inode * 0x9E3779B97F4A7C15L;
        return (int) (((mixed >>> 33) * slotCount) >>> 31);
    }

    /** The checksum is over everything but itself: first the header's part. */
    static void addHeader(CRC32C crc, MemorySegment header) {
        int field = headerField("crc32c");
        crc.update(header.asSlice(0, field).asByteBuffer());
        crc.update(header.asSlice(field + (long) Integer.BYTES).asByteBuffer());
    }

    private static int word(String field) {
        return (int) (SLOT.byteOffset(PathElement.groupElement(field)) / Long.BYTES);
    }
}
