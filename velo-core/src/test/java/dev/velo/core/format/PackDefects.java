package dev.velo.core.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** What can be wrong with a pack: its ends, its index, one entry. In the small pack "second" is entry 0, "hello" entry 1. */
final class PackDefects {
    private static final int SECOND_BUCKET = 0x16;
    private static final int HELLO_BUCKET = 0x2c;

    private final List<Defect> defects = new ArrayList<>();

    private PackDefects() {}

    static List<Defect> all() {
        PackDefects all = new PackDefects();
        all.addWholeFiles();
        all.addHeader();
        all.addFooter();
        all.addFanOut();
        all.addEntries();
        all.addCompressed();
        return all.defects;
    }

    private void raw(String name, Reason reason, String detail, UnaryOperator<byte[]> change) {
        defects.add(new Defect(name, reason, detail, change.apply(PackFixture.small())));
    }

    private void defect(String name, Reason reason, String detail, UnaryOperator<PackParts> change) {
        raw(name, reason, detail, bytes -> change.apply(new PackParts(bytes)).sealed());
    }

    private void addWholeFiles() {
        raw("empty", Reason.EMPTY, "a pack has more bytes", bytes -> new byte[0]);
        raw("too-short", Reason.TRUNCATED, "a pack has more bytes", bytes -> Arrays.copyOf(bytes, 1607));
        raw("cut-by-one", Reason.TRUNCATED, "no footer", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        raw("longer-by-one", Reason.TRUNCATED, "no footer", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
    }

    private void addHeader() {
        defect("header-magic", Reason.BAD_MAGIC, "not a Velo pack", parts -> parts.setByte(0, 'v'));
        defect(
                "header-version-next",
                Reason.TOO_NEW,
                "byte 0: version 2",
                parts -> parts.setInt(parts.header("version"), 2));
        defect(
                "header-version-none",
                Reason.TOO_OLD,
                "byte 0: version 0",
                parts -> parts.setInt(parts.header("version"), 0));
        raw("header-checksum", Reason.CHECKSUM, "CRC-32C of 20 bytes", bytes -> {
            PackParts parts = new PackParts(bytes);
            return parts.setInt(parts.header("crc32c"), 0).raw();
        });
        defect(
                "header-block-bytes",
                Reason.BAD_LENGTH,
                "blocks of 4096",
                parts -> parts.setInt(parts.header("block_bytes"), 4096));
        defect(
                "header-reserved",
                Reason.INCONSISTENT,
                "reserved bytes",
                parts -> parts.setInt(parts.header("reserved"), 1));
        defect("header-rest", Reason.INCONSISTENT, "byte 511: reserved bytes", parts -> parts.setByte(511, 1));
    }

    private void addFooter() {
        defect("footer-magic", Reason.TRUNCATED, "no footer", parts -> parts.setByte(parts.footer("magic"), 'v'));
        defect("footer-version-next", Reason.TOO_NEW, "version 2", parts -> parts.setInt(parts.footer("version"), 2));
        defect("footer-version-none", Reason.TOO_OLD, "version 0", parts -> parts.setInt(parts.footer("version"), 0));
        raw("footer-checksum", Reason.CHECKSUM, "CRC-32C of 68 bytes", bytes -> {
            PackParts parts = new PackParts(bytes);
            return parts.setInt(parts.footer("crc32c"), 0).raw();
        });
        defect(
                "footer-count-negative",
                Reason.BAD_LENGTH,
                "-1 entries",
                parts -> parts.setInt(parts.footer("entry_count"), -1));
        defect(
                "footer-count-too-large",
                Reason.BAD_LENGTH,
                "3 entries",
                parts -> parts.setInt(parts.footer("entry_count"), 3));
        defect(
                "footer-index-offset",
                Reason.BAD_LENGTH,
                "at 8192",
                parts -> parts.setLong(parts.footer("index_offset"), 8192));
        defect(
                "footer-file-length",
                Reason.BAD_LENGTH,
                "2 entries at 4096",
                parts -> parts.setLong(parts.footer("file_length"), 1));
        raw("footer-index-unaligned", Reason.BAD_LENGTH, "2 entries at 3584", bytes -> moved(bytes, 3584));
        raw("footer-index-in-header", Reason.BAD_LENGTH, "10 entries at 0", bytes -> indexInHeader());
        raw("index-checksum", Reason.CHECKSUM, "CRC-32C of 1136 bytes", bytes -> {
            PackParts parts = new PackParts(bytes);
            return parts.setByte(parts.entry(0, "length"), 7).raw();
        });
    }

    /** The pack with its index elsewhere, all lengths and sums right. */
    private static byte[] moved(byte[] pack, int indexOffset) {
        int old = new PackParts(pack).indexOffset();
        byte[] tail = Arrays.copyOfRange(pack, old, pack.length);
        byte[] moved = ManifestParts.concat(Arrays.copyOf(pack, indexOffset), tail);
        PackParts parts = new PackParts(moved);
        parts.setLong(parts.footer("index_offset"), indexOffset);
        parts.setLong(parts.footer("file_length"), moved.length);
        return new PackParts(parts.raw()).sealed();
    }

    /** A header that is also the beginning of the index; of ten entries, or the file would be too short to be looked at. */
    private static byte[] indexInHeader() {
        PackIndexBuilder builder = new PackIndexBuilder(16);
        for (int i = 0; i < 10; i++) {
            builder.add(i, 0, 0, 0, PackFormat.FIRST_BLOB, 1);
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] pack = builder.indexAndFooter(arena, 0).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment.copy(
                    PackIndexBuilder.header(arena), 0, MemorySegment.ofArray(pack), 0, PackFormat.FIRST_BLOB);
            return new PackParts(pack).sealed();
        }
    }

    private void addFanOut() {
        defect("fan-out-negative", Reason.BAD_ORDER, "fan-out 0", parts -> parts.setInt(parts.fanOut(0), -1));
        defect(
                "fan-out-decreasing",
                Reason.BAD_ORDER,
                "fan-out 23",
                parts -> parts.setInt(parts.fanOut(SECOND_BUCKET + 1), 0));
        defect("fan-out-too-large", Reason.BAD_ORDER, "fan-out 44", parts -> parts.fanOutFrom(HELLO_BUCKET, 3));
        defect(
                "fan-out-too-small",
                Reason.INCONSISTENT,
                "fan-out covers 1 of 2",
                parts -> parts.fanOutFrom(HELLO_BUCKET, 1));
        defect(
                "fan-out-early",
                Reason.BAD_ORDER,
                "digest of index entry 0",
                parts -> parts.setInt(parts.fanOut(SECOND_BUCKET - 1), 1));
    }

    private void addEntries() {
        defect(
                "digests-unordered",
                Reason.BAD_ORDER,
                "digest of index entry",
                parts -> inOneBucket(parts).swapEntries(0, 1));
        defect("digests-equal", Reason.BAD_ORDER, "digest of index entry 1", parts -> {
            System.arraycopy(
                    parts.raw(), parts.entry(0, "digest"), parts.raw(), parts.entry(1, "digest"), Digest.BYTES);
            return parts.fanOutFrom(SECOND_BUCKET, 2);
        });
        entry("entry-encoding", Reason.TOO_NEW, "encoding 2 of", "encoding", 2);
        entry("entry-encoding-largest", Reason.TOO_NEW, "encoding 255 of", "encoding", 255);
        entry("entry-reserved", Reason.INCONSISTENT, "reserved bytes", "encoding", 1 << 8);
        entry("entry-length", Reason.BAD_LENGTH, "length 7, stored 6", "length", 7);
        entry("entry-block-zero", Reason.OUT_OF_BOUNDS, "blob at 0", "first_block", 0);
        entry("entry-block-in-index", Reason.OUT_OF_BOUNDS, "blob at 4096", "first_block", 8);
        entry("entry-block-largest", Reason.OUT_OF_BOUNDS, "blob at 2199023255040", "first_block", -1);
        lengths("entry-length-zero", Reason.BAD_LENGTH, "length 0, stored 0", 0);
        lengths("entry-length-negative", Reason.BAD_LENGTH, "length -1, stored -1", -1);
        lengths("entry-too-long", Reason.OUT_OF_BOUNDS, "blob at 1024 of 3073 bytes", 3073);
        lengths("entry-much-too-long", Reason.OUT_OF_BOUNDS, "blob at 1024", Long.MAX_VALUE);
        defects.add(new Defect("entry-large-unaligned", Reason.INCONSISTENT, "is not aligned", unaligned()));
    }

    private void addCompressed() {
        compressed("compressed-not-shorter", Reason.BAD_LENGTH, "length 6, stored 6", 6, 6);
        compressed("compressed-longer", Reason.BAD_LENGTH, "length 6, stored 7", 7, 6);
        compressed("compressed-to-nothing", Reason.BAD_LENGTH, "length 6, stored 0", 0, 6);
        compressed("compressed-to-less", Reason.BAD_LENGTH, "length 6, stored -1", -1, 6);
        compressed("compressed-of-nothing", Reason.BAD_LENGTH, "length 0, stored 6", 6, 0);
        compressed("compressed-too-well", Reason.BAD_LENGTH, "length 1531, stored 6", 6, 6 * 255 + 1);
        compressed("compressed-past-end", Reason.OUT_OF_BOUNDS, "blob at 1024 of 3073 bytes", 3073, 4000);
        defects.add(new Defect("compressed-too-long", Reason.BAD_LENGTH, "length 33554433", tooLong()));
    }

    private void compressed(String name, Reason reason, String detail, long stored, long length) {
        defect(name, reason, detail, parts -> compressed(parts, 0, stored, length));
    }

    private static PackParts compressed(PackParts parts, int entry, long stored, long length) {
        return parts.setByte(parts.entry(entry, "encoding"), PackFormat.ENCODING_LZ4)
                .setLong(parts.entry(entry, "stored_length"), stored)
                .setLong(parts.entry(entry, "length"), length);
    }

    /** A block that is long enough to become more than may be. */
    private static byte[] tooLong() {
        byte[] block = new byte[PackFormat.MAX_COMPRESSED_LENGTH / PackFormat.MAX_EXPANSION + 2];
        PackParts parts = new PackParts(PackFixture.pack(List.of(block)));
        return compressed(parts, 0, block.length, PackFormat.MAX_COMPRESSED_LENGTH + 1)
                .sealed();
    }

    /** Both digests begin with the same byte, so that only their order can be wrong. */
    private static PackParts inOneBucket(PackParts parts) {
        return parts.setByte(parts.entry(1, "digest"), SECOND_BUCKET)
                .fanOutFrom(SECOND_BUCKET, 2)
                .setByte(parts.entry(1, "digest") + 1, 0xff);
    }

    private void entry(String name, Reason reason, String detail, String field, int value) {
        defect(name, reason, detail, parts -> parts.setInt(parts.entry(0, field), value));
    }

    private void lengths(String name, Reason reason, String detail, long length) {
        defect(
                name,
                reason,
                detail,
                parts -> parts.setLong(parts.entry(0, "length"), length)
                        .setLong(parts.entry(0, "stored_length"), length));
    }

    private static byte[] unaligned() {
        PackParts parts = new PackParts(PackFixture.large());
        int block = parts.bytes().getInt(parts.entry(0, "first_block")) == 8 ? 0 : 1;
        return parts.setInt(parts.entry(block, "first_block"), 7).sealed();
    }
}
