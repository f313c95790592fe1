#ifndef VELO_WALKERS_H
#define VELO_WALKERS_H

#include "walk.h"

#include <ftw.h>

typedef int ftw_function(const char *, const struct stat *, int);
typedef int nftw_function(const char *, const struct stat *, int, struct FTW *);

/* nftw(3) as musl has it, where ftw is the same with one flag and an argument more. */
int velo_nftw_musl(const char *path, nftw_function *function, int descriptors, int flags);

#endif
