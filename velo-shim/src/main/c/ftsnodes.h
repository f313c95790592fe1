/* The nodes of an fts walk and the lists they form. As in libc, all of a stream's state is in its FTS and its nodes. */
#ifndef VELO_FTSNODES_H
#define VELO_FTSNODES_H

#include "walk.h"

#include <fts.h>

enum {
	/* The lengths of paths are unsigned shorts in FTSENT, so that this buffer never has to grow (and its address to change). */
	FTS_PATH_ROOM = 1 << 16,
};

enum fts_list {
	FTS_LIST_READ,     /* to walk through it: stays in the directory */
	FTS_LIST_CHILDREN, /* to look at it */
	FTS_LIST_NAMES,    /* to look at the names alone */
};

static inline int fts_has(const FTS *fts, int option)
{
	return (fts->fts_options & option) != 0;
}

/* The length of a node's path as the beginning of another, without its slash. */
static inline size_t fts_prefix(const FTSENT *node)
{
	return node->fts_path[node->fts_pathlen - 1] == '/' ? node->fts_pathlen - 1u : node->fts_pathlen;
}

/* NULL without memory. */
FTSENT *velo_fts_node(const FTS *fts, const char *name, size_t length);
void velo_fts_free(FTSENT *list);
/* Looks the node up and gives what fts_info says of it. */
unsigned short velo_fts_stat(const FTS *fts, FTSENT *node, int follow);
/* In the order of the stream's function; without memory for that, as it is. */
FTSENT *velo_fts_sort(FTS *fts, FTSENT *list, size_t count);
/* The nodes of the current directory: 0 and a list that may be empty, or -errno. */
int velo_fts_list(FTS *fts, enum fts_list kind, FTSENT **list);
/* Into the directory of a node that is found by this path from the working directory; nothing with FTS_NOCHDIR. */
int velo_fts_enter(const FTS *fts, const FTSENT *node, const char *path);
/* Back to where the walk began; nothing with FTS_NOCHDIR. */
int velo_fts_return(const FTS *fts, int fd);

#endif
