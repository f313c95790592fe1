package dev.velo.core.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** The checked end of a pack: where its index stands and what the pack is called. */
public record PackFooter(Digest id, int entryCount, long indexOffset, long indexLength, int indexChecksum) {

    /** The least that a pack can have: a header block, an empty index and a footer. */
    public static final long MIN_PACK_BYTES =
            (long) PackFormat.FIRST_BLOB + PackFormat.FAN_OUT_BYTES + PackFormat.FOOTER_BYTES;

    /** Checks a pack's header block and footer, of a file of this length. */
    public static PackFooter read(String file, long fileLength, MemorySegment header, MemorySegment footer)
            throws FormatException {
        checkMagic(file, 0, header.get(JAVA_LONG_UNALIGNED, 0), PackFormat.HEADER_MAGIC);
        checkVersion(file, 0, header.get(JAVA_INT_UNALIGNED, PackFormat.offset(PackFormat.HEADER, "version")));
        int headerCrc = PackFormat.offset(PackFormat.HEADER, "crc32c");
        checkSum(file, headerCrc, header.asSlice(0, headerCrc), header.get(JAVA_INT_UNALIGNED, headerCrc));
        int blockBytes = header.get(JAVA_INT_UNALIGNED, PackFormat.offset(PackFormat.HEADER, "block_bytes"));
        if (blockBytes != PackFormat.BLOCK_BYTES) {
            throw new FormatException(file, 0, Reason.BAD_LENGTH, "blocks of " + blockBytes + " bytes");
        }
        if (header.get(JAVA_INT_UNALIGNED, PackFormat.offset(PackFormat.HEADER, "reserved")) != 0) {
            throw new FormatException(file, 0, Reason.INCONSISTENT, "reserved bytes are not zero");
        }
        for (long i = PackFormat.HEADER_BYTES; i < PackFormat.FIRST_BLOB; i++) {
            if (header.get(JAVA_BYTE, i) != 0) {
                throw new FormatException(file, i, Reason.INCONSISTENT, "reserved bytes are not zero");
            }
        }
        return readFooter(file, fileLength, footer);
    }

    private static PackFooter readFooter(String file, long fileLength, MemorySegment footer) throws FormatException {
        long at = fileLength - PackFormat.FOOTER_BYTES;
        if (footer.get(JAVA_LONG_UNALIGNED, 0) != PackFormat.FOOTER_MAGIC) {
            throw new FormatException(
                    file, at, Reason.TRUNCATED, "no footer at the end; move the pack away and ingest its trees again");
        }
        checkVersion(file, at, footer.get(JAVA_INT_UNALIGNED, field("version")));
        checkSum(file, at, footer.asSlice(0, field("crc32c")), footer.get(JAVA_INT_UNALIGNED, field("crc32c")));
        int count = footer.get(JAVA_INT_UNALIGNED, field("entry_count"));
        long indexOffset = footer.get(JAVA_LONG_UNALIGNED, field("index_offset"));
        long indexLength = PackFormat.FAN_OUT_BYTES + (long) count * PackFormat.INDEX_ENTRY_BYTES;
        boolean fits = count >= 0
                && indexOffset >= PackFormat.FIRST_BLOB
                && indexOffset % PackFormat.PAGE_BYTES == 0
                && indexOffset + indexLength == at
                && footer.get(JAVA_LONG_UNALIGNED, field("file_length")) == fileLength;
        if (!fits) {
            throw new FormatException(file, at, Reason.BAD_LENGTH, count + " entries at " + indexOffset);
        }
        byte[] id = footer.asSlice(field("id"), Digest.BYTES).toArray(JAVA_BYTE);
        return new PackFooter(
                Digest.of(id, 0),
                count,
                indexOffset,
                indexLength,
                footer.get(JAVA_INT_UNALIGNED, field("index_crc32c")));
    }

    /** Checks the bytes of the index and reads it in place; the segment must outlive what is returned. */
    public PackIndex index(String file, MemorySegment index) throws FormatException {
        checkSum(file, indexOffset, index, indexChecksum);
        return new PackIndex(file, index, indexOffset, entryCount);
    }

    static int checksum(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += 1L << 30) {
            crc.update(
                    bytes.asSlice(at, Math.min(1L << 30, bytes.byteSize() - at)).asByteBuffer());
        }
        return (int) crc.getValue();
    }

    private static int field(String name) {
        return PackFormat.offset(PackFormat.FOOTER, name);
    }

    private static void checkMagic(String file, long offset, long found, long expected) throws FormatException {
        if (found != expected) {
            throw new FormatException(file, offset, Reason.BAD_MAGIC, "not a Velo pack");
        }
    }

    private static void checkVersion(String file, long offset, int version) throws FormatException {
        if (version != PackFormat.VERSION) {
            Reason reason = Integer.compareUnsigned(version, PackFormat.VERSION) > 0 ? Reason.TOO_NEW : Reason.TOO_OLD;
            throw new FormatException(
                    file,
                    offset,
                    reason,
                    "version " + Integer.toUnsignedString(version) + ", this Velo reads " + PackFormat.VERSION);
        }
    }

    private static void checkSum(String file, long offset, MemorySegment bytes, int expected) throws FormatException {
        if (checksum(bytes) != expected) {
            throw new FormatException(file, offset, Reason.CHECKSUM, "CRC-32C of " + bytes.byteSize() + " bytes");
        }
    }
}
