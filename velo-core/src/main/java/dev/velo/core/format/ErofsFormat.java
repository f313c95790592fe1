package dev.velo.core.format;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The part of the EROFS disk format that images use: no compression, no shared attributes, data on extra devices. Little-endian;
 * {@code docs/format/image.md} tells the rules. Source: {@code fs/erofs/erofs_fs.h} of Linux 6.18 and
 * {@code Documentation/filesystems/erofs.rst}.
 */
public final class ErofsFormat {
    public static final int MAGIC = 0xE0F5E1E2;
    public static final int SUPERBLOCK_OFFSET = 1024;

    /** CRC-32C after the four bytes of the magic, from all ones; the checksum begins with it. */
    public static final int CHECKSUM_SEED = 0x5045B54A;

    public static final int COMPAT_CHECKSUM = 0x1;
    public static final int COMPAT_MTIME = 0x2;
    public static final int INCOMPAT_CHUNKED_FILE = 0x4;
    public static final int INCOMPAT_DEVICE_TABLE = 0x8;

    public static final int MIN_BLOCK_SHIFT = 9;
    public static final int MAX_BLOCK_SHIFT = 12;

    /** Inodes stand at multiples of this, and are numbered by it. */
    public static final int SLOT_SHIFT = 5;

    public static final int SLOT_BYTES = 1 << SLOT_SHIFT;

    public static final int LAYOUT_PLAIN = 0;
    public static final int LAYOUT_INLINE = 2;
    public static final int LAYOUT_CHUNKED = 4;
    public static final int FORMAT_EXTENDED = 1;
    public static final int FORMAT_LAYOUT_SHIFT = 1;
    public static final int CHUNK_INDEXES = 0x20;
    public static final int CHUNK_BITS = 0x1f;

    /** A block number that says that there is none. */
    public static final int NO_BLOCK = -1;

    /** The link of an inode to the root must fit 16 bits. */
    public static final int MAX_ROOT_NID = 0xffff;

    public static final int MAX_DEVICES = 0xffff;

    public static final StructLayout SUPERBLOCK = structLayout(
            JAVA_INT.withName("magic"),
            JAVA_INT.withName("checksum"),
            JAVA_INT.withName("feature_compat"),
            JAVA_BYTE.withName("blkszbits"),
            JAVA_BYTE.withName("sb_extslots"),
            JAVA_SHORT.withName("root_nid"),
            JAVA_LONG.withName("inos"),
            JAVA_LONG.withName("epoch"),
            JAVA_INT.withName("fixed_nsec"),
            JAVA_INT.withName("blocks"),
            JAVA_INT.withName("meta_blkaddr"),
            JAVA_INT.withName("xattr_blkaddr"),
            sequenceLayout(16, JAVA_BYTE).withName("uuid"),
            sequenceLayout(16, JAVA_BYTE).withName("volume_name"),
            JAVA_INT.withName("feature_incompat"),
            JAVA_SHORT.withName("compression"),
            JAVA_SHORT.withName("extra_devices"),
            JAVA_SHORT.withName("devt_slotoff"),
            JAVA_BYTE.withName("dirblkbits"),
            paddingLayout(37));

    public static final StructLayout DEVICE = structLayout(
            sequenceLayout(64, JAVA_BYTE).withName("tag"),
            JAVA_INT.withName("blocks"),
            JAVA_INT.withName("uniaddr"),
            paddingLayout(56));

    public static final StructLayout COMPACT_INODE = structLayout(
            JAVA_SHORT.withName("i_format"),
            JAVA_SHORT.withName("i_xattr_icount"),
            JAVA_SHORT.withName("i_mode"),
            JAVA_SHORT.withName("i_nlink"),
            JAVA_INT.withName("i_size"),
            JAVA_INT.withName("i_mtime"),
            JAVA_INT.withName("i_u"),
            JAVA_INT.withName("i_ino"),
            JAVA_SHORT.withName("i_uid"),
            JAVA_SHORT.withName("i_gid"),
            paddingLayout(4));

    public static final StructLayout EXTENDED_INODE = structLayout(
            JAVA_SHORT.withName("i_format"),
            JAVA_SHORT.withName("i_xattr_icount"),
            JAVA_SHORT.withName("i_mode"),
            paddingLayout(2),
            JAVA_LONG.withName("i_size"),
            JAVA_INT.withName("i_u"),
            JAVA_INT.withName("i_ino"),
            JAVA_INT.withName("i_uid"),
            JAVA_INT.withName("i_gid"),
            JAVA_LONG.withName("i_mtime"),
            JAVA_INT.withName("i_mtime_nsec"),
            JAVA_INT.withName("i_nlink"),
            paddingLayout(16));

    public static final StructLayout CHUNK_INDEX = structLayout(
            JAVA_SHORT.withName("startblk_hi"), JAVA_SHORT.withName("device_id"), JAVA_INT.withName("startblk"));

    public static final StructLayout DIRENT = structLayout(
            ValueLayout.JAVA_LONG_UNALIGNED.withName("nid"),
            JAVA_SHORT.withName("nameoff"),
            JAVA_BYTE.withName("file_type"),
            paddingLayout(1));

    public static final StructLayout XATTR_HEADER =
            structLayout(JAVA_INT.withName("name_filter"), JAVA_BYTE.withName("shared_count"), paddingLayout(7));

    public static final StructLayout XATTR_ENTRY = structLayout(
            JAVA_BYTE.withName("name_len"), JAVA_BYTE.withName("name_index"), JAVA_SHORT.withName("value_len"));

    public static final int SUPERBLOCK_BYTES = (int) SUPERBLOCK.byteSize();
    public static final int DEVICE_BYTES = (int) DEVICE.byteSize();
    public static final int COMPACT_BYTES = (int) COMPACT_INODE.byteSize();
    public static final int EXTENDED_BYTES = (int) EXTENDED_INODE.byteSize();
    public static final int CHUNK_INDEX_BYTES = (int) CHUNK_INDEX.byteSize();
    public static final int DIRENT_BYTES = (int) DIRENT.byteSize();
    public static final int XATTR_HEADER_BYTES = (int) XATTR_HEADER.byteSize();
    public static final int XATTR_ENTRY_BYTES = (int) XATTR_ENTRY.byteSize();
    public static final int TAG_BYTES = 64;

    /** Where the first device slot stands: at once behind the superblock. */
    public static final int DEVICES_OFFSET = SUPERBLOCK_OFFSET + SUPERBLOCK_BYTES;

    /** A hole, as chunk index. */
    public static final long HOLE = -1;

    private ErofsFormat() {}

    public static int offset(StructLayout layout, String field) {
        return (int) layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }

    /** Where the superblock's checksum ends, in bytes from the start of the image. */
    public static int checksumEnd(int blockBytes) {
        return blockBytes > SUPERBLOCK_OFFSET ? blockBytes : SUPERBLOCK_OFFSET + blockBytes;
    }

    /** The CRC-32C of EROFS, without final complement, continued from the magic's. */
    public static int checksum(byte[] bytes, int start, int end) {
        int crc = CHECKSUM_SEED;
        for (int i = start; i < end; i++) {
            crc ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (0x82F63B78 & -(crc & 1));
            }
        }
        return crc;
    }

    /** The code that directory entries have for a kind of file. */
    public static int fileType(EntryKind kind) {
        return switch (kind) {
            case FILE -> 1;
            case DIRECTORY -> 2;
            case CHARACTER_DEVICE -> 3;
            case BLOCK_DEVICE -> 4;
            case FIFO -> 5;
            case SYMLINK -> 7;
            case HARD_LINK -> throw new IllegalArgumentException("a hard link has the type of what it names");
        };
    }

    /** How EROFS keeps a device number: the encoding of {@code new_encode_dev} in the kernel. */
    public static int encodeDevice(int major, int minor) {
        return (minor & 0xff) | major << 8 | (minor & ~0xff) << 12;
    }

    /** Major number in the high half, minor in the low one. */
    public static long decodeDevice(int encoded) {
        int major = (encoded & 0xfff00) >>> 8;
        int minor = (encoded & 0xff) | (encoded >>> 12 & 0xfff00);
        return Integer.toUnsignedLong(major) << 32 | minor;
    }
}
