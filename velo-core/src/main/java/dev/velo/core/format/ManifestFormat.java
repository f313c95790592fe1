package dev.velo.core.format;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The layout of a manifest: header, entries, digests, owners, attribute sets, strings; little-endian, each section directly behind
 * the one before, so that no offset is stored that could be wrong. {@code docs/format/manifest.md} tells the rules.
 */
public final class ManifestFormat {
    /** "VELOTREE" as a little-endian word. */
    static final long MAGIC = 0x454552544f4c4556L;

    /** How many bytes tell that a file is a manifest. */
    public static final int MAGIC_BYTES = Long.BYTES;

    static final int VERSION = 1;

    /** The ref of a file without bytes. */
    static final int NO_BLOB = -1;

    static final int MAX_NAME_BYTES = 255;
    static final int MAX_TARGET_BYTES = 4095;
    static final int MAX_ENTRIES = Integer.MAX_VALUE / 16;

    /** Sections of bytes are read into arrays, and no array is longer. */
    static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    static final int MAX_BLOBS = MAX_ARRAY / Digest.BYTES;

    public static final StructLayout HEADER = structLayout(
            JAVA_LONG.withName("magic"),
            JAVA_INT.withName("version"),
            JAVA_INT.withName("crc32c"),
            JAVA_LONG.withName("total_length"),
            JAVA_INT.withName("entry_count"),
            JAVA_INT.withName("blob_count"),
            JAVA_INT.withName("owner_count"),
            JAVA_INT.withName("attribute_bytes"),
            JAVA_LONG.withName("string_bytes"),
            paddingLayout(16));

    public static final StructLayout ENTRY = structLayout(
            JAVA_INT.withName("name_offset"),
            JAVA_BYTE.withName("name_length"),
            JAVA_BYTE.withName("kind"),
            JAVA_SHORT.withName("permissions"),
            JAVA_LONG.withName("mtime_seconds"),
            JAVA_INT.withName("mtime_nanos"),
            JAVA_INT.withName("attributes"),
            JAVA_LONG.withName("size"),
            JAVA_INT.withName("ref"),
            JAVA_INT.withName("owner"));

    public static final StructLayout BLOB =
            structLayout(sequenceLayout(Digest.BYTES, JAVA_BYTE).withName("digest"));

    public static final StructLayout OWNER = structLayout(JAVA_INT.withName("uid"), JAVA_INT.withName("gid"));

    static final int HEADER_BYTES = (int) HEADER.byteSize();
    static final int ENTRY_BYTES = (int) ENTRY.byteSize();
    static final int OWNER_BYTES = (int) OWNER.byteSize();

    /** The checksum covers everything from this field to the end of the file. */
    static final int CHECKED_FROM = offset(HEADER, "total_length");

    // entries are held as whole words, so a field is found by the number of its word
    static final int ENTRY_WORDS = ENTRY_BYTES / Integer.BYTES;
    static final int NAME_OFFSET_WORD = word("name_offset");
    static final int NAME_LENGTH_WORD = word("name_length");
    static final int MTIME_SECONDS_WORD = word("mtime_seconds");
    static final int MTIME_NANOS_WORD = word("mtime_nanos");
    static final int ATTRIBUTES_WORD = word("attributes");
    static final int SIZE_WORD = word("size");
    static final int REF_WORD = word("ref");
    static final int OWNER_WORD = word("owner");

    private ManifestFormat() {}

    /** Where the digests begin in the manifest with this header; -1 if it is none, or one of another number of blobs. */
    public static long digests(MemorySegment header, int blobs) {
        int entries = header.get(JAVA_INT_UNALIGNED, offset(HEADER, "entry_count"));
        boolean known = header.get(JAVA_LONG_UNALIGNED, offset(HEADER, "magic")) == MAGIC
                && header.get(JAVA_INT_UNALIGNED, offset(HEADER, "version")) == VERSION
                && entries >= 1
                && header.get(JAVA_INT_UNALIGNED, offset(HEADER, "blob_count")) == blobs;
        return known ? HEADER_BYTES + (long) entries * ENTRY_BYTES : -1;
    }

    static int offset(StructLayout layout, String field) {
        return (int) layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }

    private static int word(String field) {
        return offset(ENTRY, field) / Integer.BYTES;
    }

    /** Whether these bytes, the first of a file, are those of a manifest. */
    public static boolean isMagic(MemorySegment bytes) {
        return bytes.get(JAVA_LONG_UNALIGNED, 0) == MAGIC;
    }
}
