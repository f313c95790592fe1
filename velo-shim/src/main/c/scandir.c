/* scandir(3) and scandirat(3), rebuilt. */
#include "walk.h"
#include "interposed.h"

typedef int filter(const struct dirent *);
typedef int comparator(const struct dirent **, const struct dirent **);

static int keep(struct dirent ***list, size_t *room, size_t count, const struct dirent *entry)
{
	struct dirent *copy;

	if (velo_grow((void **)list, room, count + 1, sizeof(**list)) < 0)
		return -ENOMEM;
	copy = malloc(entry->d_reclen);
	if (!copy)
		return -ENOMEM;
	velo_copy(copy, entry, entry->d_reclen);
	(*list)[count] = copy;
	return 0;
}

static int collect(DIR *stream, struct dirent ***list, size_t *count, filter *wanted)
{
	struct dirent *entry;
	size_t room = 0;
	int found;

	while ((found = velo_dir_next(stream, &entry)) > 0) {
		if (wanted && !wanted(entry))
			continue;
		found = keep(list, &room, *count, entry);
		if (found < 0)
			break;
		++*count;
	}
	return found;
}

static int scan(int dirfd, const char *path, struct dirent ***list, filter *wanted, comparator *order)
{
	struct dirent **found = NULL;
	size_t count = 0;
	int saved = errno;
	DIR *stream;
	int error = velo_dir_open(dirfd, path, &stream);

	if (error < 0)
		return (int)velo_result(error);
	error = collect(stream, &found, &count, wanted);
	velo_dir_close(stream);
	if (error < 0) {
		while (count)
			free(found[--count]);
		free(found);
		return (int)velo_result(error);
	}
	if (order && count)
		qsort(found, count, sizeof(*found), (int (*)(const void *, const void *))order);
	*list = found;
	/* Filters may have changed it. */
	errno = saved;
	return (int)count;
}

VELO_EXPORT int scandirat(int dirfd, const char *path, struct dirent ***list, filter *wanted, comparator *order)
{
	return scan(dirfd, path, list, wanted, order);
}

VELO_EXPORT int scandir(const char *path, struct dirent ***list, filter *wanted, comparator *order)
{
	return scan(AT_FDCWD, path, list, wanted, order);
}

VELO_TWIN(scandir64, scandir);
VELO_TWIN(scandirat64, scandirat);
