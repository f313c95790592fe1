#ifndef VELO_GLOBBING_H
#define VELO_GLOBBING_H

#include "walk.h"

#include <glob.h>

#pragma weak globfree

/* glob(3) with the paths of the tree, whichever the libc. */
int velo_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found);
/* glob(3) as musl has it; what it gives is freed by musl's globfree. */
int velo_glob_musl(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found);

#endif
