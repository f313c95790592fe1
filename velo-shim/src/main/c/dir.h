/*
 * Streams of directories, as this library's own walks use them. A DIR here is either libc's own or a stream of the tree; every
 * function takes both. Results are 0 or more, or -errno, and errno stays as it is.
 */
#ifndef VELO_DIR_H
#define VELO_DIR_H

#include "velo.h"

#include <dirent.h>
#include <sys/types.h>
#include <unistd.h>

/* One library serves glibc and musl; where what they promise differs, this says whose promise is to be kept. */
#pragma weak gnu_get_libc_version
const char *gnu_get_libc_version(void);
static inline int velo_on_glibc(void)
{
	return gnu_get_libc_version != NULL;
}

/* opendir(3) from a descriptor or AT_FDCWD. Of a directory of the tree: no system call. */
int velo_dir_open(int dirfd, const char *path, DIR **stream);
/* opendir(3) itself. */
DIR *velo_dir_at(const char *path);
/* 1 and the next entry, which is good until the next call, 0 at the end, or -errno. */
int velo_dir_next(DIR *stream, struct dirent **entry);
void velo_dir_close(DIR *stream);
/* The slot of a directory of the tree; VELO_NO_SLOT for a stream of a real one. */
velo_slot velo_dir_slot(DIR *stream);
/* The descriptor of the stream of a real directory. */
int velo_dir_fd(DIR *stream);
/* 1 for a descriptor that was opened with O_PATH. A system call. */
int velo_is_path_only(int fd);
/* getdents64(2) on any descriptor. */
long velo_getdents(int fd, void *buffer, size_t size);

/* The bytes of an entry with a name of that length, the same in struct dirent and for getdents64. */
static inline size_t velo_entry_size(size_t length)
{
	return (offsetof(struct dirent, d_name) + length + 1 + 7) & ~(size_t)7;
}

/* Writes an entry at most velo_entry_size() bytes long. */
void velo_fill_entry(struct dirent *to, const struct velo_entry *from, uint64_t position);

/* ---- border.c: the real directory in which the tree's place, or the way to it, is missing ---- */

/* 1 if the descriptor is one of that directory; then *name and *slot are what its list lacks. One system call, if there can be one. */
int velo_at_border(int fd, struct velo_entry *missing);

/* Of an argument that the headers say is never null; they do not bind callers. */
static inline int velo_not_null(const void *argument)
{
	__asm__("" : "+r"(argument));
	return argument != NULL;
}

/* On 64 bits a function and its twin for large files are the same. */
#define VELO_TWIN(twin, function) \
	extern __typeof__(twin) twin __attribute__((alias(#function), visibility("default")))

/* The types of some twins differ in name alone. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wattribute-alias"
#endif

#endif
