/* readlink and its family, with the links of /proc that speak of the tree. */
#include "answers.h"
#include "wrap.h"

#include <unistd.h>

static long cut(const char *text, long length, char *buffer, size_t size)
{
	if (length > 0 && (size_t)length > size)
		length = (long)size;
	if (length > 0)
		velo_copy(buffer, text, (size_t)length);
	return length;
}

long velo_readlink(struct velo_place *place, const char *path, char *buffer, size_t size)
{
	struct velo_inode inode;
	int error;

	if (size == 0 || size > INT_MAX)
		return -EINVAL;
	if (place->error)
		return -place->error;
	error = velo_inode(place->slot, &inode);
	if (error)
		return error;
	if (!S_ISLNK(inode.mode))
		return *path ? -EINVAL : -ENOENT;
	if (inode.size <= size)
		return velo_link(&inode, buffer, size);
	return cut(place->buffer, velo_link(&inode, place->buffer, sizeof place->buffer), buffer, size);
}

long velo_proc_link(struct velo_place *place, char *buffer, size_t size)
{
	const char *path = place->path;
	const char *name;
	velo_slot slot;

	if (!path || path[0] != '/' || (path[1] != 'p' && path[1] != 'd') || size == 0 || size > INT_MAX)
		return -ENOENT;
	name = velo_behind(path, "/dev/fd/") ? path + 5 : velo_proc_own(path);
	slot = name ? velo_proc_slot(name) : VELO_NO_SLOT;
	if (slot == VELO_NO_SLOT)
		return -ENOENT;
	return cut(place->buffer, velo_full_path(slot, place->buffer, VELO_PATH_MAX), buffer, size);
}

/* Whether a directory that is open is that of this process's descriptors. */
static int holds_descriptors(int dirfd, char *text)
{
	char name[VELO_FD_PATH] = "/proc/self/cwd";
	const char *rest;
	long length;

	if (dirfd != AT_FDCWD)
		velo_fd_path(name, dirfd);
	length = velo_sys(__NR_readlinkat, AT_FDCWD, name, text, 64);
	if (length <= 0 || length >= 64)
		return 0;
	text[length] = 0;
	rest = velo_proc_own(text);
	return rest && velo_same(rest, "fd");
}

long velo_proc_relative(struct velo_place *place, char *buffer, size_t size, long length)
{
	size_t store = velo_config.store_length;
	char text[64];
	int fd;

	if (length < 7 || !place->path || !velo_number(place->path, 0, &fd) || velo_fd(fd) == VELO_NO_SLOT)
		return length;
	if (!velo_equal(buffer, "/memfd:", 7) && ((size_t)length <= store || !velo_equal(buffer, velo_config.store, store)))
		return length;
	if (!holds_descriptors(place->dirfd, text))
		return length;
	return cut(place->buffer, velo_full_path(velo_fd(fd), place->buffer, VELO_PATH_MAX), buffer, size);
}

/* A wrapper's work from the place on: REAL is the call of the function behind. */
#define READ_LINK(name, dirfd, REAL)                                             \
	struct velo_place place;                                                 \
                                                                                 \
	if (!velo_locate(&place, dirfd, path, VELO_NOFOLLOW | VELO_EMPTY)) {     \
		__typeof__(&velo_wrap_##name) behind_this = BEHIND(name);        \
		int before = errno;                                              \
		ssize_t result = velo_proc_link(&place, buffer, size);           \
		if (result != -ENOENT)                                           \
			return velo_result(result);                              \
		if (!behind_this)                                                \
			return velo_lacks();                                     \
		do                                                               \
			result = REAL;                                           \
		while (result == -1 && velo_redirected(&place, before));         \
		if (result >= 0)                                                 \
			return velo_proc_relative(&place, buffer, size, result); \
		if (place.kind != VELO_VIEW)                                     \
			return result;                                           \
	}                                                                        \
	return velo_result(velo_readlink(&place, path, buffer, size))

WRAP(ssize_t, readlink, const char *path, char *buffer, size_t size)
{
	READ_LINK(readlink, AT_FDCWD, behind_this(place.path, buffer, size));
}

WRAP(ssize_t, readlinkat, int dirfd, const char *path, char *buffer, size_t size)
{
	READ_LINK(readlinkat, dirfd, behind_this(place.dirfd, place.path, buffer, size));
}

/* A buffer that is too small is libc's to complain about. */
WRAP(ssize_t, __readlink_chk, const char *path, char *buffer, size_t size, size_t room)
{
	if (size > room)
		return BEHIND(__readlink_chk)(path, buffer, size, room);
	READ_LINK(__readlink_chk, AT_FDCWD, behind_this(place.path, buffer, size, room));
}

WRAP(ssize_t, __readlinkat_chk, int dirfd, const char *path, char *buffer, size_t size, size_t room)
{
	if (size > room)
		return BEHIND(__readlinkat_chk)(dirfd, path, buffer, size, room);
	READ_LINK(__readlinkat_chk, dirfd, behind_this(place.dirfd, place.path, buffer, size, room));
}
