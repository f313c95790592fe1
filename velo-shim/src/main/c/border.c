/*
 * The real directory just above the tree's place. Where the place does not exist for real, a list of that directory lacks one
 * name, which a mount could not lack: the walk from above must find the way in.
 */
#include "dir.h"

int velo_at_border(int fd, struct velo_entry *missing)
{
	char path[VELO_PATH_MAX];
	char link[VELO_FD_PATH];
	size_t name_length = 0;
	const char *name = NULL;
	size_t length = velo_border(&name, &name_length);
	struct velo_inode inode;
	size_t end;
	long got;

	if (!length)
		return 0;
	velo_fd_path(link, fd);
	got = velo_sys(__NR_readlinkat, AT_FDCWD, link, path, sizeof(path));
	if (got != (long)length || !velo_equal(path, velo_config.at, length))
		return 0;
	end = (size_t)(name - velo_config.at) + name_length;
	if (velo_inode(end == velo_config.at_length ? VELO_ROOT : VELO_ABOVE + (velo_slot)end, &inode) < 0)
		return 0;
	*missing = (struct velo_entry){name, (uint32_t)name_length, inode.nid, DT_DIR};
	return 1;
}
