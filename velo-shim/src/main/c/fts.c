/*
 * fts(3), rebuilt, with the layout of glibc. Not for musl, which has no fts of its own: a library that brings one has its own
 * layout, and its calls of opendir and lstat are wrapped.
 */
#include "ftsnodes.h"
#include "interposed.h"

typedef int comparator(const FTSENT **, const FTSENT **);

static int is_ours(void)
{
	return velo_ready() && velo_on_glibc();
}

static void *fail_with(int error)
{
	errno = error;
	return NULL;
}

static FTSENT *make_root(FTS *fts, FTSENT *parent, const char *path, int *error)
{
	size_t length = velo_length(path);
	FTSENT *root;

	*error = length >= USHRT_MAX ? ENAMETOOLONG : length ? ENOMEM : ENOENT;
	if (!length || length >= USHRT_MAX)
		return NULL;
	root = velo_fts_node(fts, path, length);
	if (!root)
		return NULL;
	root->fts_level = FTS_ROOTLEVEL;
	root->fts_parent = parent;
	root->fts_accpath = root->fts_name;
	root->fts_info = velo_fts_stat(fts, root, fts_has(fts, FTS_COMFOLLOW));
	/* Given as an argument, "." is a directory like any other. */
	if (root->fts_info == FTS_DOT)
		root->fts_info = FTS_D;
	return root;
}

/* The roots as a list behind a node that stands for the one before the first. */
static int make_roots(FTS *fts, char *const *paths)
{
	FTSENT *parent = velo_fts_node(fts, "", 0);
	FTSENT *before = velo_fts_node(fts, "", 0);
	FTSENT **link = &before->fts_link;
	size_t count = 0;
	int error = ENOMEM;

	if (!parent || !before)
		goto failed;
	parent->fts_level = FTS_ROOTPARENTLEVEL;
	before->fts_parent = parent;
	before->fts_info = FTS_INIT;
	before->fts_link = NULL;
	for (; *paths; paths++, count++) {
		*link = make_root(fts, parent, *paths, &error);
		if (!*link)
			goto failed;
		link = &(*link)->fts_link;
	}
	if (fts->fts_compar && count > 1)
		before->fts_link = velo_fts_sort(fts, before->fts_link, count);
	fts->fts_cur = before;
	return 0;
failed:
	velo_fts_free(before);
	free(parent);
	return -error;
}

static FTS *open_walk(char *const *paths, int options, comparator *order)
{
	FTS *fts;
	int error;

	if (options & ~FTS_OPTIONMASK)
		return fail_with(EINVAL);
	fts = calloc(1, sizeof(*fts));
	if (!fts)
		return fail_with(ENOMEM);
	fts->fts_compar = (int (*)(const void *, const void *))order;
	/* A logical walk could not find back through symbolic links. */
	fts->fts_options = options & FTS_LOGICAL ? options | FTS_NOCHDIR : options;
	fts->fts_rfd = -1;
	fts->fts_pathlen = FTS_PATH_ROOM;
	fts->fts_path = malloc(FTS_PATH_ROOM);
	error = fts->fts_path ? make_roots(fts, paths) : -ENOMEM;
	if (error < 0) {
		free(fts->fts_path);
		free(fts);
		return fail_with(-error);
	}
	if (!fts_has(fts, FTS_NOCHDIR)) {
		fts->fts_rfd = velo_walk_here();
		if (fts->fts_rfd < 0)
			fts->fts_options |= FTS_NOCHDIR;
	}
	return fts;
}

static void close_link(FTSENT *node)
{
	if (node->fts_flags & FTS_SYMFOLLOW)
		velo_fd_close(node->fts_symfd);
	node->fts_flags &= (unsigned short)~FTS_SYMFOLLOW;
}

static int close_walk(FTS *fts)
{
	FTSENT *node = fts->fts_cur;
	int error = 0;

	/* What is still to come on this level and on those above. */
	while (node) {
		FTSENT *next = node->fts_link ? node->fts_link : node->fts_parent;

		close_link(node);
		free(node);
		node = next;
	}
	velo_fts_free(fts->fts_child);
	free(fts->fts_path);
	if (fts->fts_rfd >= 0) {
		error = velo_fts_return(fts, fts->fts_rfd);
		velo_fd_close(fts->fts_rfd);
	}
	free(fts);
	return error;
}

static FTSENT *stop(FTS *fts, int error)
{
	fts->fts_options |= FTS_STOP;
	return fail_with(error);
}

/* The path of a root; its name becomes the last part of that. */
static FTSENT *load_root(FTS *fts, FTSENT *root)
{
	char *name = root->fts_name;
	size_t length = root->fts_namelen;
	size_t last = length;

	root->fts_pathlen = (unsigned short)length;
	velo_copy(fts->fts_path, name, length + 1);
	while (last && name[last - 1] != '/')
		last--;
	if (last && (last > 1 || name[1])) {
		for (size_t i = last; i <= length; i++)
			name[i - last] = name[i];
		root->fts_namelen = (unsigned short)(length - last);
	}
	root->fts_accpath = root->fts_path = fts->fts_path;
	fts->fts_dev = root->fts_dev;
	return root;
}

static FTSENT *load(FTS *fts, FTSENT *node)
{
	char *end = fts->fts_path + fts_prefix(node->fts_parent);

	*end++ = '/';
	velo_copy(end, node->fts_name, node->fts_namelen + 1u);
	return node;
}

static void follow(const FTS *fts, FTSENT *node)
{
	int fd;

	node->fts_info = velo_fts_stat(fts, node, 1);
	if (node->fts_info != FTS_D || fts_has(fts, FTS_NOCHDIR))
		return;
	fd = velo_walk_here();
	if (fd < 0) {
		node->fts_errno = -fd;
		node->fts_info = FTS_ERR;
	} else {
		node->fts_symfd = fd;
		node->fts_flags |= FTS_SYMFOLLOW;
	}
}

static void forget_children(FTS *fts)
{
	velo_fts_free(fts->fts_child);
	fts->fts_child = NULL;
}

/* From a directory to its first child, or to its own second visit if there is none. */
static FTSENT *descend(FTS *fts, FTSENT *directory, int skip)
{
	FTSENT *first;
	int error;

	if (skip || (fts_has(fts, FTS_XDEV) && directory->fts_dev != fts->fts_dev)) {
		close_link(directory);
		forget_children(fts);
		directory->fts_info = FTS_DP;
		return directory;
	}
	/* As in libc, the option outlives a list that was never walked through. */
	if (fts->fts_child && fts_has(fts, FTS_NAMEONLY)) {
		fts->fts_options &= ~FTS_NAMEONLY;
		forget_children(fts);
	}
	if (fts->fts_child) {
		error = velo_fts_enter(fts, directory, directory->fts_accpath);
		if (error < 0) {
			directory->fts_errno = -error;
			directory->fts_flags |= FTS_DONTCHDIR;
			for (FTSENT *child = fts->fts_child; child; child = child->fts_link)
				child->fts_accpath = directory->fts_accpath;
		}
	} else {
		error = velo_fts_list(fts, FTS_LIST_READ, &fts->fts_child);
		if (fts_has(fts, FTS_STOP))
			return fail_with(-error);
		if (!fts->fts_child)
			return directory;
	}
	first = fts->fts_child;
	fts->fts_child = NULL;
	fts->fts_cur = first;
	return load(fts, first);
}

static FTSENT *ascend(FTS *fts, FTSENT *directory)
{
	int error = 0;

	fts->fts_cur = directory;
	if (directory->fts_level == FTS_ROOTPARENTLEVEL) {
		free(directory);
		fts->fts_cur = NULL;
		/* Which tells the end from an error. */
		return fail_with(0);
	}
	fts->fts_path[directory->fts_pathlen] = 0;
	if (directory->fts_level == FTS_ROOTLEVEL)
		error = velo_fts_return(fts, fts->fts_rfd);
	else if (directory->fts_flags & FTS_SYMFOLLOW)
		error = velo_fts_return(fts, directory->fts_symfd);
	else if (!(directory->fts_flags & FTS_DONTCHDIR))
		error = velo_fts_enter(fts, directory->fts_parent, "..");
	close_link(directory);
	if (error < 0)
		return stop(fts, -error);
	directory->fts_info = directory->fts_errno ? FTS_ERR : FTS_DP;
	return directory;
}

static FTSENT *move_on(FTS *fts, FTSENT *from)
{
	FTSENT *node = from;

	do {
		FTSENT *next = node->fts_link;
		FTSENT *parent = node->fts_parent;

		free(node);
		if (!next)
			return ascend(fts, parent);
		node = fts->fts_cur = next;
		if (node->fts_level == FTS_ROOTLEVEL) {
			int error = velo_fts_return(fts, fts->fts_rfd);

			return error < 0 ? stop(fts, -error) : load_root(fts, node);
		}
	} while (node->fts_instr == FTS_SKIP);
	if (node->fts_instr == FTS_FOLLOW) {
		follow(fts, node);
		node->fts_instr = FTS_NOINSTR;
	}
	return load(fts, node);
}

static FTSENT *read_walk(FTS *fts)
{
	FTSENT *node = fts->fts_cur;
	int instruction;

	if (!node || fts_has(fts, FTS_STOP))
		return NULL;
	instruction = node->fts_instr;
	node->fts_instr = FTS_NOINSTR;
	if (instruction == FTS_AGAIN) {
		node->fts_info = velo_fts_stat(fts, node, 0);
		return node;
	}
	if (instruction == FTS_FOLLOW && (node->fts_info == FTS_SL || node->fts_info == FTS_SLNONE)) {
		follow(fts, node);
		return node;
	}
	if (node->fts_info == FTS_D)
		return descend(fts, node, instruction == FTS_SKIP);
	return move_on(fts, node);
}

static FTSENT *list_children(FTS *fts, enum fts_list kind)
{
	FTSENT *directory = fts->fts_cur;
	int error;
	int fd = -1;

	/* Which tells an empty directory from an error. */
	errno = 0;
	if (!directory || fts_has(fts, FTS_STOP))
		return NULL;
	if (directory->fts_info == FTS_INIT)
		return directory->fts_link;
	if (directory->fts_info != FTS_D)
		return NULL;
	forget_children(fts);
	if (kind == FTS_LIST_NAMES)
		fts->fts_options |= FTS_NAMEONLY;
	/* Before the first step into a relative path, only this leads back. */
	if (directory->fts_level == FTS_ROOTLEVEL && directory->fts_accpath[0] != '/' && !fts_has(fts, FTS_NOCHDIR)) {
		fd = velo_walk_here();
		if (fd < 0)
			return fail_with(-fd);
	}
	error = velo_fts_list(fts, kind, &fts->fts_child);
	if (fd >= 0) {
		int back = velo_walk_return(fd);

		velo_fd_close(fd);
		if (back < 0)
			return fail_with(-back);
	}
	return error < 0 ? fail_with(-error) : fts->fts_child;
}

VELO_EXPORT FTS *fts_open(char *const *paths, int options, comparator *order)
{
	return is_ours() ? open_walk(paths, options, order) : NEXT(fts_open)(paths, options, order);
}

VELO_EXPORT FTSENT *fts_read(FTS *fts)
{
	return is_ours() ? read_walk(fts) : NEXT(fts_read)(fts);
}

VELO_EXPORT FTSENT *fts_children(FTS *fts, int instruction)
{
	if (!is_ours())
		return NEXT(fts_children)(fts, instruction);
	if (instruction && instruction != FTS_NAMEONLY)
		return fail_with(EINVAL);
	return list_children(fts, instruction ? FTS_LIST_NAMES : FTS_LIST_CHILDREN);
}

VELO_EXPORT int fts_set(FTS *fts, FTSENT *node, int instruction)
{
	if (!is_ours())
		return NEXT(fts_set)(fts, node, instruction);
	if (instruction < 0 || instruction > FTS_SKIP) {
		errno = EINVAL;
		return 1;
	}
	node->fts_instr = (unsigned short)instruction;
	return 0;
}

VELO_EXPORT int fts_close(FTS *fts)
{
	return is_ours() ? (int)velo_result(close_walk(fts)) : NEXT(fts_close)(fts);
}

VELO_TWIN(fts64_open, fts_open);
VELO_TWIN(fts64_read, fts_read);
VELO_TWIN(fts64_children, fts_children);
VELO_TWIN(fts64_set, fts_set);
VELO_TWIN(fts64_close, fts_close);
