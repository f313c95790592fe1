package dev.velo.core.format;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The layout of a compact manifest, the form in which a store keeps its own copy of one: header, deflated entries, digests as they are,
 * and all that follows them in a manifest, deflated; little-endian. {@code docs/format/compact.md} tells the rules. It becomes the
 * canonical manifest again, byte for byte, and nobody exchanges it.
 */
public final class CompactManifestFormat {
    /** "VELOCOMP" as a little-endian word. */
    static final long MAGIC = 0x504d4f434f4c4556L;

    static final int VERSION = 1;

    /** So many entries are cut into columns together: the writer and the reader have no more of them in memory twice. */
    static final int BLOCK_ENTRIES = 1 << 15;

    /** No deflated byte becomes more: 258 bytes take two bits at least. */
    static final int MAX_EXPANSION = 1032;

    public static final StructLayout HEADER = structLayout(
            JAVA_LONG.withName("magic"),
            JAVA_INT.withName("version"),
            JAVA_INT.withName("crc32c"),
            JAVA_LONG.withName("total_length"),
            JAVA_LONG.withName("entry_bytes"),
            sequenceLayout(ManifestFormat.HEADER_BYTES, JAVA_BYTE).withName("manifest"));

    static final int HEADER_BYTES = (int) HEADER.byteSize();

    /** The checksum covers what is behind the header, and then the header from here on. */
    static final int CHECKED_FROM = offset("total_length");

    static final int MANIFEST_AT = offset("manifest");

    private CompactManifestFormat() {}

    static int offset(String field) {
        return ManifestFormat.offset(HEADER, field);
    }

    /** Whether these bytes, the first of a file, are those of a compact manifest. */
    public static boolean isMagic(MemorySegment bytes) {
        return bytes.byteSize() >= Long.BYTES && bytes.get(JAVA_LONG_UNALIGNED, 0) == MAGIC;
    }

    /** Where the digests begin in the compact manifest with this header; -1 if it is none, or one of another number of blobs. */
    public static long digests(MemorySegment header, int blobs) {
        long entryBytes = header.get(JAVA_LONG_UNALIGNED, offset("entry_bytes"));
        boolean known = isMagic(header)
                && header.get(JAVA_INT_UNALIGNED, offset("version")) == VERSION
                && entryBytes >= 0
                && entryBytes <= ManifestReader.MAX_BYTES
                && ManifestFormat.digests(header.asSlice(MANIFEST_AT), blobs) >= 0;
        return known ? HEADER_BYTES + entryBytes : -1;
    }
}
