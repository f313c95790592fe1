/*
 * The bytes of regular files: copied out of their packs, and held against their digest before anybody sees them, since a pack may be
 * damaged, and a loose inode that was made of it would be taken for right ever after.
 */
#include "velo.h"

#include "sha256.h"

enum { COPY_BYTES = 256 << 10 };

static const char EMPTY_DIGEST[32] = "\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8\x99\x6f\xb9\x24"
                                     "\x27\xae\x41\xe4\x64\x9b\x93\x4c\xa4\x95\x99\x1b\x78\x52\xb8\x55";

const unsigned char *velo_blob_digest(const struct velo_inode *inode)
{
	return inode->size == 0 ? (const unsigned char *)EMPTY_DIGEST : velo_digest(inode);
}

/* ---- copying out of packs ---- */

static int write_all(long fd, const char *from, size_t length)
{
	while (length > 0) {
		long written = velo_sys(__NR_write, fd, from, length, 0);

		if (written == -EINTR)
			continue;
		if (written <= 0)
			return written == 0 ? -EIO : (int)written;
		from += written;
		length -= (size_t)written;
	}
	return 0;
}

/* Copies by way of memory: where the kernel cannot copy between the two files by itself. */
static int copy_by_memory(long pack, long target, uint64_t start, uint64_t offset, uint64_t length)
{
	char *memory = velo_memory(COPY_BYTES);
	int result = 0;

	if (memory == NULL)
		return -ENOMEM;
	if (velo_sys(__NR_lseek, target, offset, 0, 0) < 0)
		result = -EIO;
	while (result == 0 && length > 0) {
		long bytes = velo_sys(__NR_pread64, pack, memory, length < COPY_BYTES ? length : COPY_BYTES, start);

		if (bytes == -EINTR)
			continue;
		if (bytes <= 0) {
			result = bytes == 0 ? -EIO : (int)bytes;
			break;
		}
		result = write_all(target, memory, (size_t)bytes);
		start += (uint64_t)bytes;
		length -= (uint64_t)bytes;
	}
	velo_sys(__NR_munmap, memory, COPY_BYTES, 0, 0);
	return result;
}

static int copy_extent(long target, const struct velo_extent *extent)
{
	char path[VELO_PATH_MAX];
	char name[64 + 5];
	int64_t start = (int64_t)extent->start;
	int64_t offset = (int64_t)extent->offset;
	uint64_t left = extent->length;
	long pack;
	int result;

	velo_copy(name, extent->pack, 64);
	velo_copy(name + 64, ".pack", 5);
	result = velo_store_path(path, sizeof path, "/packs/", name, sizeof name);
	if (result < 0)
		return result;
	pack = velo_sys(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	if (pack < 0) {
		velo_say("a pack of the store cannot be read: ", path, "; velo verify tells more", NULL);
		return pack == -ENOENT ? -EIO : (int)pack;
	}
	while (left > 0) {
		long copied = velo_sys6(__NR_copy_file_range, pack, (long)&start, target, (long)&offset, (long)left, 0);

		if (copied == -EINTR)
			continue;
		if (copied <= 0)
			break;
		left -= (uint64_t)copied;
	}
	if (left > 0)
		result = copy_by_memory(pack, target, (uint64_t)start, (uint64_t)offset, left);
	velo_sys(__NR_close, pack, 0, 0, 0);
	return result;
}

/* ---- holding against the digest ---- */

int velo_asks_for_checks(const char *value)
{
	return value != NULL && (velo_same(value, "always") || velo_same(value, "first"));
}

static int sum_up(long file, uint64_t size, unsigned char *digest)
{
	/* of its own pages, as O_DIRECT wants it */
	char *memory = velo_memory(COPY_BYTES);
	struct velo_sha256 sum;
	uint64_t offset = 0;
	int result = 0;

	if (memory == NULL)
		return -ENOMEM;
	velo_sha256_begin(&sum);
	while (offset < size) {
		long bytes = velo_sys(__NR_pread64, file, memory, COPY_BYTES, offset);

		if (bytes == -EINTR)
			continue;
		if (bytes <= 0) {
			result = (int)bytes;
			break;
		}
		velo_sha256_add(&sum, memory, (size_t)bytes);
		offset += (uint64_t)bytes;
	}
	velo_sys(__NR_munmap, memory, COPY_BYTES, 0, 0);
	velo_sha256_end(&sum, digest);
	return result < 0 ? result : offset == size ? 0 : -EBADMSG;
}

int velo_require_right(long file, const struct velo_inode *inode)
{
	const unsigned char *digest = velo_blob_digest(inode);
	unsigned char found[VELO_SHA256_BYTES];
	int result;

	if (inode->size == 0)
		return 0;
	if (digest == NULL)
		return -EIO;
	result = sum_up(file, inode->size, found);
	return result < 0 ? result : velo_equal(found, digest, sizeof found) ? 0 : -EBADMSG;
}

int velo_fill(long target, const struct velo_inode *inode)
{
	struct velo_extent extent;
	uint64_t offset = 0;
	int result = 0;

	if (inode->size > 0)
		result = (int)velo_sys(__NR_ftruncate, target, inode->size, 0, 0);
	while (result == 0) {
		result = velo_next_extent(inode, &offset, &extent);
		if (result == 0)
			return velo_require_right(target, inode);
		if (result < 0)
			return result;
		result = extent.hole ? 0 : copy_extent(target, &extent);
	}
	return result;
}

