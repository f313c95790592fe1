/*
 * glob(3) for musl, which takes no functions for directories: what POSIX asks for, and "~" as a path of its own. Matching a name
 * is left to fnmatch.
 */
#include "globbing.h"
#include "interposed.h"

#include <fnmatch.h>

#pragma weak fnmatch

/* A path as musl's globfree expects it: behind a pointer, which musl links its matches with. */
struct match {
	void *unused;
	char name[];
};

struct expansion {
	int flags;
	int (*failed)(const char *, int);
	struct match **matches;
	size_t count;
	size_t room;
	char path[VELO_PATH_MAX];
};

static int expand(struct expansion *expansion, size_t length, const char *pattern, unsigned char type);

static int is_special(const struct expansion *expansion, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (name[i] == '*' || name[i] == '?' || name[i] == '[')
			return 1;
		if (name[i] == '\\' && !(expansion->flags & GLOB_NOESCAPE))
			i++;
	}
	return 0;
}

static int add(struct expansion *expansion, const char *path, size_t length, int mark)
{
	struct match *match;

	if (velo_grow((void **)&expansion->matches, &expansion->room, expansion->count + 1, sizeof(match)) < 0)
		return GLOB_NOSPACE;
	match = malloc(sizeof(*match) + length + 2);
	if (!match)
		return GLOB_NOSPACE;
	velo_copy(match->name, path, length);
	if (mark && length && path[length - 1] != '/')
		match->name[length++] = '/';
	match->name[length] = 0;
	expansion->matches[expansion->count++] = match;
	return 0;
}

static int complain(const struct expansion *expansion, int error)
{
	int stops = expansion->failed && expansion->failed(expansion->path, error);

	return stops || expansion->flags & GLOB_ERR ? GLOB_ABORTED : 0;
}

/* The whole pattern stands in the path; what no list has shown must be looked for. */
static int finish(struct expansion *expansion, size_t length, unsigned char type)
{
	int mark = expansion->flags & GLOB_MARK;
	struct stat stat;
	int error;

	expansion->path[length] = 0;
	if (mark && (type == DT_UNKNOWN || type == DT_LNK) && !velo_walk_stat(AT_FDCWD, expansion->path, 0, &stat))
		type = S_ISDIR(stat.st_mode) ? DT_DIR : DT_REG;
	if (type == DT_UNKNOWN) {
		error = velo_walk_stat(AT_FDCWD, expansion->path, AT_SYMLINK_NOFOLLOW, &stat);
		if (error)
			return error == -ENOENT ? 0 : complain(expansion, -error);
	}
	return add(expansion, expansion->path, length, mark && type == DT_DIR);
}

static int append(struct expansion *expansion, size_t *length, const char *name, size_t name_length, int escapes)
{
	for (size_t i = 0; i < name_length; i++) {
		if (escapes && name[i] == '\\' && i + 1 < name_length)
			i++;
		if (*length + 1 >= sizeof(expansion->path))
			return -ENAMETOOLONG;
		expansion->path[(*length)++] = name[i];
	}
	return 0;
}

static int matches(const struct expansion *expansion, const char *pattern, const struct dirent *entry, int more)
{
	int flags = expansion->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0;

	if (more && entry->d_type != DT_DIR && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
		return 0;
	/* Nobody means to walk through "." and "..". */
	if (!(expansion->flags & GLOB_PERIOD) || (more && velo_is_dots(entry->d_name)))
		flags |= FNM_PERIOD;
	return !fnmatch(pattern, entry->d_name, flags);
}

static int expand_directory(struct expansion *expansion, size_t length, const char *pattern, const char *rest)
{
	char name[VELO_NAME_MAX + 1];
	size_t name_length = (size_t)(rest - pattern);
	struct dirent *entry;
	DIR *stream;
	int result = 0;
	int error;

	expansion->path[length] = 0;
	error = velo_dir_open(AT_FDCWD, length ? expansion->path : ".", &stream);
	if (error < 0)
		return complain(expansion, -error);
	if (name_length < sizeof(name)) {
		velo_copy(name, pattern, name_length);
		name[name_length] = 0;
	}
	while (!result && (error = velo_dir_next(stream, &entry)) > 0) {
		size_t end = length;

		/* A pattern longer than any name can be is possible, and is used in place if it ends there. */
		if (name_length >= sizeof(name) && *rest)
			continue;
		if (!matches(expansion, name_length < sizeof(name) ? name : pattern, entry, *rest != 0))
			continue;
		if (!append(expansion, &end, entry->d_name, velo_length(entry->d_name), 0))
			result = expand(expansion, end, rest, *rest || entry->d_type == DT_LNK ? DT_UNKNOWN : entry->d_type);
	}
	velo_dir_close(stream);
	if (!result && error < 0) {
		expansion->path[length] = 0;
		result = complain(expansion, -error);
	}
	return result;
}

static int expand(struct expansion *expansion, size_t length, const char *pattern, unsigned char type)
{
	while (*pattern) {
		const char *rest = pattern;

		if (*pattern == '/') {
			if (append(expansion, &length, pattern++, 1, 0) < 0)
				return 0;
			continue;
		}
		while (*rest && *rest != '/')
			rest++;
		if (is_special(expansion, pattern, (size_t)(rest - pattern)))
			return expand_directory(expansion, length, pattern, rest);
		if (append(expansion, &length, pattern, (size_t)(rest - pattern), !(expansion->flags & GLOB_NOESCAPE)) < 0)
			return 0;
		type = DT_UNKNOWN;
		pattern = rest;
	}
	return finish(expansion, length, type);
}

static int compare(const void *one, const void *other)
{
	const unsigned char *left = (const unsigned char *)(*(struct match *const *)one)->name;
	const unsigned char *right = (const unsigned char *)(*(struct match *const *)other)->name;

	while (*left && *left == *right) {
		left++;
		right++;
	}
	return *left - *right;
}

static int give(const struct expansion *expansion, glob_t *found)
{
	size_t offset = expansion->flags & GLOB_DOOFFS ? found->gl_offs : 0;
	size_t before = expansion->flags & GLOB_APPEND ? found->gl_pathc : 0;
	size_t total = offset + before + expansion->count;
	char **list = realloc(expansion->flags & GLOB_APPEND ? found->gl_pathv : NULL, (total + 1) * sizeof(char *));

	if (!list)
		return GLOB_NOSPACE;
	if (!(expansion->flags & GLOB_APPEND))
		for (size_t i = 0; i < offset; i++)
			list[i] = NULL;
	for (size_t i = 0; i < expansion->count; i++)
		list[offset + before + i] = expansion->matches[i]->name;
	list[total] = NULL;
	found->gl_offs = offset;
	found->gl_pathv = list;
	found->gl_pathc = before + expansion->count;
	return 0;
}

static int start(struct expansion *expansion, const char *pattern)
{
	const char *home = NULL;
	size_t length = 0;

	if (expansion->flags & GLOB_TILDE && *pattern == '~')
		home = getenv("HOME");
	if (home && !append(expansion, &length, home, velo_length(home), 0))
		pattern++;
	return *pattern || length ? expand(expansion, length, pattern, DT_UNKNOWN) : 0;
}

int velo_glob_musl(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)
{
	struct expansion expansion;
	int result;

	/* Other users' homes are for musl to find. */
	if (flags & GLOB_TILDE && *pattern == '~' && pattern[1] && pattern[1] != '/')
		return NEXT(glob)(pattern, flags, failed, found);
	expansion.flags = flags;
	expansion.failed = failed;
	expansion.matches = NULL;
	expansion.count = expansion.room = 0;
	if (!(flags & GLOB_APPEND)) {
		found->gl_pathc = 0;
		found->gl_pathv = NULL;
		if (!(flags & GLOB_DOOFFS))
			found->gl_offs = 0;
	}
	result = start(&expansion, pattern);
	if (result != GLOB_NOSPACE && !expansion.count) {
		if (!(flags & GLOB_NOCHECK))
			result = GLOB_NOMATCH;
		else if (add(&expansion, pattern, velo_length(pattern), 0))
			result = GLOB_NOSPACE;
	}
	if (expansion.count > 1 && !(flags & GLOB_NOSORT))
		qsort(expansion.matches, expansion.count, sizeof(*expansion.matches), compare);
	/* What was found before an error is given as well. */
	if (result != GLOB_NOMATCH && result != GLOB_NOSPACE && give(&expansion, found))
		result = GLOB_NOSPACE;
	if (result == GLOB_NOSPACE)
		while (expansion.count)
			free(expansion.matches[--expansion.count]);
	free(expansion.matches);
	return result;
}
