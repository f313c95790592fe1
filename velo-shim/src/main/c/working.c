/* The working directory moves: into the tree, and out of it. */
#include "answers.h"
#include "wrap.h"

#include <dirent.h>
#include <unistd.h>

/* Whether a directory may be entered: 0 or -errno. */
static int enter(velo_slot slot)
{
	struct velo_inode inode;
	int error = velo_inode(slot, &inode);

	if (error)
		return error;
	if (!S_ISDIR(inode.mode))
		return -ENOTDIR;
	return velo_may(&inode, X_OK) ? 0 : -EACCES;
}

long velo_change_directory(const struct velo_place *place)
{
	int error = place->error ? -place->error : enter(place->slot);

	return error ? error : velo_chdir(place->slot);
}

long velo_change_directory_fd(velo_slot slot)
{
	int error = enter(slot);

	return error ? error : velo_chdir(slot);
}

/* A root in the tree would be no root for the kernel, and nothing that it starts would be found. */
long velo_change_root(const struct velo_place *place)
{
	int error = place->error ? -place->error : enter(place->slot);

	return error ? error : -EPERM;
}

WRAP(int, chdir, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_chdir) behind = BEHIND(chdir);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (result == 0)
			velo_cwd_is_real();
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_change_directory(&place));
}

WRAP(int, fchdir, int fd)
{
	__typeof__(&velo_wrap_fchdir) behind;
	velo_slot slot = velo_fd(fd);
	int result;

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_change_directory_fd(slot));
	behind = BEHIND(fchdir);
	result = behind ? behind(fd) : velo_lacks();
	if (result == 0)
		velo_cwd_is_real();
	return result;
}
