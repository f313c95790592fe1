package dev.velo.core.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/**
 * Makes a manifest of a compact one again. What comes out has the length that the header says, and is for {@link ManifestReader} to
 * check; nothing is allocated for a length that the file cannot become.
 */
public final class CompactManifestReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final String file;
    private final MemorySegment bytes;

    private CompactManifestReader(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * The bytes of the manifest, in memory of this arena; {@code file} is for messages.
     *
     * @throws FormatException if these are not the bytes of a compact manifest; what is wrong with the manifest in it is not told
     */
    public static MemorySegment expand(String file, MemorySegment bytes, Arena arena) throws FormatException {
        return new CompactManifestReader(file, bytes).expand(arena);
    }

    private MemorySegment expand(Arena arena) throws FormatException {
        checkHeader();
        ManifestSections sections = sections();
        long entriesAt = CompactManifestFormat.HEADER_BYTES;
        long digestsAt = entriesAt + checkedEntryBytes(sections);
        long restAt = digestsAt + sections.digestBytes();
        requireRoom("entry_bytes", sections.entryBytes(), digestsAt - entriesAt);
        requireRoom("total_length", sections.restBytes(), bytes.byteSize() - restAt);
        MemorySegment manifest = arena.allocate(sections.totalBytes(), Long.BYTES);
        MemorySegment.copy(bytes, CompactManifestFormat.MANIFEST_AT, manifest, 0, ManifestFormat.HEADER_BYTES);
        long at = ManifestFormat.HEADER_BYTES;
        joinEntries(digestsAt, manifest.asSlice(at, sections.entryBytes()));
        at += sections.entryBytes();
        MemorySegment.copy(bytes, digestsAt, manifest, at, sections.digestBytes());
        try (InflatedSection rest = new InflatedSection(file, bytes, restAt, bytes.byteSize())) {
            rest.fill(manifest.asSlice(at + sections.digestBytes()));
            rest.requireEnd();
        }
        return manifest;
    }

    private void checkHeader() throws FormatException {
        long length = bytes.byteSize();
        if (length >= Long.BYTES && !CompactManifestFormat.isMagic(bytes)) {
            throw fault("magic", Reason.BAD_MAGIC, "not a compact manifest");
        }
        if (length < CompactManifestFormat.HEADER_BYTES) {
            throw new FormatException(
                    file, length, Reason.TRUNCATED, "the header has " + CompactManifestFormat.HEADER_BYTES + " bytes");
        }
        int version = bytes.get(INT, CompactManifestFormat.offset("version"));
        if (version != CompactManifestFormat.VERSION) {
            throw fault(
                    "version",
                    Integer.compareUnsigned(version, CompactManifestFormat.VERSION) > 0
                            ? Reason.TOO_NEW
                            : Reason.TOO_OLD,
                    "version " + Integer.toUnsignedString(version) + ", this Velo reads "
                            + CompactManifestFormat.VERSION);
        }
        long stated = longField("total_length");
        if (stated != length) {
            Reason reason = stated > length ? Reason.TRUNCATED : Reason.BAD_LENGTH;
            throw new FormatException(file, length, reason, "the header says " + stated + " bytes");
        }
        if (checksum() != bytes.get(INT, CompactManifestFormat.offset("crc32c"))) {
            throw fault("crc32c", Reason.CHECKSUM, "CRC-32C of the contents");
        }
    }

    private int checksum() {
        CRC32C crc = new CRC32C();
        long at = CompactManifestFormat.HEADER_BYTES;
        while (at < bytes.byteSize()) {
            long part = Math.min(1L << 30, bytes.byteSize() - at);
            crc.update(bytes.asSlice(at, part).asByteBuffer());
            at += part;
        }
        int from = CompactManifestFormat.CHECKED_FROM;
        crc.update(
                bytes.asSlice(from, CompactManifestFormat.HEADER_BYTES - from).asByteBuffer());
        return (int) crc.getValue();
    }

    private ManifestSections sections() throws FormatException {
        long base = CompactManifestFormat.MANIFEST_AT;
        MemorySegment header = bytes.asSlice(base, ManifestFormat.HEADER_BYTES);
        boolean known =
                header.get(LONG, 0) == ManifestFormat.MAGIC && header.get(INT, Long.BYTES) == ManifestFormat.VERSION;
        if (!known) {
            throw fault(
                    "manifest",
                    Reason.INCONSISTENT,
                    "not the header of a manifest of version " + ManifestFormat.VERSION);
        }
        ManifestSections sections = ManifestSections.of(file, base, header);
        int lengthField = ManifestFormat.offset(ManifestFormat.HEADER, "total_length");
        if (header.get(LONG, lengthField) != sections.totalBytes()
                || sections.totalBytes() > ManifestReader.MAX_BYTES) {
            throw new FormatException(
                    file, base + lengthField, Reason.BAD_LENGTH, "the sections do not fill the manifest");
        }
        return sections;
    }

    private long checkedEntryBytes(ManifestSections sections) throws FormatException {
        long entryBytes = longField("entry_bytes");
        long most = bytes.byteSize() - CompactManifestFormat.HEADER_BYTES - sections.digestBytes();
        if (entryBytes < 0 || entryBytes > most) {
            throw fault("entry_bytes", Reason.OUT_OF_BOUNDS, "the digests do not fit behind the entries");
        }
        return entryBytes;
    }

    private void requireRoom(String field, long expanded, long deflated) throws FormatException {
        if (expanded > deflated * CompactManifestFormat.MAX_EXPANSION) {
            throw fault(field, Reason.BAD_LENGTH, deflated + " bytes never become " + expanded);
        }
    }

    private void joinEntries(long end, MemorySegment target) throws FormatException {
        int entryCount = (int) (target.byteSize() / ManifestFormat.ENTRY_BYTES);
        int atOnce = Math.min(entryCount, CompactManifestFormat.BLOCK_ENTRIES);
        byte[] cut = new byte[atOnce * ManifestFormat.ENTRY_BYTES];
        int[] block = new int[atOnce * ManifestFormat.ENTRY_WORDS];
        EntryColumns columns = new EntryColumns();
        try (InflatedSection entries = new InflatedSection(file, bytes, CompactManifestFormat.HEADER_BYTES, end)) {
            for (int first = 0; first < entryCount; first += atOnce) {
                int count = Math.min(atOnce, entryCount - first);
                entries.fill(MemorySegment.ofArray(cut).asSlice(0, (long) count * ManifestFormat.ENTRY_BYTES));
                columns.join(cut, count, block);
                MemorySegment.copy(
                        MemorySegment.ofArray(block),
                        0,
                        target,
                        (long) first * ManifestFormat.ENTRY_BYTES,
                        (long) count * ManifestFormat.ENTRY_BYTES);
            }
            entries.requireEnd();
        }
    }

    private long longField(String field) {
        return bytes.get(LONG, CompactManifestFormat.offset(field));
    }

    private FormatException fault(String field, Reason reason, String detail) {
        return new FormatException(file, CompactManifestFormat.offset(field), reason, detail);
    }
}
