/* What the tree says of its files and of itself. */
#include "answers.h"

#include <linux/magic.h>

enum {
	BLOCK = 4096,        /* st_blksize: what a buffer should have */
	SHORT_LINK = 60,     /* links up to here take no block on ext4 */
	NAMES = 255,
};

/* ST_RDONLY, ST_NOSUID, ST_NODEV; and ST_VALID, which the kernel sets and libc hides. */
#define READ_ONLY (0x1 | 0x2 | 0x4)
#define VALID 0x20

/* The parts of a device number, as makedev(3) puts them together. */
static uint32_t major_of(uint64_t device)
{
	return device >> 8 & 0xfff;
}

static uint32_t minor_of(uint64_t device)
{
	return (uint32_t)((device & 0xff) | (device >> 12 & 0xfff00));
}

static uint32_t device_of(const struct velo_inode *inode)
{
	return S_ISCHR(inode->mode) || S_ISBLK(inode->mode) ? inode->u : 0;
}

/* As ext4 would count them: programs add them up. */
static uint64_t blocks(const struct velo_inode *inode)
{
	if (S_ISLNK(inode->mode) && inode->size < SHORT_LINK)
		return 0;
	return (inode->size + BLOCK - 1) / BLOCK * (BLOCK / 512);
}

void velo_fill_stat(const struct velo_inode *inode, struct stat *stat)
{
	struct timespec time = {.tv_sec = inode->mtime, .tv_nsec = inode->nsec};

	*stat = (struct stat){
		.st_dev = velo_device(),
		.st_ino = velo_ino(inode->nid),
		.st_nlink = inode->nlink,
		.st_mode = inode->mode,
		.st_uid = inode->uid,
		.st_gid = inode->gid,
		.st_rdev = device_of(inode),
		.st_size = (off_t)inode->size,
		.st_blksize = BLOCK,
		.st_blocks = (blkcnt_t)blocks(inode),
		.st_atim = time,
		.st_mtim = time,
		.st_ctim = time,
	};
}

int velo_stat_slot(velo_slot slot, struct stat *stat)
{
	struct velo_inode inode;
	int error = velo_inode(slot, &inode);

	if (error)
		return error;
	velo_fill_stat(&inode, stat);
	return 0;
}

int velo_stat(const struct velo_place *place, struct stat *stat)
{
	return place->error ? -place->error : velo_stat_slot(place->slot, stat);
}

long velo_stat_at(const struct velo_place *place, int flags, struct stat *stat)
{
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	return velo_stat(place, stat);
}

/* The versions of struct stat that old glibc knows: the kernel's, and its own, which is the same. */
static int known(int version)
{
	return version == 0 || version == 1;
}

long velo_stat_old(int version, const struct velo_place *place, struct stat *stat)
{
	return known(version) ? velo_stat(place, stat) : -EINVAL;
}

long velo_stat_old_at(int version, const struct velo_place *place, int flags, struct stat *stat)
{
	return known(version) ? velo_stat_at(place, flags, stat) : -EINVAL;
}

long velo_stat_old_slot(int version, velo_slot slot, struct stat *stat)
{
	return known(version) ? velo_stat_slot(slot, stat) : -EINVAL;
}

long velo_statx(const struct velo_place *place, int flags, unsigned mask, struct statx *stat)
{
	struct velo_inode inode;
	struct statx_timestamp time = {0};
	int error;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE) || mask & STATX__RESERVED
	    || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	if (place->error)
		return -place->error;
	error = velo_inode(place->slot, &inode);
	if (error)
		return error;
	time.tv_sec = inode.mtime;
	time.tv_nsec = inode.nsec;
	*stat = (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = BLOCK,
		.stx_attributes = STATX_ATTR_IMMUTABLE | (place->slot == VELO_ROOT ? STATX_ATTR_MOUNT_ROOT : 0),
		.stx_attributes_mask = STATX_ATTR_COMPRESSED | STATX_ATTR_IMMUTABLE | STATX_ATTR_MOUNT_ROOT,
		.stx_nlink = inode.nlink,
		.stx_uid = inode.uid,
		.stx_gid = inode.gid,
		.stx_mode = (uint16_t)inode.mode,
		.stx_ino = velo_ino(inode.nid),
		.stx_size = inode.size,
		.stx_blocks = blocks(&inode),
		.stx_atime = time,
		.stx_mtime = time,
		.stx_ctime = time,
		.stx_rdev_major = major_of(device_of(&inode)),
		.stx_rdev_minor = minor_of(device_of(&inode)),
		.stx_dev_major = major_of(velo_device()),
		.stx_dev_minor = minor_of(velo_device()),
	};
	return 0;
}

/* Nothing is free, and the sizes are nobody's business but never 0: programs divide by them. */
long velo_statfs_slot(struct statfs *answer)
{
	*answer = (struct statfs){
		.f_type = EROFS_SUPER_MAGIC_V1,
		.f_bsize = BLOCK,
		.f_blocks = 1,
		.f_files = 1,
		.f_fsid = {{(int)velo_device(), 0}},
		.f_namelen = NAMES,
		.f_frsize = BLOCK,
		.f_flags = READ_ONLY | VALID,
	};
	return 0;
}

long velo_statfs(const struct velo_place *place, struct statfs *answer)
{
	return place->error ? -place->error : velo_statfs_slot(answer);
}

long velo_statvfs_slot(struct statvfs *answer)
{
	*answer = (struct statvfs){
		.f_bsize = BLOCK,
		.f_frsize = BLOCK,
		.f_blocks = 1,
		.f_files = 1,
		.f_fsid = velo_device(),
		.f_flag = READ_ONLY,
		.f_namemax = NAMES,
	};
	return 0;
}

long velo_statvfs(const struct velo_place *place, struct statvfs *answer)
{
	return place->error ? -place->error : velo_statvfs_slot(answer);
}
