/*
 * libFuzzer's way into the reader of images: whatever the bytes are, no read leaves them. The checksums are put right first, so that
 * what stands behind them is reached. Built with the sources of the shim: image.c and text.c.
 */
#include "velo.h"
#include "velo_format.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 256, STEPS = 512 };

struct velo_config velo_config = { .at = "/fuzz", .at_length = 5 };

int velo_ready_slow(void)
{
	return 0;
}

static void seal(unsigned char *bytes, size_t size)
{
	struct velo_trailer *trailer = (void *)(bytes + size - sizeof *trailer);
	struct velo_superblock *super = (void *)(bytes + VELO_SUPERBLOCK_OFFSET);
	size_t end = VELO_SUPERBLOCK_OFFSET + 8;

	trailer->magic = VELO_IMAGE_MAGIC;
	trailer->version = VELO_IMAGE_VERSION;
	trailer->file_length = size;
	trailer->crc32c = velo_crc32c(~0u, (void *)trailer, offsetof(struct velo_trailer, crc32c)) ^ ~0u;
	super->magic = VELO_EROFS_MAGIC;
	if (super->blkszbits >= VELO_MIN_BLOCK_SHIFT && super->blkszbits <= VELO_MAX_BLOCK_SHIFT) {
		size_t block = (size_t)1 << super->blkszbits;

		end = block > VELO_SUPERBLOCK_OFFSET ? block : VELO_SUPERBLOCK_OFFSET + block;
	}
	if (end <= size)
		super->checksum = velo_crc32c(VELO_CHECKSUM_SEED, bytes + VELO_SUPERBLOCK_OFFSET + 8, end - VELO_SUPERBLOCK_OFFSET - 8);
}

static volatile unsigned char sink;

static void touch(const void *at, size_t length)
{
	for (size_t i = 0; i < length; i++)
		sink ^= ((const unsigned char *)at)[i];
}

static void read_slot(velo_slot slot)
{
	struct velo_inode inode;
	struct velo_entry entry;
	struct velo_attribute attribute;
	struct velo_extent extent;
	char link[VELO_PATH_MAX];
	uint32_t position = 0;
	uint32_t cursor = 0;
	uint64_t offset = 0;
	size_t length;
	const char *path = velo_tree_path(slot, &length);

	touch(path, length);
	velo_find(path, length);
	velo_type(slot);
	if (velo_inode(slot, &inode) < 0)
		return;
	if (velo_digest(&inode) != NULL)
		touch(velo_digest(&inode), 32);
	if (velo_link(&inode, link, sizeof link) > 0)
		sink ^= (unsigned char)link[0];
	for (int i = 0; i < STEPS && velo_next_entry(slot, &position, &entry) == 1; i++)
		touch(entry.name, entry.length);
	for (int i = 0; i < STEPS && velo_next_attribute(&inode, &cursor, &attribute) == 1; i++) {
		touch(attribute.name, attribute.name_length);
		touch(attribute.value, attribute.value_length);
	}
	for (int i = 0; i < STEPS && velo_next_extent(&inode, &offset, &extent) == 1; i++)
		if (!extent.hole)
			touch(extent.pack, 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *bytes;

	if (size < VELO_DEVICES_OFFSET + sizeof(struct velo_trailer))
		return 0;
	bytes = malloc(size);
	if (bytes == NULL)
		return 0;
	memcpy(bytes, data, size);
	seal(bytes, size);
	if (velo_image_use(bytes, size) == 0) {
		static const char *const PATHS[] = { "a", "bin", "some/longer/path/of/more/than/sixteen/bytes", "x/y" };

		read_slot(VELO_ROOT);
		for (velo_slot slot = 0; slot < SLOTS; slot++)
			read_slot(slot);
		read_slot(VELO_ABOVE | 2);
		for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++)
			velo_find(PATHS[i], strlen(PATHS[i]));
	}
	free(bytes);
	return 0;
}
