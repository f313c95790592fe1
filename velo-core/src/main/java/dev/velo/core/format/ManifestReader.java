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
        ManifestSections sections = ManifestSections.of(file, 0, bytes);
        long entriesAt = ManifestFormat.HEADER_BYTES;
        long digestsAt = entriesAt + sections.entryBytes();
        long ownersAt = digestsAt + sections.digestBytes();
        long attributesAt = ownersAt + sections.ownerBytes();
        long stringsAt = attributesAt + sections.attributeBytes();
        if (sections.totalBytes() != bytes.byteSize()) {
            throw fault(entriesAt, Reason.BAD_LENGTH, "the sections do not fill the file");
        }
        int[] entries = bytes.asSlice(entriesAt, digestsAt - entriesAt).toArray(INT);
        byte[] digests = byteArray(digestsAt, ownersAt);
        int[] owners = bytes.asSlice(ownersAt, attributesAt - ownersAt).toArray(INT);
        byte[] attributes = byteArray(attributesAt, stringsAt);
        byte[] strings = byteArray(stringsAt, bytes.byteSize());
        Manifest manifest = new Manifest(file, entries, digests, owners, attributes, strings);
        new ManifestCheck(manifest, entries, attributes, strings, sections.blobCount(), sections.ownerCount()).run();
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
        if (CompactManifestFormat.isMagic(bytes)) {
            throw fault(0, Reason.BAD_MAGIC, "a compact manifest, which only the store that keeps it reads")
                    .withRemedy("name the file that the tree is registered for, as velo root list tells");
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
