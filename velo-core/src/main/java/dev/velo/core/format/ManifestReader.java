package dev.velo.core.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Checks the bytes of a manifest and makes a {@link Manifest} of them. A manifest may come from a stranger: everything that the
 * rest of Velo relies on is checked here, and what is not canonical is refused.
 */
public final class ManifestReader {
    /** Ample for fifty million files; a longer file is refused before it is read. */
    public static final long MAX_BYTES = 1L << 34;

    /** More entries cannot be numbered. */
    public static final int MAX_ENTRIES = ManifestFormat.MAX_ENTRIES;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final String file;
    private final MemorySegment bytes;

    private ManifestReader(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Reads a manifest; {@code file} is for messages, the bytes are copied. */
    public static Manifest read(String file, MemorySegment bytes) throws FormatException {
        return new ManifestReader(file, bytes).read();
    }

    private Manifest read() throws FormatException {
        checkHeader();
        int entryCount = intField("entry_count");
        int blobCount = intField("blob_count");
        int ownerCount = intField("owner_count");
        int attributeBytes = intField("attribute_bytes");
        long stringBytes = longField("string_bytes");
        requireCount(entryCount >= 1 && entryCount <= ManifestFormat.MAX_ENTRIES, "entry_count");
        requireCount(blobCount >= 0 && blobCount <= Math.min(entryCount, ManifestFormat.MAX_BLOBS), "blob_count");
        requireCount(ownerCount >= 0 && ownerCount <= entryCount, "owner_count");
        requireCount(attributeBytes >= 0 && attributeBytes <= ManifestFormat.MAX_ARRAY, "attribute_bytes");
        requireCount(stringBytes >= 0 && stringBytes <= ManifestFormat.MAX_ARRAY, "string_bytes");
        long entriesAt = ManifestFormat.HEADER_BYTES;
        long digestsAt = entriesAt + (long) entryCount * ManifestFormat.ENTRY_BYTES;
        long ownersAt = digestsAt + (long) blobCount * Digest.BYTES;
        long attributesAt = ownersAt + (long) ownerCount * ManifestFormat.OWNER_BYTES;
        long stringsAt = attributesAt + attributeBytes;
        if (stringsAt + stringBytes != bytes.byteSize()) {
            throw fault(entriesAt, Reason.BAD_LENGTH, "the sections do not fill the file");
        }
        int[] entries = bytes.asSlice(entriesAt, digestsAt - entriesAt).toArray(INT);
        byte[] digests = byteArray(digestsAt, ownersAt);
        int[] owners = bytes.asSlice(ownersAt, attributesAt - ownersAt).toArray(INT);
        byte[] attributes = byteArray(attributesAt, stringsAt);
        byte[] strings = byteArray(stringsAt, bytes.byteSize());
        Manifest manifest = new Manifest(file, entries, digests, owners, attributes, strings);
        new ManifestCheck(manifest, entries, attributes, strings, blobCount, ownerCount).run();
        return manifest;
    }

    private byte[] byteArray(long from, long to) {
        return bytes.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    }

    private void checkHeader() throws FormatException {
        long length = bytes.byteSize();
        if (length == 0) {
            throw fault(0, Reason.EMPTY, "a manifest has at least " + ManifestFormat.HEADER_BYTES + " bytes");
        }
        if (length >= Long.BYTES && bytes.get(LONG, 0) != ManifestFormat.MAGIC) {
            throw fault(0, Reason.BAD_MAGIC, "not a Velo manifest");
        }
        if (length < ManifestFormat.HEADER_BYTES) {
            throw fault(length, Reason.TRUNCATED, "the header has " + ManifestFormat.HEADER_BYTES + " bytes");
        }
        int version = intField("version");
        if (version != ManifestFormat.VERSION) {
            Reason reason =
                    Integer.compareUnsigned(version, ManifestFormat.VERSION) > 0 ? Reason.TOO_NEW : Reason.TOO_OLD;
            throw fault(
                    Long.BYTES,
                    reason,
                    "version " + Integer.toUnsignedString(version) + ", this Velo reads " + ManifestFormat.VERSION);
        }
        long stated = longField("total_length");
        if (stated != length) {
            Reason reason = stated > length ? Reason.TRUNCATED : Reason.BAD_LENGTH;
            throw fault(length, reason, "the header says " + stated + " bytes");
        }
        CRC32C crc = new CRC32C();
        long at = ManifestFormat.CHECKED_FROM;
        while (at < length) {
            long part = Math.min(1L << 30, length - at);
            crc.update(bytes.asSlice(at, part).asByteBuffer());
            at += part;
        }
        if ((int) crc.getValue() != intField("crc32c")) {
            throw fault(
                    ManifestFormat.offset(ManifestFormat.HEADER, "crc32c"), Reason.CHECKSUM, "CRC-32C of the contents");
        }
        byte[] padding = byteArray(ManifestFormat.HEADER_BYTES - 16L, ManifestFormat.HEADER_BYTES);
        if (!Arrays.equals(padding, new byte[16])) {
            throw fault(ManifestFormat.HEADER_BYTES - 16L, Reason.INCONSISTENT, "reserved bytes are not zero");
        }
    }

    private void requireCount(boolean possible, String field) throws FormatException {
        if (!possible) {
            throw fault(ManifestFormat.offset(ManifestFormat.HEADER, field), Reason.BAD_LENGTH, field);
        }
    }

    private int intField(String field) {
        return bytes.get(INT, ManifestFormat.offset(ManifestFormat.HEADER, field));
    }

    private long longField(String field) {
        return bytes.get(LONG, ManifestFormat.offset(ManifestFormat.HEADER, field));
    }

    private FormatException fault(long offset, Reason reason, String detail) {
        return new FormatException(file, offset, reason, detail);
    }
}
