/* ftw(3) and nftw(3), rebuilt as glibc has them. */
#include "inodeset.h"
#include "interposed.h"
#include "walkers.h"

/* A directory that is being walked through. */
struct level {
	struct level *above;
	DIR *stream;   /* NULL once its other names have been read ahead */
	int fd;        /* of the stream of a real directory, else -1 */
	char *names;   /* read ahead: strings, and an empty one at the end */
};

struct walk {
	ftw_function *ftw; /* either of the two */
	nftw_function *nftw;
	int flags;
	char *path;
	size_t room;
	struct FTW position;
	dev_t device;
	struct velo_seen seen;
	/* Streams with a descriptor, and how many of them there may be. */
	int open;
	int most_open;
};

/* Results of callbacks may be anything, so that errors of the walk itself go out by errno. */
static int fail(int error)
{
	errno = -error;
	return -1;
}

static int report(struct walk *walk, const struct stat *stat, int type)
{
	/* What ftw does not know: links that lead nowhere, and second visits. */
	if (walk->ftw && type == FTW_SLN)
		type = FTW_NS;
	if (walk->ftw)
		return walk->ftw(walk->path, stat, type);
	return walk->nftw(walk->path, stat, type, &walk->position);
}

/* The path as seen from the working directory. */
static const char *seen_from_here(const struct walk *walk)
{
	const char *name = walk->path + walk->position.base;

	if (!(walk->flags & FTW_CHDIR))
		return walk->path;
	return *name ? name : ".";
}

static int read_ahead(struct level *level)
{
	char *names = NULL;
	size_t filled = 0;
	size_t room = 0;
	struct dirent *entry;

	while (velo_dir_next(level->stream, &entry) > 0) {
		size_t length = velo_length(entry->d_name) + 1;

		if (velo_grow((void **)&names, &room, filled + length + 1, 1) < 0) {
			free(names);
			return -ENOMEM;
		}
		velo_copy(names + filled, entry->d_name, length);
		filled += length;
	}
	if (!names && velo_grow((void **)&names, &room, 1, 1) < 0)
		return -ENOMEM;
	names[filled] = 0;
	level->names = names;
	return 0;
}

static void close_level(struct walk *walk, struct level *level)
{
	if (level->stream)
		velo_dir_close(level->stream);
	if (level->fd >= 0)
		walk->open--;
	level->stream = NULL;
	level->fd = -1;
}

/* Closes the outermost stream if no more may be open. */
static int make_room(struct walk *walk, struct level *above)
{
	struct level *outermost = NULL;
	int error;

	if (walk->open < walk->most_open)
		return 0;
	for (; above; above = above->above)
		if (above->fd >= 0)
			outermost = above;
	if (!outermost)
		return 0;
	error = read_ahead(outermost);
	if (!error)
		close_level(walk, outermost);
	return error;
}

static int open_level(struct walk *walk, struct level *level, struct level *above)
{
	int error = make_room(walk, above);

	level->above = above;
	level->stream = NULL;
	level->names = NULL;
	level->fd = -1;
	if (error < 0)
		return error;
	if (above && above->fd >= 0)
		error = velo_dir_open(above->fd, walk->path + walk->position.base, &level->stream);
	else
		error = velo_dir_open(AT_FDCWD, seen_from_here(walk), &level->stream);
	if (error < 0)
		return error;
	if (velo_dir_slot(level->stream) == VELO_NO_SLOT) {
		level->fd = velo_dir_fd(level->stream);
		walk->open++;
	}
	return 0;
}

static int look(struct walk *walk, const struct level *level, int flags, struct stat *stat)
{
	if (level && level->fd >= 0)
		return velo_walk_stat(level->fd, walk->path + walk->position.base, flags, stat);
	return velo_walk_stat(AT_FDCWD, seen_from_here(walk), flags, stat);
}

/* The type of what the path leads to, or -errno if the walk must end. */
static int type_of(struct walk *walk, const struct level *level, struct stat *stat)
{
	int physical = walk->flags & FTW_PHYS;
	int error = look(walk, level, physical ? AT_SYMLINK_NOFOLLOW : 0, stat);

	if (!error)
		return S_ISDIR(stat->st_mode) ? FTW_D : S_ISLNK(stat->st_mode) ? FTW_SL : FTW_F;
	if (error != -EACCES && error != -ENOENT)
		return error;
	if (!physical && !look(walk, level, AT_SYMLINK_NOFOLLOW, stat) && S_ISLNK(stat->st_mode))
		return FTW_SLN;
	return FTW_NS;
}

static int walk_directory(struct walk *walk, const struct stat *stat, struct level *above);

static int append(struct walk *walk, const char *name)
{
	size_t length = velo_length(name);
	size_t base = (size_t)walk->position.base;

	if (velo_grow((void **)&walk->path, &walk->room, base + length + 2, 1) < 0)
		return fail(-ENOMEM);
	velo_copy(walk->path + base, name, length + 1);
	return 0;
}

static int visit(struct walk *walk, struct level *level, const char *name)
{
	struct stat stat;
	int result = 0;
	int type;

	if (velo_is_dots(name))
		return 0;
	if (append(walk, name) < 0)
		return -1;
	type = type_of(walk, level, &stat);
	if (type < 0)
		return fail(type);
	if (type != FTW_NS && walk->flags & FTW_MOUNT && stat.st_dev != walk->device)
		return 0;
	if (type != FTW_D) {
		result = report(walk, &stat, type);
	} else {
		int is_new = walk->flags & FTW_PHYS ? 1 : velo_seen_add(&walk->seen, stat.st_dev, stat.st_ino);

		if (is_new < 0)
			return fail(is_new);
		if (is_new)
			result = walk_directory(walk, &stat, level);
	}
	return walk->flags & FTW_ACTIONRETVAL && result == FTW_SKIP_SUBTREE ? 0 : result;
}

/* A callback may open directories of its own in between, and the stream may have been read ahead by a level further in. */
static int visit_all(struct walk *walk, struct level *level)
{
	struct dirent *entry;
	const char *name;
	int result = 0;

	while (!result && level->stream && velo_dir_next(level->stream, &entry) > 0)
		result = visit(walk, level, entry->d_name);
	for (name = level->names; name && *name && !result; name += velo_length(name) + 1)
		result = visit(walk, level, name);
	return result;
}

static int enter_level(struct walk *walk, struct level *level)
{
	int error = walk->flags & FTW_CHDIR ? velo_walk_enter(level->stream) : 0;

	return error < 0 ? fail(error) : 0;
}

static int leave_level(const struct walk *walk, const struct level *above)
{
	int error = -EBADF;

	if (above->stream)
		error = velo_walk_enter(above->stream);
	if (error < 0)
		error = velo_walk_chdir(walk->position.base == 1 ? "/" : "..");
	return error < 0 ? fail(error) : 0;
}

static int walk_through(struct walk *walk, struct level *level)
{
	struct FTW before = walk->position;
	size_t end = velo_length(walk->path);
	int result;

	if (walk->path[end - 1] != '/')
		walk->path[end++] = '/';
	walk->path[end] = 0;
	walk->position.level++;
	walk->position.base = (int)end;
	result = visit_all(walk, level);
	walk->path[walk->position.base - 1] = 0;
	walk->position = before;
	return walk->flags & FTW_ACTIONRETVAL && result == FTW_SKIP_SIBLINGS ? 0 : result;
}

static int walk_directory(struct walk *walk, const struct stat *stat, struct level *above)
{
	struct level level;
	int error = open_level(walk, &level, above);
	int result = 0;

	if (error < 0)
		return error == -EACCES ? report(walk, stat, FTW_DNR) : fail(error);
	if (!(walk->flags & FTW_DEPTH))
		result = report(walk, stat, FTW_D);
	if (!result)
		result = enter_level(walk, &level);
	if (result) {
		close_level(walk, &level);
		return result;
	}
	result = walk_through(walk, &level);
	close_level(walk, &level);
	free(level.names);
	if (!result && walk->flags & FTW_DEPTH)
		result = report(walk, stat, FTW_DP);
	if (above && walk->flags & FTW_CHDIR &&
	    (!result || (walk->flags & FTW_ACTIONRETVAL && result != -1 && result != FTW_STOP)) &&
	    leave_level(walk, above) < 0)
		return -1;
	return result;
}

static int walk_root(struct walk *walk)
{
	struct stat stat;
	int error;
	int type = type_of(walk, NULL, &stat);

	if (type < 0)
		return fail(type);
	if (type == FTW_NS)
		return fail(look(walk, NULL, walk->flags & FTW_PHYS ? AT_SYMLINK_NOFOLLOW : 0, &stat));
	if (type != FTW_D)
		return report(walk, &stat, type);
	walk->device = stat.st_dev;
	if (!(walk->flags & FTW_PHYS)) {
		error = velo_seen_add(&walk->seen, stat.st_dev, stat.st_ino);
		if (error < 0)
			return fail(error);
	}
	return walk_directory(walk, &stat, NULL);
}

/* To the directory that the root is in, walking with FTW_CHDIR. */
static int enter_start(struct walk *walk)
{
	size_t base = (size_t)walk->position.base;
	int error;

	if (!base)
		return 0;
	if (base == 1)
		return velo_walk_chdir("/");
	walk->path[base - 1] = 0;
	error = velo_walk_chdir(walk->path);
	walk->path[base - 1] = '/';
	return error;
}

static int walk_from_here(struct walk *walk)
{
	int here = velo_walk_here();
	int error;
	int result;

	if (here < 0)
		return fail(here);
	if (walk->most_open > 1)
		walk->most_open--;
	error = enter_start(walk);
	result = error < 0 ? fail(error) : walk_root(walk);
	velo_walk_return(here);
	velo_fd_close(here);
	return result;
}

static int start(struct walk *walk, const char *path)
{
	size_t length = velo_length(path);
	int result;

	if (!length)
		return fail(-ENOENT);
	if (velo_grow((void **)&walk->path, &walk->room, length + 2 < PATH_MAX ? PATH_MAX : length + 2, 1) < 0)
		return fail(-ENOMEM);
	velo_copy(walk->path, path, length + 1);
	while (length > 1 && walk->path[length - 1] == '/')
		walk->path[--length] = 0;
	while (length && walk->path[length - 1] != '/')
		length--;
	walk->position.base = (int)length;
	if (walk->most_open < 1)
		walk->most_open = 1;
	result = walk->flags & FTW_CHDIR ? walk_from_here(walk) : walk_root(walk);
	if (walk->flags & FTW_ACTIONRETVAL && (result == FTW_SKIP_SUBTREE || result == FTW_SKIP_SIBLINGS))
		result = 0;
	velo_seen_free(&walk->seen);
	free(walk->path);
	return result;
}

VELO_EXPORT int ftw(const char *path, ftw_function *function, int descriptors)
{
	struct walk walk = {.ftw = function, .most_open = descriptors};

	if (!velo_ready())
		return NEXT(ftw)(path, function, descriptors);
	if (!velo_on_glibc())
		return velo_nftw_musl(path, (nftw_function *)(void (*)(void))function, descriptors, FTW_PHYS);
	return start(&walk, path);
}

VELO_EXPORT int nftw(const char *path, nftw_function *function, int descriptors, int flags)
{
	static const int known = FTW_PHYS | FTW_MOUNT | FTW_CHDIR | FTW_DEPTH | FTW_ACTIONRETVAL;
	struct walk walk = {.nftw = function, .most_open = descriptors, .flags = flags};

	if (!velo_ready())
		return NEXT(nftw)(path, function, descriptors, flags);
	if (!velo_on_glibc())
		return velo_nftw_musl(path, function, descriptors, flags);
	return flags & ~known ? fail(-EINVAL) : start(&walk, path);
}

VELO_TWIN(ftw64, ftw);
VELO_TWIN(nftw64, nftw);
