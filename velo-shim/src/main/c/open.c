/*
 * Opening what is in the tree. Descriptors have to be real ones, since stdio, sendfile, children and other libraries use them
 * behind the shim's back: a regular file becomes a loose inode of the store, made from its pack on first use and named as
 * dev.velo.core.present.LooseName says; where the store cannot be written, sealed memory. Both get only bytes that are right.
 */
#include "velo.h"

#include <signal.h>
#include <unistd.h>

enum { NAME_BYTES = 160 };

/* A path from its parts: 0, or -ENAMETOOLONG. */
static int join(char *buffer, size_t size, const char *base, size_t base_length, const char *room, const char *name, size_t length)
{
	size_t room_length = velo_length(room);

	if (base_length + room_length + length + 1 > size)
		return -ENAMETOOLONG;
	velo_copy(buffer, base, base_length);
	velo_copy(buffer + base_length, room, room_length);
	velo_copy(buffer + base_length + room_length, name, length);
	buffer[base_length + room_length + length] = 0;
	return 0;
}

int velo_store_path(char *buffer, size_t size, const char *room, const char *name, size_t length)
{
	return join(buffer, size, velo_config.store, velo_config.store_length, room, name, length);
}

int velo_room_path(char *buffer, size_t size, const char *name)
{
	size_t length = velo_length(name);

	return velo_config.room_length == 0
	               ? velo_store_path(buffer, size, "/shim/", name, length)
	               : join(buffer, size, velo_config.room, velo_config.room_length, "/", name, length);
}

/* The path of the loose inode: 0 or -errno. Attributes and owners are answered from the image, so it has none of its own. */
static int object_path(const struct velo_inode *inode, char *buffer, size_t size)
{
	const unsigned char *digest = velo_blob_digest(inode);
	char name[NAME_BYTES];
	char *end = name;

	if (digest == NULL)
		return -EIO;
	for (int i = 0; i < 32; i++) {
		*end++ = "0123456789abcdef"[digest[i] >> 4];
		*end++ = "0123456789abcdef"[digest[i] & 15];
		if (i == 0)
			*end++ = '/';
	}
	*end++ = '-';
	for (int shift = 9; shift >= 0; shift -= 3)
		*end++ = (char)('0' + (inode->mode >> shift & 7));
	*end++ = '-';
	end = velo_hexadecimal(end, (uint64_t)inode->mtime);
	*end++ = '.';
	end = velo_hexadecimal(end, inode->nsec);
	return velo_store_path(buffer, size, "/objects/", name, (size_t)(end - name));
}

/* ---- loose inodes ---- */

/* Makes the folder that a loose inode stands in. */
static void make_folder(char *path)
{
	char *slash = path + velo_length(path);

	while (*--slash != '/')
		;
	*slash = 0;
	velo_sys(__NR_mkdirat, AT_FDCWD, path, 0700, 0);
	*slash = '/';
}

static int publish(long file, char *path)
{
	char self[VELO_FD_PATH];
	long result;

	velo_fd_path(self, (int)file);
	for (int tries = 0; tries < 2; tries++) {
		result = velo_sys6(__NR_linkat, AT_FDCWD, (long)self, AT_FDCWD, (long)path, AT_SYMLINK_FOLLOW, 0);
		if (result != -ENOENT)
			break;
		make_folder(path);
	}
	return result == -EEXIST ? 0 : (int)result;
}

static int make_object(const struct velo_inode *inode, char *path)
{
	char objects[VELO_PATH_MAX];
	int64_t times[4] = { inode->mtime, inode->nsec, inode->mtime, inode->nsec };
	int result = velo_store_path(objects, sizeof objects, "/objects", "", 0);
	long file;

	if (result < 0)
		return result;
	/* in the room, not in its folder, as the store itself does: neighbours in the tree become neighbours on the disk */
	file = velo_sys(__NR_openat, AT_FDCWD, objects, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (file < 0)
		return (int)file;
	result = velo_fill(file, inode);
	if (result == 0)
		result = (int)velo_sys(__NR_fchmod, file, inode->mode & 07777, 0, 0);
	if (result == 0)
		result = (int)velo_sys(__NR_utimensat, file, NULL, times, 0);
	if (result == 0)
		result = publish(file, path);
	velo_sys(__NR_close, file, 0, 0, 0);
	return result;
}

/*
 * Of many who want one loose inode, one makes it: a lock on one byte of a file, its place taken from the digest. It goes with its
 * holder, whatever becomes of that. Without it all would make their own, and the first to publish would win.
 */
static long lock(const struct velo_inode *inode)
{
	char path[VELO_PATH_MAX];
	const unsigned char *digest = velo_blob_digest(inode);
	struct flock byte = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	long fd;

	if (digest == NULL || velo_room_path(path, sizeof path, "lock") < 0)
		return -EIO;
	for (int i = 0; i < 7; i++)
		byte.l_start = byte.l_start << 8 | digest[i];
	fd = velo_sys(__NR_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		velo_sys(__NR_fcntl, fd, F_OFD_SETLKW, &byte, 0);
	return fd;
}

static VELO_COLD int make_object_once(const struct velo_inode *inode, char *path)
{
	/* a handler that wants the same file would wait for the lock of the very thread that it interrupts */
	uint64_t all = ~(uint64_t)0;
	uint64_t before = 0;
	int result = 0;
	long held;

	velo_sys(__NR_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
	held = lock(inode);
	if (velo_sys(__NR_faccessat, AT_FDCWD, path, F_OK, 0) < 0)
		result = make_object(inode, path);
	if (held >= 0)
		velo_sys(__NR_close, held, 0, 0, 0);
	velo_sys(__NR_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof all);
	return result;
}

/* ---- memory, where the store cannot be written ---- */

enum { MEMORY_CLOEXEC = 1, MEMORY_SEALABLE = 2, ALL_SEALS = 15 };

static VELO_COLD long open_memory(const struct velo_inode *inode, int flags)
{
	char self[VELO_FD_PATH];
	int64_t times[4] = { inode->mtime, inode->nsec, inode->mtime, inode->nsec };
	long file = velo_sys(__NR_memfd_create, "velo", MEMORY_CLOEXEC | MEMORY_SEALABLE, 0, 0);
	long result;

	if (file < 0)
		return file;
	result = velo_fill(file, inode);
	if (result == 0) {
		velo_sys(__NR_fchmod, file, inode->mode & 07777, 0, 0);
		velo_sys(__NR_utimensat, file, NULL, times, 0);
		velo_sys(__NR_fcntl, file, F_ADD_SEALS, ALL_SEALS, 0);
		/* opened anew for reading only, as the program asked for it */
		velo_fd_path(self, (int)file);
		result = velo_sys(__NR_openat, AT_FDCWD, self, O_RDONLY | flags, 0);
		if (result == -EACCES) {
			velo_sys(__NR_fchmod, file, 0400, 0, 0);
			result = velo_sys(__NR_openat, AT_FDCWD, self, O_RDONLY | flags, 0);
		}
	}
	velo_sys(__NR_close, file, 0, 0, 0);
	return result;
}

/* What a program is told of bytes that are wrong; people are told more. */
static VELO_COLD int refuse_wrong(void)
{
	velo_say("a file of the tree was not opened, because a pack or the image has other bytes than its digest says; velo verify --contents",
	         " tells which", NULL);
	return -EIO;
}

static int is_final(long result)
{
	return result == -EBADMSG || result == -EMFILE || result == -ENFILE || result == -ENOMEM || result == -EINTR;
}

/* A loose inode that is there, or is made now: a descriptor or -errno. Somebody may have changed one; who asked for it looks. */
static long open_object(const struct velo_inode *inode, char *path, int flags)
{
	long file = velo_sys(__NR_openat, AT_FDCWD, path, O_RDONLY | flags, 0);

	if (file == -ENOENT) {
		int made = make_object_once(inode, path);

		if (made < 0)
			return made;
		file = velo_sys(__NR_openat, AT_FDCWD, path, O_RDONLY | flags, 0);
	}
	if (file >= 0 && velo_config.checks && velo_require_right(file, inode) < 0) {
		velo_sys(__NR_close, file, 0, 0, 0);
		file = -EIO;
	}
	return file;
}

int velo_open_blob(const struct velo_inode *inode, int flags)
{
	char path[VELO_PATH_MAX];
	long result = object_path(inode, path, sizeof path);

	if (result == 0)
		result = open_object(inode, path, flags);
	if (result < 0 && !is_final(result))
		result = open_memory(inode, flags);
	return result == -EBADMSG ? refuse_wrong() : (int)result;
}

/* Whether the loader and exec can have the loose inode by its path: 0 or -errno. */
static long reach_object(const struct velo_inode *inode, char *path)
{
	int mode = (inode->mode & 0111) != 0 ? R_OK | X_OK : R_OK;
	long result = velo_sys(__NR_faccessat, AT_FDCWD, path, mode, 0);

	if (result == -ENOENT) {
		result = make_object_once(inode, path);
		if (result == 0)
			result = velo_sys(__NR_faccessat, AT_FDCWD, path, mode, 0);
	}
	if (result == 0 && velo_config.checks) {
		result = open_object(inode, path, O_CLOEXEC);
		if (result >= 0)
			result = velo_sys(__NR_close, result, 0, 0, 0);
	}
	return result;
}

int velo_blob_path(const struct velo_inode *inode, char *buffer, size_t size)
{
	long result = object_path(inode, buffer, size);

	if (result == 0)
		result = reach_object(inode, buffer);
	if (result < 0) {
		result = result == -EBADMSG ? result : open_memory(inode, 0);
		if (result < 0)
			return result == -EBADMSG ? refuse_wrong() : (int)result;
		if (size < VELO_FD_PATH)
			return -ENAMETOOLONG;
		velo_fd_path(buffer, (int)result);
	}
	return 0;
}

/* ---- open(2) ---- */

/* A descriptor that only stands for something: of an empty directory, so that what passes the shim by finds nothing wrong. */
static long open_placeholder(int flags)
{
	char path[VELO_PATH_MAX];
	long result = velo_room_path(path, sizeof path, "empty");

	if (result == 0)
		result = velo_sys(__NR_openat, AT_FDCWD, path, flags | O_DIRECTORY, 0);
	return result;
}

/* One fifo in the shim's room for each of the tree: those who open it by the same image meet there. */
static long open_fifo(const struct velo_inode *inode, int flags)
{
	char path[VELO_PATH_MAX];
	char name[64] = "fifo-";
	char *end = velo_hexadecimal(name + 5, velo_device());
	long result;

	*end++ = '-';
	end = velo_hexadecimal(end, inode->nid);
	*end = 0;
	result = velo_room_path(path, sizeof path, name);
	if (result < 0)
		return result;
	result = velo_sys(__NR_mknodat, AT_FDCWD, path, S_IFIFO | 0600, 0);
	if (result < 0 && result != -EEXIST)
		return -ENXIO;
	return velo_sys(__NR_openat, AT_FDCWD, path, flags | O_NOFOLLOW, 0);
}

/* What the kernel says of this open before it looks for bytes: 0 or -errno. */
static int refuse(const struct velo_inode *inode, int flags)
{
	int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;

	if ((flags & O_TMPFILE) == O_TMPFILE)
		return !S_ISDIR(inode->mode) ? -ENOTDIR : (flags & O_ACCMODE) == O_RDONLY ? -EINVAL : -EROFS;
	if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0)
		return -EEXIST;
	if ((flags & O_CREAT) != 0 && (flags & O_DIRECTORY) != 0)
		return -EINVAL;
	if ((flags & O_DIRECTORY) != 0 && !S_ISDIR(inode->mode))
		return -ENOTDIR;
	if (S_ISLNK(inode->mode))
		return -ELOOP;
	if (S_ISDIR(inode->mode) && (writes || (flags & O_CREAT) != 0))
		return -EISDIR;
	if (S_ISSOCK(inode->mode))
		return -ENXIO;
	if (S_ISCHR(inode->mode) || S_ISBLK(inode->mode))
		return -EACCES; /* as on a mount without devices */
	if (S_ISFIFO(inode->mode)) {
		/* what is written to it changes no file system */
		int wanted = (flags & O_ACCMODE) == O_RDONLY ? R_OK : (flags & O_ACCMODE) == O_WRONLY ? W_OK : R_OK | W_OK;

		return velo_may(inode, wanted) ? 0 : -EACCES;
	}
	if (writes)
		return -EROFS;
	return velo_may(inode, R_OK) ? 0 : -EACCES;
}

int velo_open_slot(velo_slot slot, int flags)
{
	struct velo_inode inode;
	long result = velo_inode(slot, &inode);

	if (result < 0)
		return (int)result;
	if ((flags & O_PATH) != 0) {
		if ((flags & O_DIRECTORY) != 0 && !S_ISDIR(inode.mode))
			return -ENOTDIR;
		result = open_placeholder(flags & (O_PATH | O_CLOEXEC));
	} else {
		result = refuse(&inode, flags);
		if (result < 0)
			return (int)result;
		flags &= O_ACCMODE | O_CLOEXEC | O_NONBLOCK | O_APPEND | O_DIRECT | O_ASYNC | O_SYNC;
		result = S_ISDIR(inode.mode)    ? open_placeholder(flags & ~O_DIRECT)
		         : S_ISFIFO(inode.mode) ? open_fifo(&inode, flags)
		                                : velo_open_blob(&inode, flags);
	}
	if (result >= VELO_FD_LIMIT) {
		velo_sys(__NR_close, result, 0, 0, 0);
		return -EMFILE;
	}
	if (result >= 0)
		velo_fd_set((int)result, slot);
	return (int)result;
}

int velo_open(const struct velo_place *place, int flags)
{
	if (place->error != 0)
		return place->error == ENOENT && place->missing && ((flags & O_CREAT) != 0) ? -EROFS : -place->error;
	return velo_open_slot(place->slot, flags);
}
