/*
 * The mapped image: EROFS metadata and the lookup section behind it, as docs/format/image.md has them. Whoever can write to the
 * store's images can do anything to their readers; all the same every offset is checked where it is followed, so that damage ends
 * in EIO and not in a crash.
 */
#include "velo.h"
#include "velo_format.h"

#include <dirent.h>

static struct {
	const unsigned char *base;
	uint64_t erofs_bytes;
	uint64_t digests;
	uint64_t slots;
	uint64_t paths;
	uint64_t path_bytes;
	uint64_t mask;
	uint64_t seed;
	uint64_t inodes; /* offset of node 0 */
	uint32_t blob_count;
	uint32_t flags;
	uint32_t root;
	uint32_t block_shift;
	uint32_t devices;
	uint32_t nsec;
	int64_t epoch;
	uint64_t device;
} image;

/* ---- the hash of paths: rapidhash, version 3 (https://github.com/Nicoshev/rapidhash) ---- */

static const uint64_t SECRET[8] = {
	0x2d358dccaa6c78a5u, 0x8bb84b93962eacc9u, 0x4b33a62ed433d4a3u, 0x4d5a2da51de1aa47u,
	0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x90ed1765281c388cu, 0xaaaaaaaaaaaaaaaau,
};

static inline uint64_t word(const unsigned char *at)
{
	uint64_t value;

	__builtin_memcpy(&value, at, 8);
	return value;
}

static inline uint64_t half(const unsigned char *at)
{
	uint32_t value;

	__builtin_memcpy(&value, at, 4);
	return value;
}

static inline uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t mix_pair(const unsigned char *at, uint64_t secret, uint64_t lane)
{
	return mix(word(at) ^ secret, word(at + 8) ^ lane);
}

static uint64_t hash(const void *bytes, size_t length, uint64_t seed)
{
	/* which secret the pairs of a tail of 17 to 112 bytes are mixed with */
	static const unsigned char TAIL[6] = { 2, 2, 1, 1, 2, 1 };
	const unsigned char *at = bytes;
	size_t left = length;
	uint64_t a = 0;
	uint64_t b = 0;
	unsigned __int128 product;

	seed ^= mix(seed ^ SECRET[2], SECRET[1]);
	if (length > 16) {
		if (left > 112) {
			uint64_t lane[7];

			for (int i = 0; i < 7; i++)
				lane[i] = seed;
			do {
				for (int i = 0; i < 7; i++)
					lane[i] = mix_pair(at + (size_t)i * 16, SECRET[i], lane[i]);
				at += 112;
				left -= 112;
			} while (left > 112);
			seed = lane[0] ^ lane[1] ^ lane[2] ^ lane[3] ^ lane[4] ^ lane[5] ^ lane[6];
		}
		for (size_t i = 0; i < 6 && left > 16 + i * 16; i++)
			seed = mix_pair(at + i * 16, SECRET[TAIL[i]], seed);
		a = word(at + left - 16) ^ left;
		b = word(at + left - 8);
	} else if (length >= 8) {
		seed ^= length;
		a = word(at);
		b = word(at + length - 8);
	} else if (length >= 4) {
		seed ^= length;
		a = half(at);
		b = half(at + length - 4);
	} else if (length > 0) {
		a = (uint64_t)at[0] << 45 | at[length - 1];
		b = at[length >> 1];
	}
	product = (unsigned __int128)(a ^ SECRET[1]) * (b ^ seed);
	return mix((uint64_t)product ^ SECRET[7], (uint64_t)(product >> 64) ^ SECRET[1] ^ left);
}

/* ---- opening ---- */

static int check_superblock(const unsigned char *base, uint64_t erofs_bytes)
{
	const struct velo_superblock *super = (const void *)(base + VELO_SUPERBLOCK_OFFSET);
	uint64_t block;
	uint64_t end;

	if (super->magic != VELO_EROFS_MAGIC || super->blkszbits < VELO_MIN_BLOCK_SHIFT || super->blkszbits > VELO_MAX_BLOCK_SHIFT)
		return -EIO;
	block = 1u << super->blkszbits;
	end = block > VELO_SUPERBLOCK_OFFSET ? block : VELO_SUPERBLOCK_OFFSET + block;
	if (end > erofs_bytes || (erofs_bytes & (block - 1)) != 0)
		return -EIO;
	/* seeded with the sum over the magic number, and continued behind the sum itself */
	if (velo_crc32c(VELO_CHECKSUM_SEED, base + VELO_SUPERBLOCK_OFFSET + 8, end - VELO_SUPERBLOCK_OFFSET - 8) != super->checksum)
		return -EIO;
	if (super->devt_slotoff * 128u != VELO_DEVICES_OFFSET
	    || VELO_DEVICES_OFFSET + (uint64_t)super->extra_devices * sizeof(struct velo_device) > erofs_bytes
	    || ((uint64_t)super->meta_blkaddr << super->blkszbits) >= erofs_bytes)
		return -EIO;
	image.inodes = (uint64_t)super->meta_blkaddr << super->blkszbits;
	image.block_shift = super->blkszbits;
	image.root = super->root_nid;
	image.devices = super->extra_devices;
	image.epoch = (int64_t)super->epoch;
	image.nsec = super->fixed_nsec;
	/* a major number that no driver has, and of the minor what tells images apart */
	image.device = (uint64_t)(super->uuid[0] | super->uuid[1] << 8 | (super->uuid[2] & 15) << 16);
	image.device = (image.device & 0xff) | (uint64_t)0xfff << 8 | (image.device & ~0xffull) << 12;
	return 0;
}

static int check(const unsigned char *base, uint64_t size)
{
	const struct velo_trailer *trailer = (const void *)(base + size - sizeof(struct velo_trailer));
	uint64_t left = size - sizeof(struct velo_trailer);

	if (trailer->magic != VELO_IMAGE_MAGIC || trailer->version != VELO_IMAGE_VERSION || trailer->file_length != size)
		return -EIO;
	if ((velo_crc32c(~0u, (const void *)trailer, offsetof(struct velo_trailer, crc32c)) ^ ~0u) != trailer->crc32c)
		return -EIO;
	if (trailer->slot_shift > VELO_MAX_SLOT_SHIFT || trailer->erofs_bytes > left
	    || trailer->erofs_bytes < VELO_DEVICES_OFFSET)
		return -EIO;
	left -= trailer->erofs_bytes;
	image.digests = trailer->erofs_bytes;
	image.slots = image.digests + (uint64_t)trailer->blob_count * 32;
	image.paths = image.slots + (sizeof(struct velo_slot_entry) << trailer->slot_shift);
	if (image.paths - image.digests > left || trailer->path_bytes != left - (image.paths - image.digests))
		return -EIO;
	image.erofs_bytes = trailer->erofs_bytes;
	image.path_bytes = trailer->path_bytes;
	image.mask = ((uint64_t)1 << trailer->slot_shift) - 1;
	image.seed = trailer->hash_seed;
	image.blob_count = trailer->blob_count;
	image.flags = trailer->flags;
	return check_superblock(base, trailer->erofs_bytes);
}

static int is_whole(const unsigned char *base, uint64_t size)
{
	uint64_t end = size - sizeof(struct velo_trailer);

	return (velo_crc32c(~0u, base, end) ^ ~0u) == ((const struct velo_trailer *)(const void *)(base + end))->content_crc32c;
}

int velo_image_use(const unsigned char *base, uint64_t size)
{
	int result = size < VELO_DEVICES_OFFSET + sizeof(struct velo_trailer) ? -EIO : check(base, size);

	/* reads all of it: the checks at open are for damage that would be followed, this one is for names, modes and digests */
	if (result == 0 && velo_config.checks && !is_whole(base, size))
		result = -EIO;
	if (result == 0)
		image.base = base;
	return result;
}

int velo_image_open(const char *path)
{
	struct stat stat;
	long fd = velo_sys(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long base;
	int result;

	if (fd < 0)
		return (int)fd;
	result = (int)velo_sys(__NR_fstat, fd, &stat, 0, 0);
	if (result == 0 && (!S_ISREG(stat.st_mode) || stat.st_size == 0))
		result = -EIO;
	if (result < 0) {
		velo_sys(__NR_close, fd, 0, 0, 0);
		return result;
	}
	base = velo_sys6(__NR_mmap, 0, stat.st_size, 1 /* PROT_READ */, 1 /* MAP_SHARED */, fd, 0);
	velo_sys(__NR_close, fd, 0, 0, 0);
	if (base < 0 && base > -4096)
		return (int)base;
	result = velo_image_use((const unsigned char *)base, (uint64_t)stat.st_size);
	if (result < 0)
		velo_sys(__NR_munmap, base, stat.st_size, 0, 0);
	return result;
}

uint64_t velo_device(void)
{
	return image.device;
}

int velo_has_closed_directories(void)
{
	return (image.flags & VELO_FLAG_CLOSED_DIRECTORIES) != 0;
}

const unsigned char *velo_digest(const struct velo_inode *inode)
{
	return inode->blob == 0 || inode->blob > image.blob_count ? NULL
	                                                          : image.base + image.digests + ((uint64_t)inode->blob - 1) * 32;
}

/* ---- paths ---- */

static const struct velo_slot_entry *entry_of(velo_slot slot)
{
	return (const struct velo_slot_entry *)(const void *)(image.base + image.slots) + slot;
}

static const char *path_of(const struct velo_slot_entry *entry)
{
	uint64_t offset = (uint64_t)entry->path_offset << VELO_PATH_SHIFT;

	if (offset > image.path_bytes || entry->path_length > image.path_bytes - offset)
		return NULL;
	return (const char *)image.base + image.paths + offset;
}

velo_slot velo_find(const char *path, size_t length)
{
	uint64_t sum;
	uint32_t high;

	if (length == 0)
		return VELO_ROOT;
	sum = hash(path, length, image.seed);
	high = (uint32_t)(sum >> 32);
	/* a sound table has free slots; a damaged one must not be searched in circles */
	for (uint64_t probe = 0; probe <= image.mask; probe++) {
		velo_slot slot = (velo_slot)((sum + probe) & image.mask);
		const struct velo_slot_entry *entry = entry_of(slot);
		const char *stored;

		if (entry->path_length == 0)
			return VELO_NO_SLOT;
		if (entry->path_length != length || entry->hash != high)
			continue;
		stored = path_of(entry);
		if (stored != NULL && velo_equal(stored, path, length))
			return slot;
	}
	return VELO_NO_SLOT;
}

const char *velo_tree_path(velo_slot slot, size_t *length)
{
	const struct velo_slot_entry *entry;
	const char *path;

	*length = 0;
	if (slot > image.mask)
		return "";
	entry = entry_of(slot);
	path = path_of(entry);
	if (path == NULL)
		return "";
	*length = entry->path_length;
	return path;
}

static unsigned char type_of(unsigned file_type)
{
	static const unsigned char TYPES[8] = { DT_UNKNOWN, DT_REG, DT_DIR, DT_CHR, DT_BLK, DT_FIFO, DT_SOCK, DT_LNK };

	return TYPES[file_type & 7];
}

unsigned char velo_type(velo_slot slot)
{
	struct velo_inode inode;

	if (velo_is_node(slot))
		return velo_inode(slot, &inode) < 0 ? DT_UNKNOWN : IFTODT(inode.mode);
	return slot > image.mask ? DT_DIR : type_of(entry_of(slot)->file_type);
}

/* ---- inodes ---- */

static int above(velo_slot slot, struct velo_inode *inode)
{
	velo_zero(inode, sizeof *inode);
	inode->nid = slot;
	inode->mode = S_IFDIR | 0755;
	inode->nlink = 3;
	inode->mtime = image.epoch;
	return 0;
}

int velo_inode(velo_slot slot, struct velo_inode *inode)
{
	uint32_t nid;
	uint64_t at;
	uint64_t bytes = sizeof(struct velo_compact_inode);
	unsigned format;
	unsigned attributes;

	if (velo_is_above(slot) && slot > image.mask)
		return above(slot, inode);
	nid = slot == VELO_ROOT ? image.root : slot <= image.mask ? entry_of(slot)->nid : velo_is_node(slot) ? slot - VELO_NODE : UINT32_MAX;
	at = image.inodes + ((uint64_t)nid << VELO_INODE_SHIFT);
	if (at > image.erofs_bytes - bytes)
		return -EIO;
	format = ((const struct velo_compact_inode *)(image.base + at))->i_format;
	attributes = ((const struct velo_compact_inode *)(image.base + at))->i_xattr_icount;
	inode->nid = nid;
	inode->layout = format >> 1;
	if ((format & 1) == 0) {
		const struct velo_compact_inode *compact = (const void *)(image.base + at);

		inode->mode = compact->i_mode;
		inode->nlink = compact->i_nlink;
		inode->size = compact->i_size;
		inode->mtime = image.epoch + compact->i_mtime;
		inode->nsec = image.nsec;
		inode->uid = compact->i_uid;
		inode->gid = compact->i_gid;
		inode->u = compact->i_u;
		inode->blob = compact->i_ino;
	} else {
		const struct velo_extended_inode *extended = (const void *)(image.base + at);

		bytes = sizeof *extended;
		if (at > image.erofs_bytes - bytes)
			return -EIO;
		inode->mode = extended->i_mode;
		inode->nlink = extended->i_nlink;
		inode->size = extended->i_size;
		inode->mtime = (int64_t)extended->i_mtime;
		inode->nsec = extended->i_mtime_nsec;
		inode->uid = extended->i_uid;
		inode->gid = extended->i_gid;
		inode->u = extended->i_u;
		inode->blob = extended->i_ino;
	}
	inode->body = at + bytes;
	inode->xattrs = attributes == 0 ? 0 : (uint32_t)sizeof(struct velo_xattr_header) + (attributes - 1) * 4;
	if (inode->body + inode->xattrs > image.erofs_bytes)
		return -EIO;
	return 0;
}

/* Where byte 0 of a block of a directory or of a symbolic link stands, and how many bytes of it are there; NULL if damaged. */
static const unsigned char *block_of(const struct velo_inode *inode, uint64_t number, size_t *length)
{
	uint64_t start = number << image.block_shift;
	uint64_t bytes = inode->size - start;
	uint64_t at;

	if (start >= inode->size)
		return NULL;
	if (bytes > (uint64_t)1 << image.block_shift)
		bytes = (uint64_t)1 << image.block_shift;
	if (inode->layout == VELO_LAYOUT_INLINE && start + bytes == inode->size && bytes < (uint64_t)1 << image.block_shift)
		at = inode->body + inode->xattrs;
	else
		at = ((uint64_t)inode->u + number) << image.block_shift;
	if (at > image.erofs_bytes || bytes > image.erofs_bytes - at)
		return NULL;
	*length = (size_t)bytes;
	return image.base + at;
}

long velo_link(const struct velo_inode *inode, char *buffer, size_t size)
{
	size_t done = 0;

	if (inode->size >= VELO_PATH_MAX)
		return -EIO;
	while (done < inode->size) {
		size_t length;
		const unsigned char *block = block_of(inode, done >> image.block_shift, &length);

		if (block == NULL)
			return -EIO;
		if (length > size - done)
			return -ENAMETOOLONG;
		velo_copy(buffer + done, block, length);
		done += length;
	}
	return (long)done;
}

/* ---- directories: a position is the number of a block, and that of an entry in it in the lowest bits ---- */

enum { ENTRY_BITS = 9 };

static int next_above(velo_slot slot, uint32_t *position, struct velo_entry *entry)
{
	const char *name = velo_config.at + (slot - VELO_ABOVE) + 1;

	entry->type = DT_DIR;
	entry->nid = slot;
	switch ((*position)++) {
	case 0:
		entry->name = ".";
		entry->length = 1;
		return 1;
	case 1:
		entry->name = "..";
		entry->length = 2;
		return 1;
	case 2:
		entry->name = name;
		entry->length = (uint32_t)velo_name_length(name);
		slot += 1 + entry->length;
		entry->nid = slot - VELO_ABOVE == velo_config.at_length ? image.root : slot;
		return 1;
	default:
		*position = 3;
		return 0;
	}
}

static uint32_t name_start(const unsigned char *block, uint32_t index)
{
	return ((const struct velo_dirent *)(const void *)block)[index].nameoff;
}

int velo_next_entry(velo_slot directory, uint32_t *position, struct velo_entry *entry)
{
	struct velo_inode inode;
	int result;

	if (velo_is_above(directory) && directory > image.mask)
		return next_above(directory, position, entry);
	result = velo_inode(directory, &inode);
	if (result < 0 || !S_ISDIR(inode.mode))
		return result < 0 ? result : -ENOTDIR;
	for (;;) {
		uint64_t number = *position >> ENTRY_BITS;
		uint32_t index = *position & ((1u << ENTRY_BITS) - 1);
		const unsigned char *block;
		size_t length;
		uint32_t count;
		uint32_t start;
		uint32_t end;

		if (number << image.block_shift >= inode.size)
			return 0;
		block = block_of(&inode, number, &length);
		if (block == NULL || length < sizeof(struct velo_dirent))
			return -EIO;
		count = name_start(block, 0) / sizeof(struct velo_dirent);
		if (count == 0 || count * sizeof(struct velo_dirent) > length)
			return -EIO;
		if (index >= count) {
			if (number >= UINT32_MAX >> ENTRY_BITS)
				return -EIO;
			*position = (uint32_t)(number + 1) << ENTRY_BITS;
			continue;
		}
		start = name_start(block, index);
		end = index + 1 < count ? name_start(block, index + 1) : (uint32_t)length;
		if (start >= end || end > length)
			return -EIO;
		if (index + 1 == count) {
			/* the rest of a block is zero */
			uint32_t zero = start;

			while (zero < end && block[zero] != 0)
				zero++;
			end = zero;
		}
		if (end == start || end - start > VELO_NAME_MAX)
			return -EIO;
		entry->name = (const char *)block + start;
		entry->length = end - start;
		entry->nid = (uint32_t)((const struct velo_dirent *)(const void *)block)[index].nid;
		entry->type = type_of(((const struct velo_dirent *)(const void *)block)[index].file_type);
		*position = *position + 1;
		return 1;
	}
}

velo_slot velo_child_node(velo_slot directory, const char *name, size_t length)
{
	struct velo_entry entry;
	uint32_t position = 0;

	while (velo_next_entry(directory, &position, &entry) == 1)
		if (entry.length == length && velo_equal(entry.name, name, length))
			return entry.nid == image.root ? VELO_ROOT : entry.nid < VELO_NODE ? VELO_NODE | entry.nid : VELO_NO_SLOT;
	return VELO_NO_SLOT;
}

velo_slot velo_directory_of(velo_slot node)
{
	uint32_t nid = node - VELO_NODE;

	for (uint64_t slot = 0; slot <= image.mask; slot++) {
		const struct velo_slot_entry *entry = entry_of((velo_slot)slot);

		if (entry->path_length != 0 && entry->nid == nid)
			return (velo_slot)slot;
	}
	return node;
}

/* ---- attributes ---- */

static const char *prefix_of(unsigned index)
{
	switch (index) {
	case 1:
		return "user.";
	case 2:
		return "system.posix_acl_access";
	case 3:
		return "system.posix_acl_default";
	case 4:
		return "trusted.";
	case 6:
		return "security.";
	default:
		return NULL;
	}
}

int velo_next_attribute(const struct velo_inode *inode, uint32_t *cursor, struct velo_attribute *attribute)
{
	const struct velo_xattr_entry *entry;
	uint32_t at = *cursor == 0 ? sizeof(struct velo_xattr_header) : *cursor;
	uint32_t bytes;

	if (inode->xattrs == 0 || at >= inode->xattrs)
		return 0;
	if (inode->xattrs - at < sizeof *entry)
		return -EIO;
	entry = (const void *)(image.base + inode->body + at);
	bytes = (uint32_t)sizeof *entry + entry->name_len + entry->value_len;
	attribute->prefix = prefix_of(entry->name_index);
	if (bytes > inode->xattrs - at || attribute->prefix == NULL)
		return -EIO;
	attribute->name = (const char *)(entry + 1);
	attribute->name_length = entry->name_len;
	attribute->value = attribute->name + entry->name_len;
	attribute->value_length = entry->value_len;
	*cursor = at + ((bytes + 3) & ~3u);
	return 1;
}

/* ---- where bytes are ---- */

int velo_next_extent(const struct velo_inode *inode, uint64_t *offset, struct velo_extent *extent)
{
	uint64_t chunks = inode->body + ((inode->xattrs + 7) & ~7u);
	unsigned shift = image.block_shift + (inode->u & VELO_CHUNK_BITS);
	const struct velo_chunk_index *index;
	uint64_t number;

	if (*offset >= inode->size)
		return 0;
	if (inode->layout != VELO_LAYOUT_CHUNKED || shift >= 63)
		return -EIO;
	number = *offset >> shift;
	if (number >= (image.erofs_bytes - chunks) / sizeof *index)
		return -EIO;
	index = (const struct velo_chunk_index *)(const void *)(image.base + chunks) + number;
	extent->offset = *offset;
	extent->length = ((number + 1) << shift) - *offset;
	if (extent->length > inode->size - *offset)
		extent->length = inode->size - *offset;
	*offset += extent->length;
	extent->hole = index->startblk == UINT32_MAX && index->device_id == UINT16_MAX;
	if (extent->hole)
		return 1;
	if (index->device_id == 0 || index->device_id > image.devices)
		return -EIO;
	extent->pack = (const char *)((const struct velo_device *)(const void *)(image.base + VELO_DEVICES_OFFSET)
	                              + (index->device_id - 1))
	                       ->tag;
	extent->start = (uint64_t)index->startblk << image.block_shift;
	return 1;
}
