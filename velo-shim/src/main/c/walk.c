#include "walk.h"
#include "answers.h"

static int real_stat(int dirfd, const char *path, int flags, struct stat *stat)
{
	return (int)velo_sys(__NR_newfstatat, dirfd, path, stat, flags);
}

int velo_walk_stat(int dirfd, const char *path, int flags, struct stat *stat)
{
	struct velo_place place;
	int error;

	if (!velo_locate(&place, dirfd, path, flags & AT_SYMLINK_NOFOLLOW ? VELO_NOFOLLOW : VELO_FOLLOW)) {
		error = real_stat(place.dirfd, place.path, flags, stat);
		if (!error || place.kind != VELO_MAYBE || !velo_again(&place, -error))
			return error;
	}
	return place.error ? -place.error : velo_stat_slot(place.slot, stat);
}

int velo_walk_here(void)
{
	velo_slot slot = velo_cwd();

	if (slot != VELO_NO_SLOT)
		return velo_open_slot(slot, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return (int)velo_sys(__NR_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
}

static int enter_real(int fd)
{
	int error = (int)velo_sys(__NR_fchdir, fd, 0, 0, 0);

	if (!error)
		velo_cwd_is_real();
	return error;
}

int velo_walk_return(int fd)
{
	velo_slot slot = velo_fd(fd);

	return slot == VELO_NO_SLOT ? enter_real(fd) : velo_change_directory_fd(slot);
}

int velo_walk_chdir(const char *path)
{
	struct velo_place place;
	int error;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		error = (int)velo_sys(__NR_chdir, place.path, 0, 0, 0);
		if (!error)
			velo_cwd_is_real();
		if (!error || place.kind != VELO_MAYBE || !velo_again(&place, -error))
			return error;
	}
	return place.error ? -place.error : velo_change_directory_fd(place.slot);
}

int velo_walk_enter(DIR *stream)
{
	velo_slot slot = velo_dir_slot(stream);

	return slot == VELO_NO_SLOT ? enter_real(velo_dir_fd(stream)) : velo_change_directory_fd(slot);
}

int velo_walk_stat_stream(DIR *stream, struct stat *stat)
{
	velo_slot slot = velo_dir_slot(stream);

	if (slot != VELO_NO_SLOT)
		return velo_stat_slot(slot, stat);
	return real_stat(velo_dir_fd(stream), "", AT_EMPTY_PATH, stat);
}

static int enter_known_real(const char *path, dev_t device, ino_t inode)
{
	int fd = (int)velo_sys(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	struct stat stat;
	int error;

	if (fd < 0)
		return fd;
	error = real_stat(fd, "", AT_EMPTY_PATH, &stat);
	if (!error)
		error = stat.st_dev == device && stat.st_ino == inode ? enter_real(fd) : -ENOENT;
	velo_sys(__NR_close, fd, 0, 0, 0);
	return error;
}

int velo_walk_enter_known(const char *path, dev_t device, ino_t inode)
{
	struct velo_place place;
	struct stat stat;
	int error;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		error = enter_known_real(place.path, device, inode);
		if (!error || place.kind != VELO_MAYBE || !velo_again(&place, -error))
			return error;
	}
	if (place.error)
		return -place.error;
	error = velo_stat_slot(place.slot, &stat);
	if (error < 0)
		return error;
	return stat.st_dev == device && stat.st_ino == inode ? velo_change_directory_fd(place.slot) : -ENOENT;
}

int velo_grow(void **list, size_t *room, size_t count, size_t size)
{
	size_t wanted = *room ? *room : 16;
	void *larger;

	if (count <= *room)
		return 0;
	while (wanted < count)
		wanted *= 2;
	larger = wanted <= PTRDIFF_MAX / size ? realloc(*list, wanted * size) : NULL;
	if (!larger)
		return -ENOMEM;
	*list = larger;
	*room = wanted;
	return 0;
}
