/* Everything that would change the tree by one path or by a descriptor: refused, with the error that the kernel gives first. */
#include "answers.h"
#include "wrap.h"

#include <dirent.h>
#include <unistd.h>

int velo_only_path(int fd)
{
	long flags = velo_sys(__NR_fcntl, fd, F_GETFL, 0, 0);

	return flags < 0 || flags & O_PATH;
}

long velo_refuse(const struct velo_place *place)
{
	return place->error ? -place->error : -EROFS;
}

long velo_refuse_fd(int fd)
{
	return velo_only_path(fd) ? -EBADF : -EROFS;
}

/* AT_SYMLINK_NOFOLLOW is libc's own, by way of a descriptor; a link has no mode to change. */
long velo_change_mode(const struct velo_place *place, int flags)
{
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (!place->error && velo_type(place->slot) == DT_LNK)
		return -EOPNOTSUPP;
	return velo_refuse(place);
}

long velo_change_owner(const struct velo_place *place, int flags)
{
	return flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) ? -EINVAL : velo_refuse(place);
}

long velo_truncate(const struct velo_place *place, off_t length)
{
	if (length < 0)
		return -EINVAL;
	if (place->error)
		return -place->error;
	switch (velo_type(place->slot)) {
	case DT_DIR:
		return -EISDIR;
	case DT_REG:
		return -EROFS;
	default:
		return -EINVAL;
	}
}

/* No descriptor of the tree is open for writing. */
long velo_truncate_fd(int fd)
{
	return velo_only_path(fd) ? -EBADF : -EINVAL;
}

static int valid(const struct timespec times[2])
{
	for (int i = 0; times && i < 2; i++)
		if (times[i].tv_nsec != UTIME_NOW && times[i].tv_nsec != UTIME_OMIT
		    && (times[i].tv_nsec < 0 || times[i].tv_nsec > 999999999))
			return 0;
	return 1;
}

static int omitted(const struct timespec times[2])
{
	return times && times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT;
}

long velo_touch(const struct velo_place *place, const struct timespec times[2], int flags)
{
	if (omitted(times))
		return 0;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (place->error)
		return -place->error;
	return valid(times) ? -EROFS : -EINVAL;
}

long velo_touch_old(const struct velo_place *place, const struct timeval times[2])
{
	for (int i = 0; times && i < 2; i++)
		if (times[i].tv_usec < 0 || times[i].tv_usec > 999999)
			return -EINVAL;
	return velo_refuse(place);
}

long velo_touch_fd(int fd, const struct timespec times[2])
{
	if (omitted(times))
		return 0;
	if (velo_only_path(fd))
		return -EBADF;
	return valid(times) ? -EROFS : -EINVAL;
}

enum last { NORMAL, DOT, DOTS };

/* What the last name of a path is, as it was written, and whether slashes follow. */
static enum last last_name(const char *path, int *slashes)
{
	size_t end = path ? velo_length(path) : 0;
	size_t from;

	*slashes = end > 0 && path[end - 1] == '/';
	while (end > 0 && path[end - 1] == '/')
		end--;
	for (from = end; from > 0 && path[from - 1] != '/';)
		from--;
	if (end - from == 1 && path[from] == '.')
		return DOT;
	return end - from == 2 && path[from] == '.' && path[from + 1] == '.' ? DOTS : NORMAL;
}

/* The name of the tree's place is one of the real directory around it, and in use. */
static int in_use(const struct velo_place *place)
{
	return !place->error && (place->slot == VELO_ROOT || velo_is_above(place->slot));
}

/* 0 if the directory that a last name is in can be reached. */
static int parent_error(const struct velo_place *place, enum last last)
{
	return place->error == ENOENT && place->missing && last == NORMAL ? 0 : place->error;
}

long velo_create(const struct velo_place *place, const char *path, int directory)
{
	int slashes;
	enum last last = last_name(path, &slashes);

	if (!place->error)
		return -EEXIST;
	if (parent_error(place, last))
		return -place->error;
	return slashes && !directory ? -ENOENT : -EROFS;
}

long velo_make_node(const struct velo_place *place, const char *path, mode_t mode)
{
	switch (mode & S_IFMT) {
	case 0:
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return velo_create(place, path, 0);
	default:
		return S_ISDIR(mode) ? -EPERM : -EINVAL;
	}
}

long velo_make_link(const struct velo_place *place, const char *path, const char *target)
{
	return *target ? velo_create(place, path, 0) : -ENOENT;
}

long velo_remove(const struct velo_place *place, const char *path, int flags)
{
	int slashes;
	enum last last = last_name(path, &slashes);
	int error = parent_error(place, last);

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	if (error)
		return -error;
	if (flags & AT_REMOVEDIR) {
		if (last != NORMAL)
			return last == DOT ? -EINVAL : -ENOTEMPTY;
		return in_use(place) ? -EBUSY : -EROFS;
	}
	return last != NORMAL || in_use(place) ? -EISDIR : -EROFS;
}

long velo_remove_any(const struct velo_place *place, const char *path)
{
	long error = velo_remove(place, path, 0);

	return error == -EISDIR ? velo_remove(place, path, AT_REMOVEDIR) : error;
}

/* ---- two paths ---- */

/* Whether the directory of a last name is one of the tree. */
static int in_tree(const struct velo_place *place, enum last last)
{
	return place->kind == VELO_VIEW && (last != NORMAL || !in_use(place));
}

/* Whether something real is there: 0 or the errno. It may turn out to be in the tree. */
static int look(struct velo_place *place, const char *path, int flags)
{
	struct stat stat;
	long error = velo_sys(__NR_newfstatat, place->dirfd, path, &stat, flags);

	if (error < 0 && place->kind == VELO_MAYBE && velo_again(place, (int)-error))
		return 0;
	return (int)-error;
}

/* 0 if the directory of a real path's last name can be reached; the buffer is that of the other place, which is in the tree. */
static int look_for_parent(struct velo_place *place, char *buffer)
{
	size_t length = place->path ? velo_length(place->path) : 0;

	if (length == 0)
		return place->path ? ENOENT : EFAULT;
	if (length >= VELO_PATH_MAX)
		return ENAMETOOLONG;
	velo_copy(buffer, place->path, length + 1);
	while (length > 1 && buffer[length - 1] == '/')
		length--;
	while (length > 0 && buffer[length - 1] != '/')
		length--;
	buffer[length] = '.'; /* never longer than the name that it replaces */
	buffer[length + 1] = 0;
	return look(place, buffer, 0);
}

static int reach(struct velo_place *place, enum last last, struct velo_place *other)
{
	int error = place->kind == VELO_VIEW ? 0 : look_for_parent(place, other->buffer);

	return error || place->kind != VELO_VIEW ? error : parent_error(place, last);
}

long velo_rename(struct velo_place *from, const char *from_path, struct velo_place *to, const char *to_path, unsigned flags)
{
	enum { NOREPLACE = 1, EXCHANGE = 2, WHITEOUT = 4 };
	int slashes;
	enum last from_last = last_name(from_path, &slashes);
	enum last to_last = last_name(to_path, &slashes);
	int error;

	if (flags & ~(unsigned)(NOREPLACE | EXCHANGE | WHITEOUT) || (flags & EXCHANGE && flags & (NOREPLACE | WHITEOUT)))
		return -EINVAL;
	error = reach(from, from_last, to);
	if (!error)
		error = reach(to, to_last, from);
	if (error)
		return -error;
	if (in_tree(from, from_last) != in_tree(to, to_last))
		return -EXDEV;
	if (from_last != NORMAL)
		return -EBUSY;
	if (to_last != NORMAL)
		return flags & NOREPLACE ? -EEXIST : -EBUSY;
	return in_tree(from, from_last) ? -EROFS : -EBUSY;
}

long velo_hard_link(struct velo_place *from, struct velo_place *to, const char *to_path, int flags)
{
	int error = 0;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (from->kind != VELO_VIEW)
		error = look(from, from->path, (flags & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW) | (flags & AT_EMPTY_PATH));
	if (!error && from->kind == VELO_VIEW)
		error = from->error;
	if (error)
		return -error;
	error = to->kind == VELO_VIEW ? 0 : look_for_parent(to, from->buffer);
	if (error)
		return -error;
	if (to->kind == VELO_VIEW)
		return velo_create(to, to_path, 0);
	error = look(to, to->path, AT_SYMLINK_NOFOLLOW);
	return error == ENOENT ? -EXDEV : error ? -error : -EEXIST;
}
