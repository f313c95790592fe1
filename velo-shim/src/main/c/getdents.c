/* Lists of directories by descriptor, as the kernel gives them. */
#include "dir.h"
#include "interposed.h"

/* The entries as getdents64 writes them are those of libc. */
_Static_assert(offsetof(struct dirent, d_name) == 19, "struct linux_dirent64");

static long list_tree(velo_slot slot, int fd, char *buffer, size_t size)
{
	uint32_t position = velo_fd_position(fd);
	size_t filled = 0;

	for (;;) {
		struct velo_entry entry;
		uint32_t behind = position;
		int found = velo_next_entry(slot, &behind, &entry);

		if (found < 0 && !filled)
			return found;
		if (found <= 0)
			break;
		if (velo_entry_size(entry.length) > size - filled) {
			if (!filled)
				return -EINVAL;
			break;
		}
		velo_fill_entry((struct dirent *)(void *)(buffer + filled), &entry, behind);
		filled += velo_entry_size(entry.length);
		position = behind;
	}
	velo_fd_seek(fd, position);
	return (long)filled;
}

/*
 * At the border the missing name comes first: that needs no state, for whoever stands at the beginning has not seen it, and the
 * position behind it is still the beginning.
 */
static long list_real(int fd, char *buffer, size_t size)
{
	struct velo_entry missing;
	size_t room;
	long got;

	if (!velo_at_border(fd, &missing) || velo_sys(__NR_lseek, fd, 0, 1, 0) != 0)
		return velo_sys(__NR_getdents64, fd, buffer, size, 0);
	room = velo_entry_size(missing.length);
	if (size <= room)
		return -EINVAL;
	got = velo_sys(__NR_getdents64, fd, buffer + room, size - room, 0);
	if (got < 0)
		return got;
	velo_fill_entry((struct dirent *)(void *)buffer, &missing, 0);
	return got + (long)room;
}

int velo_is_path_only(int fd)
{
	long flags = velo_sys(__NR_fcntl, fd, F_GETFL, 0, 0);

	return flags >= 0 && (flags & O_PATH) != 0;
}

long velo_getdents(int fd, void *buffer, size_t size)
{
	velo_slot slot = velo_ready() ? velo_fd(fd) : VELO_NO_SLOT;

	if (slot == VELO_NO_SLOT)
		return list_real(fd, buffer, size);
	if (velo_is_path_only(fd))
		return -EBADF;
	if (velo_type(slot) != DT_DIR)
		return -ENOTDIR;
	return list_tree(slot, fd, buffer, size);
}

VELO_EXPORT ssize_t getdents64(int fd, void *buffer, size_t size)
{
	return velo_result(velo_getdents(fd, buffer, size));
}

VELO_EXPORT ssize_t getdirentries(int fd, char *buffer, size_t size, off_t *base)
{
	long before = velo_ready() && velo_fd(fd) != VELO_NO_SLOT ? (long)velo_fd_position(fd)
	                                                          : velo_sys(__NR_lseek, fd, 0, 1, 0);
	long got = velo_getdents(fd, buffer, size);

	if (got >= 0)
		*base = before;
	return velo_result(got);
}
VELO_TWIN(getdirentries64, getdirentries);

/* musl's name of it. */
int getdents(int fd, struct dirent *buffer, size_t size);
VELO_EXPORT int getdents(int fd, struct dirent *buffer, size_t size)
{
	return (int)velo_result(velo_getdents(fd, buffer, size));
}
