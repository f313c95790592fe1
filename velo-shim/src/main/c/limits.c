/* pathconf: the file system of the store answers for the tree, which has its limits. */
#include "wrap.h"

/* Not every libc looks at the path; one that does not takes an empty one too. */
static long fail(long (*behind)(const char *, int), int name, int error)
{
	long result = behind("", name);

	if (result == -1)
		errno = error;
	return result;
}

/* A limit that does not exist is -1 without an error. */
WRAP(long, pathconf, const char *path, int name)
{
	__typeof__(&velo_wrap_pathconf) behind = BEHIND(pathconf);
	struct velo_place place;
	int before = errno;

	if (!behind)
		return velo_lacks();
	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		long result;

		do {
			errno = 0;
			result = behind(place.path, name);
		} while (result == -1 && velo_redirected(&place, 0));
		if (place.kind != VELO_VIEW) {
			if (!errno)
				errno = before;
			return result;
		}
		errno = before;
	}
	return place.error ? fail(behind, name, place.error) : behind(velo_config.store, name);
}
