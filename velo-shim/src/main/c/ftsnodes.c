#include "ftsnodes.h"


FTSENT *velo_fts_node(const FTS *fts, const char *name, size_t length)
{
	size_t stat_at = (offsetof(FTSENT, fts_name) + length + 1 + 15) & ~(size_t)15;
	FTSENT *node;

	if (stat_at < sizeof(FTSENT))
		stat_at = (sizeof(FTSENT) + 15) & ~(size_t)15;
	node = malloc(stat_at + sizeof(struct stat));
	if (!node)
		return NULL;
	velo_zero(node, stat_at + sizeof(struct stat));
	velo_copy(node->fts_name, name, length);
	node->fts_namelen = (unsigned short)length;
	node->fts_path = fts->fts_path;
	node->fts_instr = FTS_NOINSTR;
	if (!fts_has(fts, FTS_NOSTAT))
		node->fts_statp = (struct stat *)(void *)((char *)node + stat_at);
	return node;
}

void velo_fts_free(FTSENT *list)
{
	while (list) {
		FTSENT *next = list->fts_link;

		free(list);
		list = next;
	}
}

static unsigned short kind_of_directory(FTSENT *node, const struct stat *stat)
{
	node->fts_dev = stat->st_dev;
	node->fts_ino = stat->st_ino;
	node->fts_nlink = stat->st_nlink;
	if (velo_is_dots(node->fts_name))
		return FTS_DOT;
	for (FTSENT *above = node->fts_parent; above->fts_level >= FTS_ROOTLEVEL; above = above->fts_parent) {
		if (above->fts_ino == stat->st_ino && above->fts_dev == stat->st_dev) {
			node->fts_cycle = above;
			return FTS_DC;
		}
	}
	return FTS_D;
}

unsigned short velo_fts_stat(const FTS *fts, FTSENT *node, int follow)
{
	struct stat own;
	struct stat *stat = fts_has(fts, FTS_NOSTAT) ? &own : node->fts_statp;
	int error;

	if (fts_has(fts, FTS_LOGICAL) || follow) {
		error = velo_walk_stat(AT_FDCWD, node->fts_accpath, 0, stat);
		if (error && !velo_walk_stat(AT_FDCWD, node->fts_accpath, AT_SYMLINK_NOFOLLOW, stat))
			return FTS_SLNONE;
	} else {
		error = velo_walk_stat(AT_FDCWD, node->fts_accpath, AT_SYMLINK_NOFOLLOW, stat);
	}
	if (error) {
		node->fts_errno = -error;
		velo_zero(stat, sizeof(*stat));
		return FTS_NS;
	}
	switch (stat->st_mode & S_IFMT) {
	case S_IFDIR:
		return kind_of_directory(node, stat);
	case S_IFLNK:
		return FTS_SL;
	case S_IFREG:
		return FTS_F;
	default:
		return FTS_DEFAULT;
	}
}

FTSENT *velo_fts_sort(FTS *fts, FTSENT *list, size_t count)
{
	FTSENT **array = malloc(count * sizeof(*array));
	size_t filled = 0;

	if (!array)
		return list;
	for (FTSENT *node = list; node; node = node->fts_link)
		array[filled++] = node;
	qsort(array, count, sizeof(*array), fts->fts_compar);
	for (size_t i = 0; i < count; i++)
		array[i]->fts_link = i + 1 < count ? array[i + 1] : NULL;
	list = array[0];
	free(array);
	return list;
}

int velo_fts_enter(const FTS *fts, const FTSENT *node, const char *path)
{
	if (fts_has(fts, FTS_NOCHDIR))
		return 0;
	return velo_walk_enter_known(path, node->fts_dev, node->fts_ino);
}

int velo_fts_return(const FTS *fts, int fd)
{
	return fts_has(fts, FTS_NOCHDIR) ? 0 : velo_walk_return(fd);
}

/* Into the directory that is listed, unless it is another one by now. */
static int enter_listed(const FTS *fts, const FTSENT *directory, DIR *stream)
{
	struct stat stat;
	int error;

	if (fts_has(fts, FTS_NOCHDIR))
		return 0;
	error = velo_walk_stat_stream(stream, &stat);
	if (error < 0)
		return error;
	if (stat.st_dev != directory->fts_dev || stat.st_ino != directory->fts_ino)
		return -ENOENT;
	return velo_walk_enter(stream);
}

static unsigned short kind_of_child(FTS *fts, FTSENT *node, enum fts_list kind, unsigned char type)
{
	size_t length = fts_prefix(node->fts_parent);

	node->fts_accpath = fts_has(fts, FTS_NOCHDIR) ? node->fts_path : node->fts_name;
	if (kind == FTS_LIST_NAMES)
		return FTS_NSOK;
	/* A physical walk can do without: only directories are looked up, for their numbers. */
	if (fts_has(fts, FTS_NOSTAT) && fts_has(fts, FTS_PHYSICAL) && type != DT_DIR && type != DT_UNKNOWN)
		return FTS_NSOK;
	if (fts_has(fts, FTS_NOCHDIR)) {
		fts->fts_path[length] = '/';
		velo_copy(fts->fts_path + length + 1, node->fts_name, node->fts_namelen + 1u);
	}
	return velo_fts_stat(fts, node, 0);
}

static int add_child(FTS *fts, enum fts_list kind, const struct dirent *entry, FTSENT **added)
{
	FTSENT *directory = fts->fts_cur;
	size_t length = velo_length(entry->d_name);
	size_t path_length = fts_prefix(directory) + 1 + length;
	FTSENT *node;

	if (path_length >= USHRT_MAX)
		return -ENAMETOOLONG;
	node = velo_fts_node(fts, entry->d_name, length);
	if (!node)
		return -ENOMEM;
	node->fts_level = (short)(directory->fts_level + 1);
	node->fts_parent = directory;
	node->fts_pathlen = (unsigned short)path_length;
	node->fts_info = kind_of_child(fts, node, kind, entry->d_type);
	*added = node;
	return 0;
}

static int read_children(FTS *fts, enum fts_list kind, DIR *stream, FTSENT **list, size_t *count)
{
	struct dirent *entry;
	size_t length;
	int error = 0;

	/* An unreadable list ends early, in libc, too. */
	while (!error && velo_dir_next(stream, &entry) > 0) {
		if (!fts_has(fts, FTS_SEEDOT) && velo_is_dots(entry->d_name))
			continue;
		error = add_child(fts, kind, entry, list);
		if (!error) {
			list = &(*list)->fts_link;
			++*count;
		}
	}
	fts->fts_path[fts->fts_cur->fts_pathlen] = 0;
	/* As in libc: whoever skips what he has listed sees the slash. */
	if (fts_has(fts, FTS_NOCHDIR) && *count) {
		length = fts_prefix(fts->fts_cur);
		fts->fts_path[length] = '/';
		fts->fts_path[length + 1] = 0;
	}
	return error;
}

/* Back from a directory that has been listed and is not walked through. */
static int leave_listed(const FTS *fts, const FTSENT *directory)
{
	if (directory->fts_level == FTS_ROOTLEVEL)
		return velo_fts_return(fts, fts->fts_rfd);
	return velo_fts_enter(fts, directory->fts_parent, "..");
}

static int fail(FTS *fts, FTSENT **list, int error)
{
	velo_fts_free(*list);
	*list = NULL;
	fts->fts_cur->fts_info = FTS_ERR;
	fts->fts_options |= FTS_STOP;
	return error;
}

int velo_fts_list(FTS *fts, enum fts_list kind, FTSENT **list)
{
	FTSENT *directory = fts->fts_cur;
	int entered = 0;
	size_t count = 0;
	DIR *stream;
	int error = velo_dir_open(AT_FDCWD, directory->fts_accpath, &stream);

	*list = NULL;
	if (error < 0) {
		if (kind == FTS_LIST_READ) {
			directory->fts_info = FTS_DNR;
			directory->fts_errno = -error;
		}
		return error;
	}
	/* Nothing can be looked up in a directory that cannot be entered: its list is empty then, as libc has it. */
	if (kind != FTS_LIST_NAMES) {
		error = enter_listed(fts, directory, stream);
		entered = !error;
		if (error < 0) {
			directory->fts_flags |= FTS_DONTCHDIR;
			if (kind == FTS_LIST_READ)
				directory->fts_errno = -error;
		}
	}
	error = error ? 0 : read_children(fts, kind, stream, list, &count);
	velo_dir_close(stream);
	if (error < 0)
		return fail(fts, list, error);
	if (entered && (kind == FTS_LIST_CHILDREN || !count)) {
		error = leave_listed(fts, directory);
		if (error < 0)
			return fail(fts, list, error);
	}
	if (!count && kind == FTS_LIST_READ)
		directory->fts_info = FTS_DP;
	if (fts->fts_compar && count > 1)
		*list = velo_fts_sort(fts, *list, count);
	return 0;
}
