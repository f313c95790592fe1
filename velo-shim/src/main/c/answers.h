/*
 * What the wrappers answer for places and descriptors of the tree: 0 or more, or -errno. The kernel's checks come in the kernel's
 * order, as they do for a tree on an EROFS file system that is mounted read-only.
 */
#ifndef VELO_ANSWERS_H
#define VELO_ANSWERS_H

#include "velo.h"

#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <utime.h>

/* ---- stat.c, besides what velo.h has ---- */
long velo_stat_at(const struct velo_place *place, int flags, struct stat *stat);
long velo_stat_old(int version, const struct velo_place *place, struct stat *stat);
long velo_stat_old_at(int version, const struct velo_place *place, int flags, struct stat *stat);
long velo_stat_old_slot(int version, velo_slot slot, struct stat *stat);
long velo_statx(const struct velo_place *place, int flags, unsigned mask, struct statx *stat);
long velo_statfs(const struct velo_place *place, struct statfs *answer);
long velo_statfs_slot(struct statfs *answer);
long velo_statvfs(const struct velo_place *place, struct statvfs *answer);
long velo_statvfs_slot(struct statvfs *answer);

/* ---- look.c ---- */
long velo_access(const struct velo_place *place, int mode, int flags);
long velo_handle(const struct velo_place *place);
long velo_watch(int queue, const struct velo_place *place, uint32_t mask);
long velo_mark(int queue, unsigned flags, const struct velo_place *place);

/* ---- links.c ---- */
/* The text of a link; the place's buffer is used. A path that is empty means the descriptor. */
long velo_readlink(struct velo_place *place, const char *path, char *buffer, size_t size);
/*
 * What a link of /proc says of this process, where that is in the tree; -ENOENT if a real place is no such link. Its buffer is
 * only used with an answer.
 */
long velo_proc_link(struct velo_place *place, char *buffer, size_t size);
/* The same for a path from a descriptor of /proc: the length of what the kernel wrote, or of the right text that replaces it. */
long velo_proc_relative(struct velo_place *place, char *buffer, size_t size, long length);

/* ---- opening.c ---- */
/* How open looks a path up. */
unsigned velo_open_at(const char *path, int flags);
long velo_open_path(const struct velo_place *place, const char *path, int flags);

/* ---- descriptors.c ---- */
/* lseek of a descriptor of a directory of the tree. */
long velo_seek_list(int fd, off_t offset, int whence);

/* ---- limited.c ---- */
struct open_how;
/* openat2 with limits on the way: 1 and its result if it begins in the tree, else 0. */
int velo_open_limited(int dirfd, const char *path, const struct open_how *how, long *result);

/* ---- working.c ---- */
long velo_change_directory(const struct velo_place *place);
long velo_change_directory_fd(velo_slot slot);
long velo_change_root(const struct velo_place *place);

/* ---- attributes.c ---- */
long velo_get_attribute(const struct velo_place *place, const char *name, void *value, size_t size);
long velo_get_attribute_fd(int fd, velo_slot slot, const char *name, void *value, size_t size);
long velo_list_attributes(const struct velo_place *place, char *list, size_t size);
long velo_list_attributes_fd(int fd, velo_slot slot, char *list, size_t size);

/* ---- changes.c ---- */
/* A descriptor that is none for most calls (O_PATH), or closed. */
int velo_only_path(int fd);
/* Everything that would change what is at a place: EROFS, unless there is nothing. */
long velo_refuse(const struct velo_place *place);
long velo_refuse_fd(int fd);
long velo_change_mode(const struct velo_place *place, int flags);
long velo_change_owner(const struct velo_place *place, int flags);
long velo_truncate(const struct velo_place *place, off_t length);
long velo_truncate_fd(int fd);
long velo_touch(const struct velo_place *place, const struct timespec times[2], int flags);
long velo_touch_old(const struct velo_place *place, const struct timeval times[2]);
long velo_touch_fd(int fd, const struct timespec times[2]);
/* Creating a name, directory or not, by the path as it was written. */
long velo_create(const struct velo_place *place, const char *path, int directory);
long velo_make_node(const struct velo_place *place, const char *path, mode_t mode);
long velo_make_link(const struct velo_place *place, const char *path, const char *target);
long velo_remove(const struct velo_place *place, const char *path, int flags);
/* remove(3): a file or a directory. */
long velo_remove_any(const struct velo_place *place, const char *path);
/* Two paths, at least one of them in the tree. */
long velo_rename(struct velo_place *from, const char *from_path, struct velo_place *to, const char *to_path, unsigned flags);
long velo_hard_link(struct velo_place *from, struct velo_place *to, const char *to_path, int flags);

#endif
