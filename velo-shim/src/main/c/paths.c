/* Names of what a path leads to, and of the working directory. */
#include "walk.h"
#include "interposed.h"

/* A path that is to be given to the caller, in his buffer of PATH_MAX bytes or in memory of its own. */
static char *give_path(char *buffer, const char *path, size_t length)
{
	if (!buffer)
		buffer = malloc(length + 1);
	if (buffer)
		velo_copy(buffer, path, length + 1);
	else
		errno = ENOMEM;
	return buffer;
}

static char *give_place(const struct velo_place *place, char *resolved)
{
	char path[VELO_PATH_MAX];
	long length = place->error ? -place->error : velo_full_path(place->slot, path, sizeof(path));

	if (length < 0) {
		errno = (int)-length;
		return NULL;
	}
	return give_path(resolved, path, (size_t)length);
}

/*
 * What libc found, unless it went through a symbolic link to the tree's place and found there what the tree shadows: then the
 * tree says where that leads.
 */
static char *check_real(char *found, char *resolved)
{
	struct velo_place place;

	if (!velo_config.shadows || !velo_below(found) || !velo_locate(&place, AT_FDCWD, found, VELO_FOLLOW))
		return found;
	if (!resolved)
		free(found);
	return give_place(&place, resolved);
}

static char *resolve(const char *path, char *resolved)
{
	struct velo_place place;
	int saved = errno;
	char *found;

	if (!path || !velo_ready())
		return NEXT(realpath)(path, resolved);
	if (velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW))
		return give_place(&place, resolved);
	found = NEXT(realpath)(place.path, resolved);
	if (found)
		return check_real(found, resolved);
	if (place.kind != VELO_MAYBE || !velo_again(&place, errno))
		return NULL;
	errno = saved;
	return give_place(&place, resolved);
}

VELO_EXPORT char *realpath(const char *restrict path, char *restrict resolved)
{
	return resolve(path, resolved);
}

VELO_EXPORT char *canonicalize_file_name(const char *path)
{
	return resolve(path, NULL);
}

/* The checked twins end the program where its buffer is too small; libc knows how. */
char *__realpath_chk(const char *path, char *resolved, size_t size);
VELO_EXPORT char *__realpath_chk(const char *path, char *resolved, size_t size)
{
	return size < PATH_MAX ? NEXT(__realpath_chk)(path, resolved, size) : resolve(path, resolved);
}

static long room_for(size_t size, size_t length)
{
	return size > length ? (long)length : -ERANGE;
}

static char *give_cwd(char *buffer, size_t size)
{
	char path[VELO_PATH_MAX];
	long length = velo_ready() ? velo_cwd_path(path, sizeof(path)) : -ENOENT;
	char *result = buffer;

	if (length == -ENOENT)
		return NEXT(getcwd)(buffer, size);
	if (length >= 0 && buffer && !size)
		length = -EINVAL;
	else if (length >= 0 && size)
		length = room_for(size, (size_t)length);
	if (length < 0) {
		errno = (int)-length;
		return NULL;
	}
	if (!buffer)
		result = malloc(size ? size : (size_t)length + 1);
	if (result)
		velo_copy(result, path, (size_t)length + 1);
	else
		errno = ENOMEM;
	return result;
}

VELO_EXPORT char *getcwd(char *buffer, size_t size)
{
	return give_cwd(buffer, size);
}

VELO_EXPORT char *getwd(char *buffer)
{
	if (!velo_not_null(buffer)) {
		errno = EINVAL;
		return NULL;
	}
	return give_cwd(buffer, PATH_MAX);
}

/* The path that the shell shows, symbolic links and all, if it leads here. */
VELO_EXPORT char *get_current_dir_name(void)
{
	velo_slot here = velo_ready() ? velo_cwd() : VELO_NO_SLOT;
	const char *shown = getenv ? getenv("PWD") : NULL;
	struct stat there;
	struct stat stat;

	if (here == VELO_NO_SLOT)
		return NEXT(get_current_dir_name)();
	if (shown && !velo_walk_stat(AT_FDCWD, shown, 0, &there) && !velo_stat_slot(here, &stat) &&
	    there.st_dev == stat.st_dev && there.st_ino == stat.st_ino)
		return give_path(NULL, shown, velo_length(shown));
	return give_cwd(NULL, 0);
}

char *__getcwd_chk(char *buffer, size_t size, size_t room);
VELO_EXPORT char *__getcwd_chk(char *buffer, size_t size, size_t room)
{
	return size > room ? NEXT(__getcwd_chk)(buffer, size, room) : give_cwd(buffer, size);
}

char *__getwd_chk(char *buffer, size_t room);
VELO_EXPORT char *__getwd_chk(char *buffer, size_t room)
{
	char *result = give_cwd(buffer, room < PATH_MAX ? room : PATH_MAX);

	return !result && errno == ERANGE ? NEXT(__getwd_chk)(buffer, room) : result;
}
