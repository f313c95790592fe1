/* Libraries of the tree, as the loader is told of them. */
#include "velo.h"

int velo_library_of(velo_slot slot, struct velo_library *library)
{
	struct velo_inode inode;
	char path[VELO_PATH_MAX];
	long shown = velo_full_path(slot, library->shown, sizeof library->shown);
	long result = shown < 0 ? shown : velo_inode(slot, &inode);
	char *to = library->path;
	size_t length;
	size_t padding;

	library->path[0] = 0;
	if (result == 0)
		result = S_ISREG(inode.mode) ? velo_blob_path(&inode, path, sizeof path) : -EACCES;
	if (result < 0)
		return (int)result;
	length = velo_length(path);
	padding = (size_t)shown > length ? ((size_t)shown - length + 1) / 2 : 0;
	if (length + padding * 2 + 1 > sizeof library->path)
		return -ENAMETOOLONG;
	*to++ = '/';
	while (padding-- > 0) {
		*to++ = '.';
		*to++ = '/';
	}
	velo_copy(to, path + 1, length);
	return 0;
}
