package dev.velo.shim;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.PackFormat;

/**
 * The formats as C sees them: {@code velo_format.h}, printed from the same layouts that Java reads by, so that the two cannot
 * disagree. The file is checked in; a test fails when it is stale.
 */
final class FormatHeader {
    private FormatHeader() {}

    /** The whole header. */
    static String text() {
        CHeader header = new CHeader();
        header.comment(
                "Images and packs as bytes: printed by dev.velo.shim.FormatHeader from the layouts in dev.velo.core.format.",
                "Do not edit; docs/format tells the rules. Little-endian. The structs may be read at any address.");
        header.line("#ifndef VELO_FORMAT_H");
        header.line("#define VELO_FORMAT_H");
        header.blank();
        header.line("#include <stddef.h>");
        header.line("#include <stdint.h>");
        header.blank();
        header.line("_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, \"the formats are little-endian\");");
        header.blank();
        header.decimal("VELO_DIGEST_BYTES", Digest.BYTES);
        erofs(header);
        inodes(header);
        entries(header);
        lookup(header);
        packs(header);
        header.blank();
        header.line("#endif");
        return header.toString();
    }

    private static void erofs(CHeader header) {
        header.blank();
        header.comment("The part of an image that the kernel reads: superblock and device slots.");
        header.word("VELO_EROFS_MAGIC", ErofsFormat.MAGIC);
        header.decimal("VELO_SUPERBLOCK_OFFSET", ErofsFormat.SUPERBLOCK_OFFSET);
        header.decimal("VELO_DEVICES_OFFSET", ErofsFormat.DEVICES_OFFSET);
        header.word("VELO_CHECKSUM_SEED", ErofsFormat.CHECKSUM_SEED);
        header.word("VELO_FEATURE_COMPAT", ErofsFormat.COMPAT_CHECKSUM | ErofsFormat.COMPAT_MTIME);
        header.word("VELO_INCOMPAT_CHUNKED_FILE", ErofsFormat.INCOMPAT_CHUNKED_FILE);
        header.word("VELO_INCOMPAT_DEVICE_TABLE", ErofsFormat.INCOMPAT_DEVICE_TABLE);
        header.decimal("VELO_MIN_BLOCK_SHIFT", ErofsFormat.MIN_BLOCK_SHIFT);
        header.decimal("VELO_MAX_BLOCK_SHIFT", ErofsFormat.MAX_BLOCK_SHIFT);
        header.decimal("VELO_MAX_DEVICES", ErofsFormat.MAX_DEVICES);
        header.decimal("VELO_TAG_BYTES", ErofsFormat.TAG_BYTES);
        header.blank();
        header.struct("velo_superblock", ErofsFormat.SUPERBLOCK);
        header.blank();
        header.struct("velo_device", ErofsFormat.DEVICE);
    }

    private static void inodes(CHeader header) {
        header.blank();
        header.comment(
                "Inodes. i_format is VELO_FORMAT_EXTENDED or 0, and the layout, shifted. i_u of a chunked file is",
                "VELO_CHUNK_INDEXES and, in VELO_CHUNK_BITS, the logarithm of a chunk's blocks.");
        header.decimal("VELO_INODE_SHIFT", ErofsFormat.SLOT_SHIFT);
        header.decimal("VELO_FORMAT_EXTENDED", ErofsFormat.FORMAT_EXTENDED);
        header.decimal("VELO_FORMAT_LAYOUT_SHIFT", ErofsFormat.FORMAT_LAYOUT_SHIFT);
        header.decimal("VELO_LAYOUT_PLAIN", ErofsFormat.LAYOUT_PLAIN);
        header.decimal("VELO_LAYOUT_INLINE", ErofsFormat.LAYOUT_INLINE);
        header.decimal("VELO_LAYOUT_CHUNKED", ErofsFormat.LAYOUT_CHUNKED);
        header.word("VELO_CHUNK_INDEXES", ErofsFormat.CHUNK_INDEXES);
        header.word("VELO_CHUNK_BITS", ErofsFormat.CHUNK_BITS);
        header.word("VELO_NO_BLOCK", ErofsFormat.NO_BLOCK);
        header.longWord("VELO_HOLE", ErofsFormat.HOLE);
        header.blank();
        header.struct("velo_compact_inode", ErofsFormat.COMPACT_INODE);
        header.blank();
        header.struct("velo_extended_inode", ErofsFormat.EXTENDED_INODE);
        header.blank();
        header.struct("velo_chunk_index", ErofsFormat.CHUNK_INDEX);
    }

    private static void entries(CHeader header) {
        header.blank();
        header.comment("Entries of directories, and extended attributes.");
        for (EntryKind kind : EntryKind.values()) {
            if (kind != EntryKind.HARD_LINK) {
                header.decimal("VELO_TYPE_" + kind.name(), ErofsFormat.fileType(kind));
            }
        }
        header.blank();
        header.struct("velo_dirent", ErofsFormat.DIRENT);
        header.blank();
        header.struct("velo_xattr_header", ErofsFormat.XATTR_HEADER);
        header.blank();
        header.struct("velo_xattr_entry", ErofsFormat.XATTR_ENTRY);
    }

    private static void lookup(CHeader header) {
        header.blank();
        header.comment("The lookup section of an image: digests, slots, paths, trailer.");
        header.longWord("VELO_IMAGE_MAGIC", ImageFormat.MAGIC);
        header.decimal("VELO_IMAGE_VERSION", ImageFormat.VERSION);
        header.word("VELO_FLAG_DIRECTORY_LINKS", ImageFormat.FLAG_DIRECTORY_LINKS);
        header.word("VELO_FLAG_CLOSED_DIRECTORIES", ImageFormat.FLAG_CLOSED_DIRECTORIES);
        header.decimal("VELO_PATH_SHIFT", ImageFormat.PATH_SHIFT);
        header.decimal("VELO_MAX_PATH_BYTES", ImageFormat.MAX_PATH_BYTES);
        header.decimal("VELO_MAX_SLOT_SHIFT", ImageFormat.MAX_SLOT_SHIFT);
        header.blank();
        header.struct("velo_slot_entry", ImageFormat.SLOT);
        header.blank();
        header.struct("velo_trailer", ImageFormat.TRAILER);
    }

    private static void packs(CHeader header) {
        header.blank();
        header.comment("Packs: header, blobs, index, footer.");
        header.longWord("VELO_PACK_MAGIC", PackFormat.HEADER_MAGIC);
        header.longWord("VELO_PACK_END_MAGIC", PackFormat.FOOTER_MAGIC);
        header.decimal("VELO_PACK_VERSION", PackFormat.VERSION);
        header.decimal("VELO_PACK_BLOCK_SHIFT", PackFormat.BLOCK_SHIFT);
        header.decimal("VELO_PACK_PAGE_BYTES", PackFormat.PAGE_BYTES);
        header.decimal("VELO_PACK_FAN_OUT", PackFormat.FAN_OUT);
        header.decimal("VELO_PACK_FIRST_BLOB", PackFormat.FIRST_BLOB);
        header.decimal("VELO_ENCODING_RAW", PackFormat.ENCODING_RAW);
        header.decimal("VELO_ENCODING_LZ4", PackFormat.ENCODING_LZ4);
        header.decimal("VELO_MAX_COMPRESSED_LENGTH", PackFormat.MAX_COMPRESSED_LENGTH);
        header.decimal("VELO_MAX_EXPANSION", PackFormat.MAX_EXPANSION);
        header.blank();
        header.struct("velo_pack_header", PackFormat.HEADER);
        header.blank();
        header.struct("velo_pack_entry", PackFormat.INDEX_ENTRY);
        header.blank();
        header.struct("velo_pack_footer", PackFormat.FOOTER);
    }
}
