/*
 * glob(3): libc's own, given our functions for directories. musl's cannot be given any; there globs are rebuilt in
 * globmusl.c.
 */
#include "globbing.h"
#include "interposed.h"

static void *open_directory(const char *path)
{
	return velo_dir_at(path);
}

static struct dirent *read_directory(void *stream)
{
	struct dirent *entry;
	int found = velo_dir_next(stream, &entry);

	if (found < 0)
		errno = -found;
	return found > 0 ? entry : NULL;
}

static void close_directory(void *stream)
{
	velo_dir_close(stream);
}

static int look(const char *restrict path, struct stat *restrict stat)
{
	return (int)velo_result(velo_walk_stat(AT_FDCWD, path, 0, stat));
}

static int look_at_link(const char *restrict path, struct stat *restrict stat)
{
	return (int)velo_result(velo_walk_stat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, stat));
}

int velo_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)
{
	glob_t before;
	int result;

	/* Who brings functions of his own, brings them wrapped. */
	if (!velo_ready() || flags & GLOB_ALTDIRFUNC)
		return NEXT(glob)(pattern, flags, failed, found);
	if (!velo_on_glibc())
		return velo_glob_musl(pattern, flags, failed, found);
	velo_copy(&before, found, sizeof(before));
	found->gl_opendir = open_directory;
	found->gl_readdir = read_directory;
	found->gl_closedir = close_directory;
	found->gl_stat = look;
	found->gl_lstat = look_at_link;
	result = NEXT(glob)(pattern, flags | GLOB_ALTDIRFUNC, failed, found);
	/* Left as they were: callers may compare, copy or never have set them. */
	found->gl_opendir = before.gl_opendir;
	found->gl_readdir = before.gl_readdir;
	found->gl_closedir = before.gl_closedir;
	found->gl_stat = before.gl_stat;
	found->gl_lstat = before.gl_lstat;
	found->gl_flags &= ~GLOB_ALTDIRFUNC;
	return result;
}

VELO_EXPORT int glob(const char *restrict pattern, int flags, int (*failed)(const char *, int), glob_t *restrict found)
{
	return velo_glob(pattern, flags, failed, found);
}

VELO_TWIN(glob64, glob);
