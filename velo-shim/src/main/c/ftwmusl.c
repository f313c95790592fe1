/*
 * nftw(3) as musl has it: it walks no deeper than it may open descriptors, never changes the working directory, keeps the path as
 * it was given, and knows a cycle when it meets it. Types count from 1.
 */
#include "walkers.h"

struct step {
	struct step *above;
	dev_t device;
	ino_t inode;
	int level;
	int base;
};

struct walk {
	nftw_function *function;
	int flags;
	char path[PATH_MAX + 1];
};

static int fail(int error)
{
	errno = -error;
	return -1;
}

static int visit(struct walk *walk, int descriptors, struct step *above);

/* The type, as glibc numbers it, or -errno if the walk must end. */
static int type_of(const struct walk *walk, struct stat *stat)
{
	int physical = walk->flags & FTW_PHYS;
	int error = velo_walk_stat(AT_FDCWD, walk->path, physical ? AT_SYMLINK_NOFOLLOW : 0, stat);

	if (!error) {
		if (S_ISDIR(stat->st_mode))
			return walk->flags & FTW_DEPTH ? FTW_DP : FTW_D;
		return !S_ISLNK(stat->st_mode) ? FTW_F : physical ? FTW_SL : FTW_SLN;
	}
	if (!physical && error == -ENOENT && !velo_walk_stat(AT_FDCWD, walk->path, AT_SYMLINK_NOFOLLOW, stat))
		return FTW_SLN;
	return error == -EACCES ? FTW_NS : error;
}

static int visit_all(struct walk *walk, DIR *stream, size_t length, int descriptors, struct step *step)
{
	struct dirent *entry;
	int result = 0;

	while (!result && velo_dir_next(stream, &entry) > 0) {
		size_t name_length = velo_length(entry->d_name);

		if (velo_is_dots(entry->d_name))
			continue;
		if (name_length >= PATH_MAX - length)
			return fail(-ENAMETOOLONG);
		walk->path[length] = '/';
		velo_copy(walk->path + length + 1, entry->d_name, name_length + 1);
		result = visit(walk, descriptors - 1, step);
	}
	return result;
}

/* Where the last name of a path begins, with its slashes at the end. */
static int base_of(const char *path, size_t length)
{
	while (length && path[length] == '/')
		length--;
	while (length && path[length - 1] != '/')
		length--;
	return (int)length;
}

static int report(const struct walk *walk, const struct stat *stat, int type, const struct step *step)
{
	struct FTW position = {step->base, step->level};

	return walk->function(walk->path, stat, type + 1, &position);
}

static int visit_directory(struct walk *walk, const struct stat *stat, int type, int descriptors, struct step *step)
{
	size_t length = velo_length(walk->path);
	size_t end = length && walk->path[length - 1] == '/' ? length - 1 : length;
	DIR *stream = NULL;
	int error = 0;
	int result = 0;

	if (type == FTW_D || type == FTW_DP) {
		error = velo_dir_open(AT_FDCWD, walk->path, &stream);
		if (error == -EACCES)
			type = FTW_DNR;
	}
	if (!(walk->flags & FTW_DEPTH))
		result = report(walk, stat, type, step);
	for (struct step *other = step->above; other && !result; other = other->above)
		if (other->device == step->device && other->inode == step->inode)
			goto closed;
	if (!result && (type == FTW_D || type == FTW_DP) && descriptors > 0)
		result = error < 0 ? fail(error) : visit_all(walk, stream, end, descriptors, step);
	if (!result) {
		walk->path[length] = 0;
		if (walk->flags & FTW_DEPTH)
			result = report(walk, stat, type, step);
	}
closed:
	if (stream)
		velo_dir_close(stream);
	return result;
}

static int visit(struct walk *walk, int descriptors, struct step *above)
{
	size_t length = velo_length(walk->path);
	struct step step;
	struct stat stat;
	int type = type_of(walk, &stat);

	if (type < 0)
		return fail(type);
	if (walk->flags & FTW_MOUNT && above && type != FTW_NS && stat.st_dev != above->device)
		return 0;
	step.above = above;
	step.device = stat.st_dev;
	step.inode = stat.st_ino;
	step.level = above ? above->level + 1 : 0;
	step.base = base_of(walk->path, length && walk->path[length - 1] == '/' ? length - 1 : length);
	return visit_directory(walk, &stat, type, descriptors, &step);
}

int velo_nftw_musl(const char *path, nftw_function *function, int descriptors, int flags)
{
	struct walk walk = {.function = function, .flags = flags};
	size_t length = velo_length(path);

	if (descriptors <= 0)
		return 0;
	if (length > PATH_MAX)
		return fail(-ENAMETOOLONG);
	velo_copy(walk.path, path, length + 1);
	return visit(&walk, descriptors, NULL);
}
