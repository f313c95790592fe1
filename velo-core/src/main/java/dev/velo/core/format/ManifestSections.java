package dev.velo.core.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the header of a manifest says of its sections: each count is one that can be, the sections need not be there.
 *
 * @param ownerCount pairs of user and group
 */
record ManifestSections(int entryCount, int blobCount, int ownerCount, int attributeBytes, long stringBytes) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** Those of a header; {@code file} and {@code base}, where the header begins in it, are for messages. */
    static ManifestSections of(String file, long base, MemorySegment header) throws FormatException {
        ManifestSections sections = new ManifestSections(
                header.get(INT, at("entry_count")),
                header.get(INT, at("blob_count")),
                header.get(INT, at("owner_count")),
                header.get(INT, at("attribute_bytes")),
                header.get(LONG, at("string_bytes")));
        String impossible = sections.impossible();
        if (!impossible.isEmpty()) {
            throw new FormatException(file, base + at(impossible), Reason.BAD_LENGTH, impossible);
        }
        return sections;
    }

    private static int at(String field) {
        return ManifestFormat.offset(ManifestFormat.HEADER, field);
    }

    /** The first field that cannot be what it is; empty if all can. */
    private String impossible() {
        if (entryCount < 1 || entryCount > ManifestFormat.MAX_ENTRIES) {
            return "entry_count";
        }
        if (blobCount < 0 || blobCount > Math.min(entryCount, ManifestFormat.MAX_BLOBS)) {
            return "blob_count";
        }
        if (ownerCount < 0 || ownerCount > entryCount) {
            return "owner_count";
        }
        if (attributeBytes < 0 || attributeBytes > ManifestFormat.MAX_ARRAY) {
            return "attribute_bytes";
        }
        return stringBytes < 0 || stringBytes > ManifestFormat.MAX_ARRAY ? "string_bytes" : "";
    }

    long entryBytes() {
        return (long) entryCount * ManifestFormat.ENTRY_BYTES;
    }

    long digestBytes() {
        return (long) blobCount * Digest.BYTES;
    }

    long ownerBytes() {
        return (long) ownerCount * ManifestFormat.OWNER_BYTES;
    }

    /** Of all that stands behind the digests. */
    long restBytes() {
        return ownerBytes() + attributeBytes + stringBytes;
    }

    /** Of the whole manifest. */
    long totalBytes() {
        return ManifestFormat.HEADER_BYTES + entryBytes() + digestBytes() + restBytes();
    }
}
