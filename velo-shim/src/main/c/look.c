/* Questions about files of the tree that are neither stat nor attributes. */
#include "answers.h"

#include <dirent.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <unistd.h>

static int may(const struct velo_inode *inode, int mode, int flags)
{
	return flags & AT_EACCESS ? velo_may(inode, mode) : velo_may_really(inode, mode);
}

static int is_special(uint32_t mode)
{
	return !S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode);
}

long velo_access(const struct velo_place *place, int mode, int flags)
{
	struct velo_inode inode;
	int error;

	if (mode & ~(R_OK | W_OK | X_OK) || flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (place->error)
		return -place->error;
	if (mode == F_OK)
		return 0;
	error = velo_inode(place->slot, &inode);
	if (error)
		return error;
	if (mode & W_OK && !is_special(inode.mode))
		return -EROFS;
	return may(&inode, mode, flags) ? 0 : -EACCES;
}

/* A handle could not be opened again: that is a matter of the kernel alone. */
long velo_handle(const struct velo_place *place)
{
	return place->error ? -place->error : -EOPNOTSUPP;
}

/*
 * The path of a placeholder for what is at a place, by a descriptor that is the result. The tree never changes, so that nothing is
 * to be told of it; the placeholder is what can be watched.
 */
static int placeholder(const struct velo_place *place, int directory, char path[VELO_FD_PATH])
{
	struct velo_inode inode;
	int fd;

	if (place->error)
		return -place->error;
	if (directory && velo_type(place->slot) != DT_DIR)
		return -ENOTDIR;
	fd = velo_inode(place->slot, &inode);
	if (fd)
		return fd;
	if (!velo_may(&inode, R_OK))
		return -EACCES;
	fd = velo_open(place, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	velo_fd_path(path, fd);
	return fd;
}

/* All watches of directories are one, which never reports: what watches in order to read again has nothing to read again. */
long velo_watch(int queue, const struct velo_place *place, uint32_t mask)
{
	char path[VELO_FD_PATH];
	long result;
	int fd;

	if (!(mask & IN_ALL_EVENTS))
		return -EINVAL;
	fd = placeholder(place, (mask & IN_ONLYDIR) != 0, path);
	if (fd < 0)
		return fd;
	result = velo_sys(__NR_inotify_add_watch, queue, path, IN_DELETE_SELF, 0);
	velo_fd_close(fd);
	return result;
}

long velo_mark(int queue, unsigned flags, const struct velo_place *place)
{
	char path[VELO_FD_PATH];
	long result;
	int fd;

	fd = placeholder(place, (flags & FAN_MARK_ONLYDIR) != 0, path);
	if (fd < 0)
		return fd;
	if (flags & (FAN_MARK_MOUNT | FAN_MARK_FILESYSTEM))
		result = -ENODEV;
	else
		result = velo_sys6(__NR_fanotify_mark, queue, flags & ~(unsigned)(FAN_MARK_DONT_FOLLOW | FAN_MARK_ONLYDIR),
		                   FAN_MODIFY, AT_FDCWD, (long)path, 0);
	velo_fd_close(fd);
	return result;
}
