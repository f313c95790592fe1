/* The second names that functions have for large files. On 64 bits they do the same, but programs are bound to them by name. */
#include "facts.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>

static void *function(const char *name)
{
	void *found = dlsym(RTLD_DEFAULT, name);

	if (!found)
		show("%s is not there\n", name);
	return found;
}

static int all(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void show_list(const char *what, struct dirent **list, int count)
{
	struct lines lines = {NULL, 0};

	result(what, count);
	for (int i = 0; i < count; i++)
		add_line(&lines, "%s", list[i]->d_name);
	show_sorted(&lines);
}

CASE(readdir64)
{
	struct dirent *(*next)(DIR *) = function("readdir64");
	int (*next_here)(DIR *, struct dirent *, struct dirent **) = function("readdir64_r");
	struct lines lines = {NULL, 0};
	struct dirent here, *entry;
	DIR *stream = opendir(at("dir"));

	while (next && (entry = next(stream)))
		add_line(&lines, "%s", entry->d_name);
	rewinddir(stream);
	while (next_here && !next_here(stream, &here, &entry) && entry)
		add_line(&lines, "%s here", here.d_name);
	show_sorted(&lines);
	closedir(stream);
}

CASE(scandir64)
{
	int (*scan)(const char *, struct dirent ***, int (*)(const struct dirent *), void *) = function("scandir64");
	struct dirent **list;

	if (scan)
		show_list("scandir64", list, scan(at("dir"), &list, all, NULL));
}

CASE(scandirat64)
{
	int (*scan)(int, const char *, struct dirent ***, int (*)(const struct dirent *), void *) = function("scandirat64");
	struct dirent **list;

	if (scan)
		show_list("scandirat64", list, scan(open(root, O_RDONLY | O_DIRECTORY), "dir", &list, all, NULL));
}

CASE(getdirentries64)
{
	ssize_t (*read_list)(int, char *, size_t, off_t *) = function("getdirentries64");
	struct lines lines = {NULL, 0};
	int fd = open(at("dir/sub"), O_RDONLY | O_DIRECTORY);
	char buffer[4096];
	off_t base = 0;
	ssize_t length;

	while (read_list && (length = read_list(fd, buffer, sizeof buffer, &base)) > 0)
		for (ssize_t i = 0; i < length; i += ((struct dirent *)(buffer + i))->d_reclen)
			add_line(&lines, "%s", ((struct dirent *)(buffer + i))->d_name);
	show_sorted(&lines);
}

/* glibc has none, but programs that find one may call it. */
CASE(getdents)
{
#ifndef __GLIBC__
	int (*read_list)(int, struct dirent *, size_t) = function("getdents");
	int fd = open(at("dir/empty"), O_RDONLY | O_DIRECTORY);
	char buffer[4096];

	show("something: %d\n", read_list(fd, (struct dirent *)buffer, sizeof buffer) > 0);
	result("at the end", read_list(fd, (struct dirent *)buffer, sizeof buffer));
#endif
}

static struct lines met;

static int meet(const char *path, const struct stat *stat, int type)
{
	add_line(&met, "%s %s %d", path, kind(stat->st_mode), type);
	return 0;
}

static int meet_deep(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	add_line(&met, "%s %s %d %d", path, kind(stat->st_mode), type, ftw->level);
	return 0;
}

/* Where no links are: it follows them, and ends at the first that goes round. */
CASE(ftw64)
{
	int (*walk)(const char *, void *, int) = function("ftw64");

	if (walk)
		result("ftw64", walk(at("deep"), meet, 8));
	show_sorted(&met);
}

CASE(nftw64)
{
	int (*walk)(const char *, void *, int, int) = function("nftw64");

	if (walk)
		result("nftw64", walk(at("dir"), meet_deep, 8, FTW_PHYS));
	show_sorted(&met);
}

CASE(fts64)
{
	FTS *(*begin)(char *const *, int, void *) = function("fts64_open");
	FTSENT *(*next)(FTS *) = function("fts64_read");
	FTSENT *(*children)(FTS *, int) = function("fts64_children");
	int (*instruct)(FTS *, FTSENT *, int) = function("fts64_set");
	int (*end)(FTS *) = function("fts64_close");
	char *paths[] = {(char *)at("dir"), NULL};
	FTSENT *entry;
	FTS *fts;

	if (!begin || !next || !children || !instruct || !end)
		return;
	fts = begin(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	while ((entry = next(fts))) {
		int count = 0;

		if (entry->fts_info == FTS_D && !strcmp(entry->fts_name, "deep"))
			instruct(fts, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_D)
			for (FTSENT *child = children(fts, 0); child; child = child->fts_link)
				count++;
		add_line(&met, "%s %d %d", entry->fts_path, entry->fts_info, count);
	}
	show_sorted(&met);
	result("end", end(fts));
}

CASE(glob64)
{
	int (*find)(const char *, int, void *, glob_t *) = function("glob64");
	glob_t found;

	if (!find || result("glob64", find(at("dir/*"), 0, NULL, &found)))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		show("%s\n", found.gl_pathv[i]);
}

CASE(made_up_names)
{
	int (*suffix)(char *, int) = function("mkstemps64");
	int (*flags)(char *, int) = function("mkostemp64");
	int (*both)(char *, int, int) = function("mkostemps64");
	char name[PATH_MAX];

	if (suffix)
		result("mkstemps64", suffix(strcpy(name, at("missing/XXXXXX.c")), 2));
	if (flags)
		result("mkostemp64", flags(strcpy(name, at("missing/XXXXXX")), O_CLOEXEC));
	if (both)
		result("mkostemps64", both(strcpy(name, at("missing/XXXXXX.c")), 2, O_CLOEXEC));
}
