package dev.velo.core.format;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * The layout of a pack: header, blobs, index, footer; little-endian. {@code docs/format/pack.md} tells the rules.
 *
 * <p>Blobs start at multiples of {@link #BLOCK_BYTES}; those of {@link #LARGE_BYTES} and more start and end on
 * {@link #PAGE_BYTES}, as reflinks need it. The padding between them is zero, because the kernel shows it behind a mapped file.
 */
public final class PackFormat {
    /** "VELOPACK" as a little-endian word. */
    public static final long HEADER_MAGIC = 0x4b4341504f4c4556L;

    /** "VELOPEND" as a little-endian word. */
    public static final long FOOTER_MAGIC = 0x444e45504f4c4556L;

    public static final int VERSION = 1;
    public static final int BLOCK_SHIFT = 9;
    public static final int BLOCK_BYTES = 1 << BLOCK_SHIFT;
    public static final int PAGE_BYTES = 4096;
    public static final int LARGE_BYTES = 64 << 10;
    public static final int FAN_OUT = 256;

    /** Block numbers are 32 bits. */
    public static final long MAX_BYTES = 1L << (32 + BLOCK_SHIFT);

    /** The blob stands in the pack as it is, and can be mapped there. */
    public static final int ENCODING_RAW = 0;

    /** The blob is one LZ4 block, which is shorter. */
    public static final int ENCODING_LZ4 = 1;

    /** A longer blob is never compressed: whoever reads a compressed one has all of it in memory. */
    public static final int MAX_COMPRESSED_LENGTH = 32 << 20;

    /** A byte of an LZ4 block stands for so many bytes at most. */
    public static final int MAX_EXPANSION = 255;

    public static final StructLayout HEADER = structLayout(
            JAVA_LONG.withName("magic"),
            JAVA_INT.withName("version"),
            JAVA_INT.withName("block_bytes"),
            JAVA_INT.withName("reserved"),
            JAVA_INT.withName("crc32c"));

    public static final StructLayout INDEX_ENTRY = structLayout(
            sequenceLayout(Digest.BYTES, JAVA_BYTE).withName("digest"),
            JAVA_LONG.withName("stored_length"),
            JAVA_LONG.withName("length"),
            JAVA_INT.withName("first_block"),
            JAVA_BYTE.withName("encoding"),
            paddingLayout(3));

    public static final StructLayout FOOTER = structLayout(
            JAVA_LONG.withName("magic"),
            JAVA_INT.withName("version"),
            JAVA_INT.withName("entry_count"),
            JAVA_LONG.withName("index_offset"),
            JAVA_LONG.withName("file_length"),
            sequenceLayout(Digest.BYTES, JAVA_BYTE).withName("id"),
            JAVA_INT.withName("index_crc32c"),
            JAVA_INT.withName("crc32c"));

    public static final int HEADER_BYTES = (int) HEADER.byteSize();
    public static final int INDEX_ENTRY_BYTES = (int) INDEX_ENTRY.byteSize();
    public static final int FOOTER_BYTES = (int) FOOTER.byteSize();
    public static final int FAN_OUT_BYTES = FAN_OUT * Integer.BYTES;

    /** Where the first blob may stand: the header has a block of its own. */
    public static final int FIRST_BLOB = BLOCK_BYTES;

    private PackFormat() {}

    public static int offset(StructLayout layout, String field) {
        return (int) layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }

    /** The alignment of a blob of this length that stands in the pack as it is; compressed ones begin at any block. */
    public static int alignment(long length) {
        return length >= LARGE_BYTES ? PAGE_BYTES : BLOCK_BYTES;
    }

    public static long align(long offset, int alignment) {
        return (offset + alignment - 1) & -alignment;
    }
}
