/*
 * syscall(2) of libc: the way to the kernel of those who do not wait for a wrapper (Node, the JDK, glib). Calls of older numbers are
 * made into those that replaced them, and what does not lead into the tree goes to the kernel itself.
 */
#include "answers.h"
#include "rawcall.h"
#include "wrap.h"

#include <dirent.h>
#include <linux/close_range.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

/* In getdents.c: getdents64(2) on any descriptor. */
long velo_getdents(int fd, void *buffer, size_t size);

/* No result of the kernel: the tree has no say in this call. */
#define NOT_OURS LONG_MIN

/* Which arguments say where: the descriptor (or -1), the path, and how it is looked up. */
struct way {
	int dirfd;
	int path;
	unsigned flags;
};

#define PATH(call, i) ((const char *)(call)->a[i])

/* The calls with one path. */
static int describe(const struct velo_call *call, struct way *way)
{
	const unsigned name = VELO_NOFOLLOW | VELO_CREATE;
	const long *a = call->a;

#define WAY(dirfd, path, flags) (*way = (struct way){dirfd, path, flags}, 1)
	switch (call->number) {
	case SYS_openat:
		return WAY(0, 1, velo_open_at(PATH(call, 1), (int)a[2]));
	case SYS_openat2:
		return a[2] && WAY(0, 1, velo_open_at(PATH(call, 1), (int)((const struct open_how *)a[2])->flags));
	case SYS_newfstatat:
		return WAY(0, 1, velo_at((int)a[3]));
	case SYS_statx:
		return WAY(0, 1, velo_at((int)a[2]));
	case SYS_faccessat:
		return WAY(0, 1, VELO_FOLLOW);
	case SYS_faccessat2:
	case SYS_utimensat:
	case SYS_fchmodat2:
		return WAY(0, 1, velo_at((int)a[3]));
	case SYS_fchownat:
		return WAY(0, 1, velo_at((int)a[4]));
	case SYS_fchmodat:
		return WAY(0, 1, VELO_FOLLOW);
	case SYS_readlinkat:
		return WAY(0, 1, VELO_NOFOLLOW | VELO_EMPTY);
	case SYS_mkdirat:
	case SYS_mknodat:
	case SYS_unlinkat:
		return WAY(0, 1, name);
	case SYS_symlinkat:
		return WAY(1, 2, name);
	case SYS_name_to_handle_at:
		return WAY(0, 1, velo_link_at((int)a[4]));
	case SYS_statfs:
	case SYS_truncate:
	case SYS_chdir:
	case SYS_chroot:
	case SYS_getxattr:
	case SYS_listxattr:
	case SYS_setxattr:
	case SYS_removexattr:
		return WAY(-1, 0, VELO_FOLLOW);
	case SYS_lgetxattr:
	case SYS_llistxattr:
	case SYS_lsetxattr:
	case SYS_lremovexattr:
		return WAY(-1, 0, VELO_NOFOLLOW);
	case SYS_inotify_add_watch:
		return WAY(-1, 1, a[2] & 0x02000000 /* IN_DONT_FOLLOW */ ? VELO_NOFOLLOW : VELO_FOLLOW);
#ifdef SYS_open
	case SYS_chown:
	case SYS_utime:
	case SYS_utimes:
		return WAY(-1, 0, VELO_FOLLOW);
	case SYS_lchown:
		return WAY(-1, 0, VELO_NOFOLLOW);
#endif
	default:
		return 0;
	}
#undef WAY
}

/* Flags that the kernel knows. */
#define OPEN_FLAGS                                                                                                         \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC | O_DSYNC | O_ASYNC | O_DIRECT | \
	 O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | O_TMPFILE)

#define LIMITS (RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV)

static int is_known(const struct open_how *how)
{
	return !(how->flags & ~(uint64_t)(unsigned)OPEN_FLAGS) && !(how->resolve & ~(uint64_t)(LIMITS | RESOLVE_NO_MAGICLINKS | RESOLVE_CACHED));
}

/* With limits, the way into the tree began at a real directory. Links are the way there; callers do without what cannot be kept. */
static long open_how(const struct velo_place *place, const struct open_how *how, const char *path)
{
	if (!is_known(how))
		return -EINVAL;
	if (how->resolve & LIMITS)
		return how->resolve & RESOLVE_NO_SYMLINKS ? -ELOOP : -ENOSYS;
	return velo_open_path(place, path, (int)how->flags);
}

/* A call with one path that leads into the tree. */
static long answer(const struct velo_call *call, struct velo_place *place, const char *path)
{
	const long *a = call->a;

	switch (call->number) {
	case SYS_openat:
		return velo_open_path(place, path, (int)a[2]);
	case SYS_openat2:
		return open_how(place, (const struct open_how *)a[2], path);
	case SYS_newfstatat:
		return velo_stat_at(place, (int)a[3], (struct stat *)a[2]);
	case SYS_statx:
		return velo_statx(place, (int)a[2], (unsigned)a[3], (struct statx *)a[4]);
	case SYS_faccessat:
		return velo_access(place, (int)a[2], 0);
	case SYS_faccessat2:
		return velo_access(place, (int)a[2], (int)a[3]);
	case SYS_readlinkat:
		return velo_readlink(place, path, (char *)a[2], (size_t)a[3]);
	case SYS_mkdirat:
		return velo_create(place, path, 1);
	case SYS_mknodat:
		return velo_make_node(place, path, (mode_t)a[2]);
	case SYS_symlinkat:
		return velo_make_link(place, path, PATH(call, 0));
	case SYS_unlinkat:
		return velo_remove(place, path, (int)a[2]);
	case SYS_utimensat:
		return velo_touch(place, (const struct timespec *)a[2], (int)a[3]);
	case SYS_name_to_handle_at:
		return velo_handle(place);
	case SYS_statfs:
		return velo_statfs(place, (struct statfs *)a[1]);
	case SYS_truncate:
		return velo_truncate(place, a[1]);
	case SYS_chdir:
		return velo_change_directory(place);
	case SYS_chroot:
		return velo_change_root(place);
	case SYS_getxattr:
	case SYS_lgetxattr:
		return velo_get_attribute(place, PATH(call, 1), (void *)a[2], (size_t)a[3]);
	case SYS_listxattr:
	case SYS_llistxattr:
		return velo_list_attributes(place, (char *)a[1], (size_t)a[2]);
	case SYS_inotify_add_watch:
		return velo_watch((int)a[0], place, (uint32_t)a[2]);
	default:
		return velo_refuse(place);
	}
}

static long raw(const struct velo_call *call)
{
	const long *a = call->a;

	return velo_sys6(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* What has to be known after a call that went to the kernel. */
static long noted(const struct velo_call *call, struct velo_place *place, long result)
{
	if (result < 0)
		return result;
	switch (call->number) {
	case SYS_openat:
	case SYS_openat2:
		velo_fd_set((int)result, VELO_NO_SLOT);
		break;
	case SYS_chdir:
	case SYS_fchdir:
		velo_cwd_is_real();
		break;
	case SYS_readlinkat:
		return velo_proc_relative(place, (char *)call->a[2], (size_t)call->a[3], result);
	default:
		break;
	}
	return result;
}

static VELO_COLD long with_path(struct velo_call *call, const struct way *way)
{
	const char *path = PATH(call, way->path);
	struct velo_place place;
	const char *from;

	if (!velo_locate(&place, way->dirfd < 0 ? AT_FDCWD : (int)call->a[way->dirfd], path, way->flags)) {
		long result = call->number == SYS_readlinkat ? velo_proc_link(&place, (char *)call->a[2], (size_t)call->a[3]) : -ENOENT;

		if (result != -ENOENT)
			return result;
		do {
			from = place.path;
			if (way->dirfd >= 0)
				call->a[way->dirfd] = place.dirfd;
			call->a[way->path] = (long)from;
			result = raw(call);
		} while (result < 0 && place.kind == VELO_MAYBE && !velo_again(&place, (int)-result) && place.path != from);
		if (place.kind != VELO_VIEW)
			return noted(call, &place, result);
	}
	return answer(call, &place, path);
}

/* Calls with a descriptor of the tree. */
static long on_descriptor(const struct velo_call *call)
{
	const long *a = call->a;
	int fd = (int)a[0];
	velo_slot slot = velo_fd(fd);

	/* The list of a real directory may lack the tree's place. */
	if (call->number == SYS_getdents64)
		return velo_getdents(fd, (void *)a[1], (size_t)a[2]);
	if (slot == VELO_NO_SLOT)
		return NOT_OURS;
	switch (call->number) {
	case SYS_fstat:
		return velo_stat_slot(slot, (struct stat *)a[1]);
	case SYS_fstatfs:
		return velo_statfs_slot((struct statfs *)a[1]);
	case SYS_lseek:
		if (!velo_is_above(slot) && velo_type(slot) != DT_DIR)
			return NOT_OURS;
		return velo_seek_list(fd, a[1], (int)a[2]);
	case SYS_fchdir:
		return velo_change_directory_fd(slot);
	case SYS_fgetxattr:
		return velo_get_attribute_fd(fd, slot, PATH(call, 1), (void *)a[2], (size_t)a[3]);
	case SYS_flistxattr:
		return velo_list_attributes_fd(fd, slot, (char *)a[1], (size_t)a[2]);
	case SYS_ftruncate:
		return velo_truncate_fd(fd);
	case SYS_fchmod:
	case SYS_fchown:
	case SYS_fsetxattr:
	case SYS_fremovexattr:
		return velo_refuse_fd(fd);
	case SYS_utimensat:
		if (a[1])
			return NOT_OURS;
		return a[3] ? -EINVAL : velo_touch_fd(fd, (const struct timespec *)a[2]);
	default:
		return NOT_OURS;
	}
}

static long getcwd_of(char *buffer, size_t size)
{
	char text[VELO_PATH_MAX];
	long length = velo_cwd_path(text, sizeof text);

	if (length < 0)
		return length == -ENOENT ? velo_sys(SYS_getcwd, buffer, size, 0, 0) : length;
	if ((size_t)length >= size)
		return -ERANGE;
	velo_copy(buffer, text, (size_t)length + 1);
	return length + 1;
}

/* Calls that are the same as functions of libc; these speak through errno. */
static long as_function(const struct velo_call *call)
{
	const long *a = call->a;

	switch (call->number) {
	case SYS_close:
		return close((int)a[0]);
	case SYS_dup:
		return dup((int)a[0]);
	case SYS_dup3:
		return dup3((int)a[0], (int)a[1], (int)a[2]);
	case SYS_fcntl:
		return fcntl((int)a[0], (int)a[1], a[2]);
	case SYS_execve:
		return execve(PATH(call, 0), (char *const *)a[1], (char *const *)a[2]);
	case SYS_execveat:
		return execveat((int)a[0], PATH(call, 1), (char *const *)a[2], (char *const *)a[3], (int)a[4]);
	case SYS_linkat:
		return linkat((int)a[0], PATH(call, 1), (int)a[2], PATH(call, 3), (int)a[4]);
	case SYS_renameat:
		return renameat((int)a[0], PATH(call, 1), (int)a[2], PATH(call, 3));
	case SYS_renameat2:
		return renameat2((int)a[0], PATH(call, 1), (int)a[2], PATH(call, 3), (unsigned)a[4]);
	case SYS_bind:
		return bind((int)a[0], (const struct sockaddr *)a[1], (socklen_t)a[2]);
	case SYS_connect:
		return connect((int)a[0], (const struct sockaddr *)a[1], (socklen_t)a[2]);
#ifdef SYS_open
	case SYS_dup2:
		return dup2((int)a[0], (int)a[1]);
	case SYS_rename:
		return rename(PATH(call, 0), PATH(call, 1));
	case SYS_link:
		return link(PATH(call, 0), PATH(call, 1));
#endif
	default:
		return NOT_OURS;
	}
}

/* -errno, a result, or NOT_OURS. */
static long as_call(struct velo_call *call)
{
	const struct open_how *how;
	struct way way;
	long result;

	switch (call->number) {
	case SYS_io_uring_setup:
		return -ENOSYS; /* its requests would pass every wrapper by */
	case SYS_getcwd:
		return getcwd_of((char *)call->a[0], (size_t)call->a[1]);
	case SYS_openat2:
		how = (const struct open_how *)call->a[2];
		if (how && PATH(call, 1) && how->resolve & LIMITS && is_known(how)
		    && velo_open_limited((int)call->a[0], PATH(call, 1), how, &result))
			return result;
		break;
	case SYS_close_range:
		if ((unsigned)call->a[0] <= (unsigned)call->a[1] && (call->a[2] & ~CLOSE_RANGE_UNSHARE) == 0)
			velo_fd_forget((unsigned)call->a[0], (unsigned)call->a[1]);
		return NOT_OURS;
	case SYS_fchdir:
		if (velo_fd((int)call->a[0]) == VELO_NO_SLOT)
			return noted(call, NULL, raw(call));
		break;
	default:
		break;
	}
	return describe(call, &way) && PATH(call, way.path) ? with_path(call, &way) : on_descriptor(call);
}

static __attribute__((noinline)) long ours(long number, long a, long b, long c, long d, long e, long f)
{
	struct velo_call call = {number, {a, b, c, d, e, f}};
	long result = as_function(&call);

	if (result != NOT_OURS)
		return result;
	velo_renew(&call);
	result = as_call(&call);
	return result == NOT_OURS ? result : velo_result(result);
}

/*
 * With all words that a call can have, whether they were given or not. What is not ours is handed on in the frame of the caller,
 * since a child may come back from it too.
 */
WRAP(long, syscall, long number, long a, long b, long c, long d, long e, long f)
{
	long result = velo_ready() ? ours(number, a, b, c, d, e, f) : NOT_OURS;
	__typeof__(&velo_wrap_syscall) behind;

	if (result != NOT_OURS)
		return result;
	behind = BEHIND(syscall);
	return behind ? behind(number, a, b, c, d, e, f) : velo_lacks();
}
