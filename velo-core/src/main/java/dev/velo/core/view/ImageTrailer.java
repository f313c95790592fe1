package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The end of an image, by which its lookup section is found. Sections follow one another, so that no offset is stored that could be
 * wrong: the kernel's part, digests, slots, paths, trailer.
 */
record ImageTrailer(
        int flags,
        long fileLength,
        long erofsBytes,
        long pathBytes,
        long hashSeed,
        int blobCount,
        int pathCount,
        int slotShift,
        Digest tree,
        int contentChecksum) {

    long digestsOffset() {
        return erofsBytes;
    }

    long slotsOffset() {
        return digestsOffset() + (long) blobCount * Digest.BYTES;
    }

    long pathsOffset() {
        return slotsOffset() + ((long) ImageFormat.SLOT_BYTES << slotShift);
    }

    /** Where a field of the trailer stands in the file. */
    long offset(String field) {
        return fileLength - ImageFormat.TRAILER_BYTES + at(field);
    }

    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(ImageFormat.TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(at("magic"), ImageFormat.MAGIC);
        bytes.putInt(at("version"), ImageFormat.VERSION);
        bytes.putInt(at("flags"), flags);
        bytes.putLong(at("file_length"), fileLength);
        bytes.putLong(at("erofs_bytes"), erofsBytes);
        bytes.putLong(at("path_bytes"), pathBytes);
        bytes.putLong(at("hash_seed"), hashSeed);
        bytes.putInt(at("blob_count"), blobCount);
        bytes.putInt(at("path_count"), pathCount);
        bytes.putInt(at("slot_shift"), slotShift);
        bytes.put(at("tree"), tree.toBytes());
        bytes.putInt(at("content_crc32c"), contentChecksum);
        bytes.putInt(at("crc32c"), checksum(MemorySegment.ofBuffer(bytes)));
        return bytes.array();
    }

    /** Reads and checks the trailer of a mapped image. */
    static ImageTrailer read(String file, MemorySegment image) throws FormatException {
        long length = image.byteSize();
        int least = ErofsFormat.DEVICES_OFFSET + ImageFormat.TRAILER_BYTES;
        if (length < least) {
            throw new FormatException(
                    file, length, length == 0 ? Reason.EMPTY : Reason.TRUNCATED, "an image has at least " + least);
        }
        long start = length - ImageFormat.TRAILER_BYTES;
        MemorySegment bytes = image.asSlice(start);
        if (bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at("magic")) != ImageFormat.MAGIC) {
            throw new FormatException(file, start, Reason.TRUNCATED, "no trailer at the end");
        }
        int version = integer(bytes, "version");
        if (version != ImageFormat.VERSION) {
            throw new FormatException(
                    file, start, version > ImageFormat.VERSION ? Reason.TOO_NEW : Reason.TOO_OLD, "version " + version);
        }
        if (integer(bytes, "crc32c") != checksum(bytes)) {
            throw new FormatException(file, start + at("crc32c"), Reason.CHECKSUM, "trailer");
        }
        byte[] tree = new byte[Digest.BYTES];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at("tree"), tree, 0, tree.length);
        ImageTrailer trailer = new ImageTrailer(
                integer(bytes, "flags"),
                word(bytes, "file_length"),
                word(bytes, "erofs_bytes"),
                word(bytes, "path_bytes"),
                word(bytes, "hash_seed"),
                integer(bytes, "blob_count"),
                integer(bytes, "path_count"),
                integer(bytes, "slot_shift"),
                Digest.of(tree, 0),
                integer(bytes, "content_crc32c"));
        trailer.requireLengths(file, start, length);
        if (integer(bytes, "reserved") != 0) {
            throw new FormatException(file, start + at("reserved"), Reason.INCONSISTENT, "reserved bytes");
        }
        return trailer;
    }

    private void requireLengths(String file, long start, long length) throws FormatException {
        boolean bounded = slotShift >= 0
                && slotShift <= ImageFormat.MAX_SLOT_SHIFT
                && blobCount >= 0
                && pathCount >= 0
                && pathCount < 1L << slotShift
                && erofsBytes >= ErofsFormat.DEVICES_OFFSET
                && erofsBytes <= length
                && erofsBytes % (1 << ErofsFormat.MIN_BLOCK_SHIFT) == 0
                && pathBytes >= 0
                && pathBytes <= length
                && pathBytes % ImageFormat.PATH_ALIGNMENT == 0;
        if (!bounded || fileLength != length || pathsOffset() + pathBytes != start) {
            throw new FormatException(file, start, Reason.BAD_LENGTH, "the sections do not fill the file");
        }
        if ((flags & ~ImageFormat.FLAGS) != 0) {
            throw new FormatException(file, start + at("flags"), Reason.INCONSISTENT, "flags " + flags);
        }
    }

    private static int checksum(MemorySegment trailer) {
        CRC32C crc = new CRC32C();
        crc.update(trailer.asSlice(0, at("crc32c")).asByteBuffer());
        return (int) crc.getValue();
    }

    private static int at(String field) {
        return ErofsFormat.offset(ImageFormat.TRAILER, field);
    }

    private static int integer(MemorySegment bytes, String field) {
        return bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at(field));
    }

    private static long word(MemorySegment bytes, String field) {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at(field));
    }
}
