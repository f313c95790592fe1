/*
 * Images and packs as bytes: printed by dev.velo.shim.FormatHeader from the layouts in dev.velo.core.format.
 * Do not edit; docs/format tells the rules. Little-endian. The structs may be read at any address.
 */
#ifndef VELO_FORMAT_H
#define VELO_FORMAT_H

#include <stddef.h>
#include <stdint.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the formats are little-endian");

#define VELO_DIGEST_BYTES 32

/* The part of an image that the kernel reads: superblock and device slots. */
#define VELO_EROFS_MAGIC 0xe0f5e1e2u
#define VELO_SUPERBLOCK_OFFSET 1024
#define VELO_DEVICES_OFFSET 1152
#define VELO_CHECKSUM_SEED 0x5045b54au
#define VELO_FEATURE_COMPAT 0x00000003u
#define VELO_INCOMPAT_CHUNKED_FILE 0x00000004u
#define VELO_INCOMPAT_DEVICE_TABLE 0x00000008u
#define VELO_MIN_BLOCK_SHIFT 9
#define VELO_MAX_BLOCK_SHIFT 12
#define VELO_MAX_DEVICES 65535
#define VELO_TAG_BYTES 64

struct __attribute__((packed, aligned(1))) velo_superblock {
	uint32_t magic;
	uint32_t checksum;
	uint32_t feature_compat;
	uint8_t blkszbits;
	uint8_t sb_extslots;
	uint16_t root_nid;
	uint64_t inos;
	uint64_t epoch;
	uint32_t fixed_nsec;
	uint32_t blocks;
	uint32_t meta_blkaddr;
	uint32_t xattr_blkaddr;
	uint8_t uuid[16];
	uint8_t volume_name[16];
	uint32_t feature_incompat;
	uint16_t compression;
	uint16_t extra_devices;
	uint16_t devt_slotoff;
	uint8_t dirblkbits;
	uint8_t reserved1[37];
};
_Static_assert(sizeof(struct velo_superblock) == 128, "velo_superblock");
_Static_assert(offsetof(struct velo_superblock, magic) == 0, "magic");
_Static_assert(offsetof(struct velo_superblock, checksum) == 4, "checksum");
_Static_assert(offsetof(struct velo_superblock, feature_compat) == 8, "feature_compat");
_Static_assert(offsetof(struct velo_superblock, blkszbits) == 12, "blkszbits");
_Static_assert(offsetof(struct velo_superblock, sb_extslots) == 13, "sb_extslots");
_Static_assert(offsetof(struct velo_superblock, root_nid) == 14, "root_nid");
_Static_assert(offsetof(struct velo_superblock, inos) == 16, "inos");
_Static_assert(offsetof(struct velo_superblock, epoch) == 24, "epoch");
_Static_assert(offsetof(struct velo_superblock, fixed_nsec) == 32, "fixed_nsec");
_Static_assert(offsetof(struct velo_superblock, blocks) == 36, "blocks");
_Static_assert(offsetof(struct velo_superblock, meta_blkaddr) == 40, "meta_blkaddr");
_Static_assert(offsetof(struct velo_superblock, xattr_blkaddr) == 44, "xattr_blkaddr");
_Static_assert(offsetof(struct velo_superblock, uuid) == 48, "uuid");
_Static_assert(offsetof(struct velo_superblock, volume_name) == 64, "volume_name");
_Static_assert(offsetof(struct velo_superblock, feature_incompat) == 80, "feature_incompat");
_Static_assert(offsetof(struct velo_superblock, compression) == 84, "compression");
_Static_assert(offsetof(struct velo_superblock, extra_devices) == 86, "extra_devices");
_Static_assert(offsetof(struct velo_superblock, devt_slotoff) == 88, "devt_slotoff");
_Static_assert(offsetof(struct velo_superblock, dirblkbits) == 90, "dirblkbits");
_Static_assert(offsetof(struct velo_superblock, reserved1) == 91, "reserved1");

struct __attribute__((packed, aligned(1))) velo_device {
	uint8_t tag[64];
	uint32_t blocks;
	uint32_t uniaddr;
	uint8_t reserved1[56];
};
_Static_assert(sizeof(struct velo_device) == 128, "velo_device");
_Static_assert(offsetof(struct velo_device, tag) == 0, "tag");
_Static_assert(offsetof(struct velo_device, blocks) == 64, "blocks");
_Static_assert(offsetof(struct velo_device, uniaddr) == 68, "uniaddr");
_Static_assert(offsetof(struct velo_device, reserved1) == 72, "reserved1");

/*
 * Inodes. i_format is VELO_FORMAT_EXTENDED or 0, and the layout, shifted. i_u of a chunked file is
 * VELO_CHUNK_INDEXES and, in VELO_CHUNK_BITS, the logarithm of a chunk's blocks.
 */
#define VELO_INODE_SHIFT 5
#define VELO_FORMAT_EXTENDED 1
#define VELO_FORMAT_LAYOUT_SHIFT 1
#define VELO_LAYOUT_PLAIN 0
#define VELO_LAYOUT_INLINE 2
#define VELO_LAYOUT_CHUNKED 4
#define VELO_CHUNK_INDEXES 0x00000020u
#define VELO_CHUNK_BITS 0x0000001fu
#define VELO_NO_BLOCK 0xffffffffu
#define VELO_HOLE 0xffffffffffffffffull

struct __attribute__((packed, aligned(1))) velo_compact_inode {
	uint16_t i_format;
	uint16_t i_xattr_icount;
	uint16_t i_mode;
	uint16_t i_nlink;
	uint32_t i_size;
	uint32_t i_mtime;
	uint32_t i_u;
	uint32_t i_ino;
	uint16_t i_uid;
	uint16_t i_gid;
	uint8_t reserved1[4];
};
_Static_assert(sizeof(struct velo_compact_inode) == 32, "velo_compact_inode");
_Static_assert(offsetof(struct velo_compact_inode, i_format) == 0, "i_format");
_Static_assert(offsetof(struct velo_compact_inode, i_xattr_icount) == 2, "i_xattr_icount");
_Static_assert(offsetof(struct velo_compact_inode, i_mode) == 4, "i_mode");
_Static_assert(offsetof(struct velo_compact_inode, i_nlink) == 6, "i_nlink");
_Static_assert(offsetof(struct velo_compact_inode, i_size) == 8, "i_size");
_Static_assert(offsetof(struct velo_compact_inode, i_mtime) == 12, "i_mtime");
_Static_assert(offsetof(struct velo_compact_inode, i_u) == 16, "i_u");
_Static_assert(offsetof(struct velo_compact_inode, i_ino) == 20, "i_ino");
_Static_assert(offsetof(struct velo_compact_inode, i_uid) == 24, "i_uid");
_Static_assert(offsetof(struct velo_compact_inode, i_gid) == 26, "i_gid");
_Static_assert(offsetof(struct velo_compact_inode, reserved1) == 28, "reserved1");

struct __attribute__((packed, aligned(1))) velo_extended_inode {
	uint16_t i_format;
	uint16_t i_xattr_icount;
	uint16_t i_mode;
	uint8_t reserved1[2];
	uint64_t i_size;
	uint32_t i_u;
	uint32_t i_ino;
	uint32_t i_uid;
	uint32_t i_gid;
	uint64_t i_mtime;
	uint32_t i_mtime_nsec;
	uint32_t i_nlink;
	uint8_t reserved2[16];
};
_Static_assert(sizeof(struct velo_extended_inode) == 64, "velo_extended_inode");
_Static_assert(offsetof(struct velo_extended_inode, i_format) == 0, "i_format");
_Static_assert(offsetof(struct velo_extended_inode, i_xattr_icount) == 2, "i_xattr_icount");
_Static_assert(offsetof(struct velo_extended_inode, i_mode) == 4, "i_mode");
_Static_assert(offsetof(struct velo_extended_inode, reserved1) == 6, "reserved1");
_Static_assert(offsetof(struct velo_extended_inode, i_size) == 8, "i_size");
_Static_assert(offsetof(struct velo_extended_inode, i_u) == 16, "i_u");
_Static_assert(offsetof(struct velo_extended_inode, i_ino) == 20, "i_ino");
_Static_assert(offsetof(struct velo_extended_inode, i_uid) == 24, "i_uid");
_Static_assert(offsetof(struct velo_extended_inode, i_gid) == 28, "i_gid");
_Static_assert(offsetof(struct velo_extended_inode, i_mtime) == 32, "i_mtime");
_Static_assert(offsetof(struct velo_extended_inode, i_mtime_nsec) == 40, "i_mtime_nsec");
_Static_assert(offsetof(struct velo_extended_inode, i_nlink) == 44, "i_nlink");
_Static_assert(offsetof(struct velo_extended_inode, reserved2) == 48, "reserved2");

struct __attribute__((packed, aligned(1))) velo_chunk_index {
	uint16_t startblk_hi;
	uint16_t device_id;
	uint32_t startblk;
};
_Static_assert(sizeof(struct velo_chunk_index) == 8, "velo_chunk_index");
_Static_assert(offsetof(struct velo_chunk_index, startblk_hi) == 0, "startblk_hi");
_Static_assert(offsetof(struct velo_chunk_index, device_id) == 2, "device_id");
_Static_assert(offsetof(struct velo_chunk_index, startblk) == 4, "startblk");

/* Entries of directories, and extended attributes. */
#define VELO_TYPE_FILE 1
#define VELO_TYPE_DIRECTORY 2
#define VELO_TYPE_SYMLINK 7
#define VELO_TYPE_CHARACTER_DEVICE 3
#define VELO_TYPE_BLOCK_DEVICE 4
#define VELO_TYPE_FIFO 5

struct __attribute__((packed, aligned(1))) velo_dirent {
	uint64_t nid;
	uint16_t nameoff;
	uint8_t file_type;
	uint8_t reserved1[1];
};
_Static_assert(sizeof(struct velo_dirent) == 12, "velo_dirent");
_Static_assert(offsetof(struct velo_dirent, nid) == 0, "nid");
_Static_assert(offsetof(struct velo_dirent, nameoff) == 8, "nameoff");
_Static_assert(offsetof(struct velo_dirent, file_type) == 10, "file_type");
_Static_assert(offsetof(struct velo_dirent, reserved1) == 11, "reserved1");

struct __attribute__((packed, aligned(1))) velo_xattr_header {
	uint32_t name_filter;
	uint8_t shared_count;
	uint8_t reserved1[7];
};
_Static_assert(sizeof(struct velo_xattr_header) == 12, "velo_xattr_header");
_Static_assert(offsetof(struct velo_xattr_header, name_filter) == 0, "name_filter");
_Static_assert(offsetof(struct velo_xattr_header, shared_count) == 4, "shared_count");
_Static_assert(offsetof(struct velo_xattr_header, reserved1) == 5, "reserved1");

struct __attribute__((packed, aligned(1))) velo_xattr_entry {
	uint8_t name_len;
	uint8_t name_index;
	uint16_t value_len;
};
_Static_assert(sizeof(struct velo_xattr_entry) == 4, "velo_xattr_entry");
_Static_assert(offsetof(struct velo_xattr_entry, name_len) == 0, "name_len");
_Static_assert(offsetof(struct velo_xattr_entry, name_index) == 1, "name_index");
_Static_assert(offsetof(struct velo_xattr_entry, value_len) == 2, "value_len");

/* The lookup section of an image: digests, slots, paths, trailer. */
#define VELO_IMAGE_MAGIC 0x47414d494f4c4556ull
#define VELO_IMAGE_VERSION 1
#define VELO_FLAG_DIRECTORY_LINKS 0x00000001u
#define VELO_FLAG_CLOSED_DIRECTORIES 0x00000002u
#define VELO_PATH_SHIFT 3
#define VELO_MAX_PATH_BYTES 4095
#define VELO_MAX_SLOT_SHIFT 30

struct __attribute__((packed, aligned(1))) velo_slot_entry {
	uint32_t hash;
	uint32_t nid;
	uint32_t path_offset;
	uint16_t path_length;
	uint8_t file_type;
	uint8_t reserved;
};
_Static_assert(sizeof(struct velo_slot_entry) == 16, "velo_slot_entry");
_Static_assert(offsetof(struct velo_slot_entry, hash) == 0, "hash");
_Static_assert(offsetof(struct velo_slot_entry, nid) == 4, "nid");
_Static_assert(offsetof(struct velo_slot_entry, path_offset) == 8, "path_offset");
_Static_assert(offsetof(struct velo_slot_entry, path_length) == 12, "path_length");
_Static_assert(offsetof(struct velo_slot_entry, file_type) == 14, "file_type");
_Static_assert(offsetof(struct velo_slot_entry, reserved) == 15, "reserved");

struct __attribute__((packed, aligned(1))) velo_trailer {
	uint64_t magic;
	uint32_t version;
	uint32_t flags;
	uint64_t file_length;
	uint64_t erofs_bytes;
	uint64_t path_bytes;
	uint64_t hash_seed;
	uint32_t blob_count;
	uint32_t path_count;
	uint32_t slot_shift;
	uint32_t reserved;
	uint8_t tree[32];
	uint32_t content_crc32c;
	uint32_t crc32c;
};
_Static_assert(sizeof(struct velo_trailer) == 104, "velo_trailer");
_Static_assert(offsetof(struct velo_trailer, magic) == 0, "magic");
_Static_assert(offsetof(struct velo_trailer, version) == 8, "version");
_Static_assert(offsetof(struct velo_trailer, flags) == 12, "flags");
_Static_assert(offsetof(struct velo_trailer, file_length) == 16, "file_length");
_Static_assert(offsetof(struct velo_trailer, erofs_bytes) == 24, "erofs_bytes");
_Static_assert(offsetof(struct velo_trailer, path_bytes) == 32, "path_bytes");
_Static_assert(offsetof(struct velo_trailer, hash_seed) == 40, "hash_seed");
_Static_assert(offsetof(struct velo_trailer, blob_count) == 48, "blob_count");
_Static_assert(offsetof(struct velo_trailer, path_count) == 52, "path_count");
_Static_assert(offsetof(struct velo_trailer, slot_shift) == 56, "slot_shift");
_Static_assert(offsetof(struct velo_trailer, reserved) == 60, "reserved");
_Static_assert(offsetof(struct velo_trailer, tree) == 64, "tree");
_Static_assert(offsetof(struct velo_trailer, content_crc32c) == 96, "content_crc32c");
_Static_assert(offsetof(struct velo_trailer, crc32c) == 100, "crc32c");

/* Packs: header, blobs, index, footer. */
#define VELO_PACK_MAGIC 0x4b4341504f4c4556ull
#define VELO_PACK_END_MAGIC 0x444e45504f4c4556ull
#define VELO_PACK_VERSION 1
#define VELO_PACK_BLOCK_SHIFT 9
#define VELO_PACK_PAGE_BYTES 4096
#define VELO_PACK_FAN_OUT 256
#define VELO_PACK_FIRST_BLOB 512
#define VELO_ENCODING_RAW 0
#define VELO_ENCODING_LZ4 1
#define VELO_MAX_COMPRESSED_LENGTH 33554432
#define VELO_MAX_EXPANSION 255

struct __attribute__((packed, aligned(1))) velo_pack_header {
	uint64_t magic;
	uint32_t version;
	uint32_t block_bytes;
	uint32_t reserved;
	uint32_t crc32c;
};
_Static_assert(sizeof(struct velo_pack_header) == 24, "velo_pack_header");
_Static_assert(offsetof(struct velo_pack_header, magic) == 0, "magic");
_Static_assert(offsetof(struct velo_pack_header, version) == 8, "version");
_Static_assert(offsetof(struct velo_pack_header, block_bytes) == 12, "block_bytes");
_Static_assert(offsetof(struct velo_pack_header, reserved) == 16, "reserved");
_Static_assert(offsetof(struct velo_pack_header, crc32c) == 20, "crc32c");

struct __attribute__((packed, aligned(1))) velo_pack_entry {
	uint8_t digest[32];
	uint64_t stored_length;
	uint64_t length;
	uint32_t first_block;
	uint8_t encoding;
	uint8_t reserved1[3];
};
_Static_assert(sizeof(struct velo_pack_entry) == 56, "velo_pack_entry");
_Static_assert(offsetof(struct velo_pack_entry, digest) == 0, "digest");
_Static_assert(offsetof(struct velo_pack_entry, stored_length) == 32, "stored_length");
_Static_assert(offsetof(struct velo_pack_entry, length) == 40, "length");
_Static_assert(offsetof(struct velo_pack_entry, first_block) == 48, "first_block");
_Static_assert(offsetof(struct velo_pack_entry, encoding) == 52, "encoding");
_Static_assert(offsetof(struct velo_pack_entry, reserved1) == 53, "reserved1");

struct __attribute__((packed, aligned(1))) velo_pack_footer {
	uint64_t magic;
	uint32_t version;
	uint32_t entry_count;
	uint64_t index_offset;
	uint64_t file_length;
	uint8_t id[32];
	uint32_t index_crc32c;
	uint32_t crc32c;
};
_Static_assert(sizeof(struct velo_pack_footer) == 72, "velo_pack_footer");
_Static_assert(offsetof(struct velo_pack_footer, magic) == 0, "magic");
_Static_assert(offsetof(struct velo_pack_footer, version) == 8, "version");
_Static_assert(offsetof(struct velo_pack_footer, entry_count) == 12, "entry_count");
_Static_assert(offsetof(struct velo_pack_footer, index_offset) == 16, "index_offset");
_Static_assert(offsetof(struct velo_pack_footer, file_length) == 24, "file_length");
_Static_assert(offsetof(struct velo_pack_footer, id) == 32, "id");
_Static_assert(offsetof(struct velo_pack_footer, index_crc32c) == 64, "index_crc32c");
_Static_assert(offsetof(struct velo_pack_footer, crc32c) == 68, "crc32c");

#endif
