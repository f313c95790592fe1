/* The calls with two paths, and those where a descriptor may stand for the path. */
#include "answers.h"
#include "wrap.h"

#include <unistd.h>

enum { NAME = VELO_NOFOLLOW | VELO_CREATE };

/* Locates both: 1 if one of them is in the tree. Two places are what these calls need; nothing here nests deeper. */
static int locate_both(struct velo_place *from, int from_dir, const char *from_path, unsigned flags, struct velo_place *to,
                       int to_dir, const char *to_path)
{
	int first = velo_locate(from, from_dir, from_path, flags);
	int second = velo_locate(to, to_dir, to_path, NAME);

	return first || second;
}

/* After a failure behind: 1 if it has to be called again, with other paths. */
static int redirected(struct velo_place *from, struct velo_place *to, int before)
{
	int error = errno;
	int again = velo_redirected(from, before);
	int found;

	errno = error;
	again |= velo_redirected(to, before);
	found = from->kind == VELO_VIEW || to->kind == VELO_VIEW;
	errno = again || found ? before : error;
	return again && !found;
}

/* A wrapper's work: REAL is the call of the function behind, ANSWER what is said where the tree has a say. */
#define PAIR(name, from_dir, to_dir, look, REAL, ANSWER)                        \
	struct velo_place source, target;                                       \
                                                                                \
	if (!locate_both(&source, from_dir, from, look, &target, to_dir, to)) { \
		__typeof__(&velo_wrap_##name) behind_this = BEHIND(name);       \
		int before = errno;                                             \
		int result;                                                     \
		if (!behind_this)                                               \
			return velo_lacks();                                    \
		do                                                              \
			result = REAL;                                          \
		while (result == -1 && redirected(&source, &target, before));   \
		if (source.kind != VELO_VIEW && target.kind != VELO_VIEW)       \
			return result;                                          \
	}                                                                       \
	return (int)velo_result(ANSWER)

#define RENAME(name, from_dir, to_dir, flags, REAL) \
	PAIR(name, from_dir, to_dir, NAME, REAL, velo_rename(&source, from, &target, to, flags))

#define LINK(name, from_dir, to_dir, flags, REAL) \
	PAIR(name, from_dir, to_dir, velo_link_at(flags), REAL, velo_hard_link(&source, &target, to, flags))

WRAP(int, rename, const char *from, const char *to)
{
	RENAME(rename, AT_FDCWD, AT_FDCWD, 0, behind_this(source.path, target.path));
}

WRAP(int, renameat, int from_dir, const char *from, int to_dir, const char *to)
{
	RENAME(renameat, from_dir, to_dir, 0, behind_this(source.dirfd, source.path, target.dirfd, target.path));
}

WRAP(int, renameat2, int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	RENAME(renameat2, from_dir, to_dir, flags, behind_this(source.dirfd, source.path, target.dirfd, target.path, flags));
}

WRAP(int, link, const char *from, const char *to)
{
	LINK(link, AT_FDCWD, AT_FDCWD, 0, behind_this(source.path, target.path));
}

WRAP(int, linkat, int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	LINK(linkat, from_dir, to_dir, flags, behind_this(source.dirfd, source.path, target.dirfd, target.path, flags));
}
