/*
 * What the functions of libc that walk trees are rebuilt on. They must be rebuilt, since libc's own call each other inside libc,
 * where no wrapper sees them; and they are used for every path, not for those in the tree alone: a walk that begins above the
 * tree's place, or meets a symbolic link, comes into the tree as it would come into a mount.
 *
 * Results are 0 or more, or -errno, and errno stays as it is. Nothing here is held over a call but what is said.
 */
#ifndef VELO_WALK_H
#define VELO_WALK_H

#include "dir.h"

#include <stdlib.h>

/*
 * The only functions of libc that are called by name. Whoever calls what is rebuilt here expects memory of the program's own
 * malloc; the references are weak and without version, so that this library loads where the loader finds none.
 */
#pragma weak malloc
#pragma weak calloc
#pragma weak realloc
#pragma weak free
#pragma weak qsort
#pragma weak getenv

/* fstatat(2); flags are 0 or AT_SYMLINK_NOFOLLOW. */
int velo_walk_stat(int dirfd, const char *path, int flags, struct stat *stat);
/* A descriptor of the working directory, to return to; the caller closes it with velo_fd_close. */
int velo_walk_here(void);
int velo_walk_return(int fd);
/* chdir(2) */
int velo_walk_chdir(const char *path);
/* Into the directory of a stream. */
int velo_walk_enter(DIR *stream);
/* Into the directory of a path, if it still is the one with that number. */
int velo_walk_enter_known(const char *path, dev_t device, ino_t inode);
/* stat(2) of the directory of a stream. */
int velo_walk_stat_stream(DIR *stream, struct stat *stat);

/* Makes room for so many elements of a list: 0, or -ENOMEM, and the list is as it was. */
int velo_grow(void **list, size_t *room, size_t count, size_t size);

static inline int velo_is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

#endif
