/* Printed by dev.velo.shim.WrapperSource from the list in dev.velo.shim.Interposed. Do not edit. */
#include "answers.h"
#include "wrap.h"

#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <unistd.h>

WRAP(int, stat, const char *path, struct stat *buf)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_stat) behind = BEHIND(stat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, buf);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_stat(&place, buf));
}
TWIN(stat64, stat);

WRAP(int, lstat, const char *path, struct stat *buf)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_lstat) behind = BEHIND(lstat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, buf);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_stat(&place, buf));
}
TWIN(lstat64, lstat);

WRAP(int, fstat, int fd, struct stat *buf)
{
	__typeof__(&velo_wrap_fstat) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_stat_slot(slot, buf));
	behind = BEHIND(fstat);
	return behind ? behind(fd, buf) : velo_lacks();
}
TWIN(fstat64, fstat);

WRAP(int, fstatat, int dirfd, const char *path, struct stat *buf, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap_fstatat) behind = BEHIND(fstatat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, buf, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_stat_at(&place, flags, buf));
}
TWIN(fstatat64, fstatat);

WRAP(int, statx, int dirfd, const char *path, int flags, unsigned mask, struct statx *buf)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap_statx) behind = BEHIND(statx);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, flags, mask, buf);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_statx(&place, flags, mask, buf));
}

WRAP(int, __xstat, int version, const char *path, struct stat *buf)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap___xstat) behind = BEHIND(__xstat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(version, place.path, buf);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_stat_old(version, &place, buf));
}
TWIN(__xstat64, __xstat);

WRAP(int, __lxstat, int version, const char *path, struct stat *buf)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap___lxstat) behind = BEHIND(__lxstat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(version, place.path, buf);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_stat_old(version, &place, buf));
}
TWIN(__lxstat64, __lxstat);

WRAP(int, __fxstat, int version, int fd, struct stat *buf)
{
	__typeof__(&velo_wrap___fxstat) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_stat_old_slot(version, slot, buf));
	behind = BEHIND(__fxstat);
	return behind ? behind(version, fd, buf) : velo_lacks();
}
TWIN(__fxstat64, __fxstat);

WRAP(int, __fxstatat, int version, int dirfd, const char *path, struct stat *buf, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap___fxstatat) behind = BEHIND(__fxstatat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(version, place.dirfd, place.path, buf, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_stat_old_at(version, &place, flags, buf));
}
TWIN(__fxstatat64, __fxstatat);

WRAP(int, access, const char *path, int mode)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_access) behind = BEHIND(access);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_access(&place, mode, 0));
}

WRAP(int, faccessat, int dirfd, const char *path, int mode, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap_faccessat) behind = BEHIND(faccessat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, mode, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_access(&place, mode, flags));
}

WRAP(int, eaccess, const char *path, int mode)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_eaccess) behind = BEHIND(eaccess);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_access(&place, mode & 7, AT_EACCESS));
}
TWIN(euidaccess, eaccess);

WRAP(int, statfs, const char *path, struct statfs *buf)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_statfs) behind = BEHIND(statfs);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, buf);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_statfs(&place, buf));
}
TWIN(statfs64, statfs);

WRAP(int, fstatfs, int fd, struct statfs *buf)
{
	__typeof__(&velo_wrap_fstatfs) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_statfs_slot(buf));
	behind = BEHIND(fstatfs);
	return behind ? behind(fd, buf) : velo_lacks();
}
TWIN(fstatfs64, fstatfs);

WRAP(int, statvfs, const char *path, struct statvfs *buf)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_statvfs) behind = BEHIND(statvfs);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, buf);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_statvfs(&place, buf));
}
TWIN(statvfs64, statvfs);

WRAP(int, fstatvfs, int fd, struct statvfs *buf)
{
	__typeof__(&velo_wrap_fstatvfs) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_statvfs_slot(buf));
	behind = BEHIND(fstatvfs);
	return behind ? behind(fd, buf) : velo_lacks();
}
TWIN(fstatvfs64, fstatvfs);

WRAP(ssize_t, getxattr, const char *path, const char *name, void *value, size_t size)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_getxattr) behind = BEHIND(getxattr);
		int before = errno;
		ssize_t result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, name, value, size);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (ssize_t)velo_result(velo_get_attribute(&place, name, value, size));
}

WRAP(ssize_t, lgetxattr, const char *path, const char *name, void *value, size_t size)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_lgetxattr) behind = BEHIND(lgetxattr);
		int before = errno;
		ssize_t result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, name, value, size);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (ssize_t)velo_result(velo_get_attribute(&place, name, value, size));
}

WRAP(ssize_t, fgetxattr, int fd, const char *name, void *value, size_t size)
{
	__typeof__(&velo_wrap_fgetxattr) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (ssize_t)velo_result(velo_get_attribute_fd(fd, slot, name, value, size));
	behind = BEHIND(fgetxattr);
	return behind ? behind(fd, name, value, size) : velo_lacks();
}

WRAP(ssize_t, listxattr, const char *path, char *list, size_t size)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_listxattr) behind = BEHIND(listxattr);
		int before = errno;
		ssize_t result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, list, size);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (ssize_t)velo_result(velo_list_attributes(&place, list, size));
}

WRAP(ssize_t, llistxattr, const char *path, char *list, size_t size)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_llistxattr) behind = BEHIND(llistxattr);
		int before = errno;
		ssize_t result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, list, size);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (ssize_t)velo_result(velo_list_attributes(&place, list, size));
}

WRAP(ssize_t, flistxattr, int fd, char *list, size_t size)
{
	__typeof__(&velo_wrap_flistxattr) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (ssize_t)velo_result(velo_list_attributes_fd(fd, slot, list, size));
	behind = BEHIND(flistxattr);
	return behind ? behind(fd, list, size) : velo_lacks();
}

WRAP(int, name_to_handle_at, int dirfd, const char *path, struct file_handle *handle, int *mount, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_link_at(flags))) {
		__typeof__(&velo_wrap_name_to_handle_at) behind = BEHIND(name_to_handle_at);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, handle, mount, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_handle(&place));
}

WRAP(int, inotify_add_watch, int queue, const char *path, uint32_t mask)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, mask & IN_DONT_FOLLOW ? VELO_NOFOLLOW : VELO_FOLLOW)) {
		__typeof__(&velo_wrap_inotify_add_watch) behind = BEHIND(inotify_add_watch);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(queue, place.path, mask);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_watch(queue, &place, mask));
}

WRAP(int, fanotify_mark, int queue, unsigned flags, uint64_t mask, int dirfd, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, flags & FAN_MARK_DONT_FOLLOW ? VELO_NOFOLLOW : VELO_FOLLOW)) {
		__typeof__(&velo_wrap_fanotify_mark) behind = BEHIND(fanotify_mark);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(queue, flags, mask, place.dirfd, place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_mark(queue, flags, &place));
}

WRAP(int, open, const char *path, int flags, ...)
{
	struct velo_place place;
	mode_t mode = VELO_MODE(flags);

	if (!velo_locate(&place, AT_FDCWD, path, velo_open_at(path, flags))) {
		__typeof__(&velo_wrap_open) behind = BEHIND(open);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, flags, mode);
		while (result == -1 && velo_redirected(&place, before));
		velo_fd_set(result, VELO_NO_SLOT);
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_open_path(&place, path, flags));
}
TWIN(open64, open);

WRAP(int, openat, int dirfd, const char *path, int flags, ...)
{
	struct velo_place place;
	mode_t mode = VELO_MODE(flags);

	if (!velo_locate(&place, dirfd, path, velo_open_at(path, flags))) {
		__typeof__(&velo_wrap_openat) behind = BEHIND(openat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, flags, mode);
		while (result == -1 && velo_redirected(&place, before));
		velo_fd_set(result, VELO_NO_SLOT);
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_open_path(&place, path, flags));
}
TWIN(openat64, openat);

WRAP(int, __open_2, const char *path, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, velo_open_at(path, flags))) {
		__typeof__(&velo_wrap___open_2) behind = BEHIND(__open_2);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, flags);
		while (result == -1 && velo_redirected(&place, before));
		velo_fd_set(result, VELO_NO_SLOT);
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_open_path(&place, path, flags));
}
TWIN(__open64_2, __open_2);

WRAP(int, __openat_2, int dirfd, const char *path, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_open_at(path, flags))) {
		__typeof__(&velo_wrap___openat_2) behind = BEHIND(__openat_2);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, flags);
		while (result == -1 && velo_redirected(&place, before));
		velo_fd_set(result, VELO_NO_SLOT);
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_open_path(&place, path, flags));
}
TWIN(__openat64_2, __openat_2);

WRAP(int, creat, const char *path, mode_t mode)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, velo_open_at(path, O_WRONLY | O_CREAT | O_TRUNC))) {
		__typeof__(&velo_wrap_creat) behind = BEHIND(creat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		velo_fd_set(result, VELO_NO_SLOT);
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_open_path(&place, path, O_WRONLY | O_CREAT | O_TRUNC));
}
TWIN(creat64, creat);

WRAP(int, chroot, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_chroot) behind = BEHIND(chroot);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_change_root(&place));
}

WRAP(int, mkdir, const char *path, mode_t mode)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mkdir) behind = BEHIND(mkdir);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_create(&place, path, 1));
}

WRAP(int, mkdirat, int dirfd, const char *path, mode_t mode)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mkdirat) behind = BEHIND(mkdirat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_create(&place, path, 1));
}

WRAP(int, mknod, const char *path, mode_t mode, dev_t device)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mknod) behind = BEHIND(mknod);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode, device);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_make_node(&place, path, mode));
}

WRAP(int, mknodat, int dirfd, const char *path, mode_t mode, dev_t device)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mknodat) behind = BEHIND(mknodat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, mode, device);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_make_node(&place, path, mode));
}

WRAP(int, __xmknod, int version, const char *path, mode_t mode, dev_t *device)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap___xmknod) behind = BEHIND(__xmknod);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(version, place.path, mode, device);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_make_node(&place, path, mode));
}

WRAP(int, __xmknodat, int version, int dirfd, const char *path, mode_t mode, dev_t *device)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap___xmknodat) behind = BEHIND(__xmknodat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(version, place.dirfd, place.path, mode, device);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_make_node(&place, path, mode));
}

WRAP(int, mkfifo, const char *path, mode_t mode)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mkfifo) behind = BEHIND(mkfifo);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_create(&place, path, 0));
}

WRAP(int, mkfifoat, int dirfd, const char *path, mode_t mode)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_mkfifoat) behind = BEHIND(mkfifoat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_create(&place, path, 0));
}

WRAP(int, symlink, const char *target, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_symlink) behind = BEHIND(symlink);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(target, place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_make_link(&place, path, target));
}

WRAP(int, symlinkat, const char *target, int dirfd, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_symlinkat) behind = BEHIND(symlinkat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(target, place.dirfd, place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_make_link(&place, path, target));
}

WRAP(int, unlink, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_unlink) behind = BEHIND(unlink);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_remove(&place, path, 0));
}

WRAP(int, unlinkat, int dirfd, const char *path, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_unlinkat) behind = BEHIND(unlinkat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_remove(&place, path, flags));
}

WRAP(int, rmdir, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_rmdir) behind = BEHIND(rmdir);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_remove(&place, path, AT_REMOVEDIR));
}

WRAP(int, remove, const char *path)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW | VELO_CREATE)) {
		__typeof__(&velo_wrap_remove) behind = BEHIND(remove);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_remove_any(&place, path));
}

WRAP(int, chmod, const char *path, mode_t mode)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_chmod) behind = BEHIND(chmod);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, fchmod, int fd, mode_t mode)
{
	__typeof__(&velo_wrap_fchmod) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_refuse_fd(fd));
	behind = BEHIND(fchmod);
	return behind ? behind(fd, mode) : velo_lacks();
}

WRAP(int, fchmodat, int dirfd, const char *path, mode_t mode, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap_fchmodat) behind = BEHIND(fchmodat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, mode, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_change_mode(&place, flags));
}

WRAP(int, lchmod, const char *path, mode_t mode)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_lchmod) behind = BEHIND(lchmod);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, mode);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_change_mode(&place, AT_SYMLINK_NOFOLLOW));
}

WRAP(int, chown, const char *path, uid_t owner, gid_t group)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_chown) behind = BEHIND(chown);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, owner, group);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, lchown, const char *path, uid_t owner, gid_t group)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_lchown) behind = BEHIND(lchown);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, owner, group);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, fchown, int fd, uid_t owner, gid_t group)
{
	__typeof__(&velo_wrap_fchown) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_refuse_fd(fd));
	behind = BEHIND(fchown);
	return behind ? behind(fd, owner, group) : velo_lacks();
}

WRAP(int, fchownat, int dirfd, const char *path, uid_t owner, gid_t group, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, velo_at(flags))) {
		__typeof__(&velo_wrap_fchownat) behind = BEHIND(fchownat);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.dirfd, place.path, owner, group, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_change_owner(&place, flags));
}

WRAP(int, utime, const char *path, const struct utimbuf *times)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_utime) behind = BEHIND(utime);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, times);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, utimes, const char *path, const struct timeval times[2])
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_utimes) behind = BEHIND(utimes);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, times);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_touch_old(&place, times));
}

WRAP(int, lutimes, const char *path, const struct timeval times[2])
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_lutimes) behind = BEHIND(lutimes);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, times);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_touch_old(&place, times));
}

WRAP(int, futimes, int fd, const struct timeval times[2])
{
	__typeof__(&velo_wrap_futimes) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_refuse_fd(fd));
	behind = BEHIND(futimes);
	return behind ? behind(fd, times) : velo_lacks();
}

WRAP(int, futimens, int fd, const struct timespec times[2])
{
	__typeof__(&velo_wrap_futimens) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_touch_fd(fd, times));
	behind = BEHIND(futimens);
	return behind ? behind(fd, times) : velo_lacks();
}

WRAP(int, truncate, const char *path, off_t length)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_truncate) behind = BEHIND(truncate);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, length);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_truncate(&place, length));
}
TWIN(truncate64, truncate);

WRAP(int, ftruncate, int fd, off_t length)
{
	__typeof__(&velo_wrap_ftruncate) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_truncate_fd(fd));
	behind = BEHIND(ftruncate);
	return behind ? behind(fd, length) : velo_lacks();
}
TWIN(ftruncate64, ftruncate);

WRAP(int, setxattr, const char *path, const char *name, const void *value, size_t size, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_setxattr) behind = BEHIND(setxattr);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, name, value, size, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, lsetxattr, const char *path, const char *name, const void *value, size_t size, int flags)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_lsetxattr) behind = BEHIND(lsetxattr);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, name, value, size, flags);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, fsetxattr, int fd, const char *name, const void *value, size_t size, int flags)
{
	__typeof__(&velo_wrap_fsetxattr) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_refuse_fd(fd));
	behind = BEHIND(fsetxattr);
	return behind ? behind(fd, name, value, size, flags) : velo_lacks();
}

WRAP(int, removexattr, const char *path, const char *name)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
		__typeof__(&velo_wrap_removexattr) behind = BEHIND(removexattr);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, name);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, lremovexattr, const char *path, const char *name)
{
	struct velo_place place;

	if (!velo_locate(&place, AT_FDCWD, path, VELO_NOFOLLOW)) {
		__typeof__(&velo_wrap_lremovexattr) behind = BEHIND(lremovexattr);
		int before = errno;
		int result;

		if (!behind)
			return velo_lacks();
		do
			result = behind(place.path, name);
		while (result == -1 && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return result;
	}
	return (int)velo_result(velo_refuse(&place));
}

WRAP(int, fremovexattr, int fd, const char *name)
{
	__typeof__(&velo_wrap_fremovexattr) behind;
	velo_slot slot = velo_fd(fd);

	if (slot != VELO_NO_SLOT)
		return (int)velo_result(velo_refuse_fd(fd));
	behind = BEHIND(fremovexattr);
	return behind ? behind(fd, name) : velo_lacks();
}

const char velo_next_names[] =
	"stat\0"
	"stat64\0"
	"lstat\0"
	"lstat64\0"
	"fstat\0"
	"fstat64\0"
	"fstatat\0"
	"fstatat64\0"
	"statx\0"
	"__xstat\0"
	"__xstat64\0"
	"__lxstat\0"
	"__lxstat64\0"
	"__fxstat\0"
	"__fxstat64\0"
	"__fxstatat\0"
	"__fxstatat64\0"
	"access\0"
	"faccessat\0"
	"eaccess\0"
	"euidaccess\0"
	"readlink\0"
	"readlinkat\0"
	"__readlink_chk\0"
	"__readlinkat_chk\0"
	"statfs\0"
	"statfs64\0"
	"fstatfs\0"
	"fstatfs64\0"
	"statvfs\0"
	"statvfs64\0"
	"fstatvfs\0"
	"fstatvfs64\0"
	"pathconf\0"
	"getxattr\0"
	"lgetxattr\0"
	"fgetxattr\0"
	"listxattr\0"
	"llistxattr\0"
	"flistxattr\0"
	"name_to_handle_at\0"
	"inotify_add_watch\0"
	"fanotify_mark\0"
	"open\0"
	"open64\0"
	"openat\0"
	"openat64\0"
	"__open_2\0"
	"__open64_2\0"
	"__openat_2\0"
	"__openat64_2\0"
	"creat\0"
	"creat64\0"
	"fopen\0"
	"fopen64\0"
	"freopen\0"
	"freopen64\0"
	"fclose\0"
	"close\0"
	"dup\0"
	"dup2\0"
	"dup3\0"
	"fcntl\0"
	"fcntl64\0"
	"close_range\0"
	"closefrom\0"
	"lseek\0"
	"lseek64\0"
	"mmap\0"
	"mmap64\0"
	"chdir\0"
	"fchdir\0"
	"chroot\0"
	"getcwd\0"
	"__getcwd_chk\0"
	"getwd\0"
	"__getwd_chk\0"
	"get_current_dir_name\0"
	"realpath\0"
	"__realpath_chk\0"
	"canonicalize_file_name\0"
	"execve\0"
	"execveat\0"
	"fexecve\0"
	"execv\0"
	"execvp\0"
	"execvpe\0"
	"execl\0"
	"execlp\0"
	"execle\0"
	"system\0"
	"popen\0"
	"pthread_attr_setstacksize\0"
	"dlmopen\0"
	"posix_spawn\0"
	"posix_spawnp\0"
	"posix_spawn_file_actions_init\0"
	"posix_spawn_file_actions_destroy\0"
	"posix_spawn_file_actions_addopen\0"
	"posix_spawn_file_actions_addclose\0"
	"posix_spawn_file_actions_adddup2\0"
	"posix_spawn_file_actions_addclosefrom_np\0"
	"posix_spawn_file_actions_addtcsetpgrp_np\0"
	"posix_spawn_file_actions_addchdir_np\0"
	"posix_spawn_file_actions_addfchdir_np\0"
	"syscall\0"
	"opendir\0"
	"fdopendir\0"
	"readdir\0"
	"readdir64\0"
	"readdir_r\0"
	"readdir64_r\0"
	"closedir\0"
	"rewinddir\0"
	"telldir\0"
	"seekdir\0"
	"dirfd\0"
	"scandir\0"
	"scandir64\0"
	"scandirat\0"
	"scandirat64\0"
	"getdents64\0"
	"getdirentries\0"
	"getdirentries64\0"
	"getdents\0"
	"ftw\0"
	"ftw64\0"
	"nftw\0"
	"nftw64\0"
	"fts_open\0"
	"fts64_open\0"
	"fts_read\0"
	"fts64_read\0"
	"fts_children\0"
	"fts64_children\0"
	"fts_set\0"
	"fts64_set\0"
	"fts_close\0"
	"fts64_close\0"
	"glob\0"
	"glob64\0"
	"wordexp\0"
	"mkdir\0"
	"mkdirat\0"
	"mknod\0"
	"mknodat\0"
	"__xmknod\0"
	"__xmknodat\0"
	"mkfifo\0"
	"mkfifoat\0"
	"symlink\0"
	"symlinkat\0"
	"unlink\0"
	"unlinkat\0"
	"rmdir\0"
	"remove\0"
	"rename\0"
	"renameat\0"
	"renameat2\0"
	"link\0"
	"linkat\0"
	"chmod\0"
	"fchmod\0"
	"fchmodat\0"
	"lchmod\0"
	"chown\0"
	"lchown\0"
	"fchown\0"
	"fchownat\0"
	"utime\0"
	"utimes\0"
	"lutimes\0"
	"futimes\0"
	"futimens\0"
	"utimensat\0"
	"futimesat\0"
	"truncate\0"
	"truncate64\0"
	"ftruncate\0"
	"ftruncate64\0"
	"setxattr\0"
	"lsetxattr\0"
	"fsetxattr\0"
	"removexattr\0"
	"lremovexattr\0"
	"fremovexattr\0"
	"mktemp\0"
	"mkdtemp\0"
	"mkstemp\0"
	"mkstemp64\0"
	"mkostemp\0"
	"mkostemp64\0"
	"mkstemps\0"
	"mkstemps64\0"
	"mkostemps\0"
	"mkostemps64\0"
	"bind\0"
	"connect\0"
	"fdopen\0"
	"fileno\0";

const uint16_t velo_next_starts[VELO_NEXT_COUNT] = {
	0,
	5,
	12,
	18,
	26,
	32,
	40,
	48,
	58,
	64,
	72,
	82,
	91,
	102,
	111,
	122,
	133,
	146,
	153,
	163,
	171,
	182,
	191,
	202,
	217,
	234,
	241,
	250,
	258,
	268,
	276,
	286,
	295,
	306,
	315,
	324,
	334,
	344,
	354,
	365,
	376,
	394,
	412,
	426,
	431,
	438,
	445,
	454,
	463,
	474,
	485,
	498,
	504,
	512,
	518,
	526,
	534,
	544,
	551,
	557,
	561,
	566,
	571,
	577,
	585,
	597,
	607,
	613,
	621,
	626,
	633,
	639,
	646,
	653,
	660,
	673,
	679,
	691,
	712,
	721,
	736,
	759,
	766,
	775,
	783,
	789,
	796,
	804,
	810,
	817,
	824,
	831,
	837,
	863,
	871,
	883,
	896,
	926,
	959,
	992,
	1026,
	1059,
	1100,
	1141,
	1178,
	1216,
	1224,
	1232,
	1242,
	1250,
	1260,
	1270,
	1282,
	1291,
	1301,
	1309,
	1317,
	1323,
	1331,
	1341,
	1351,
	1363,
	1374,
	1388,
	1404,
	1413,
	1417,
	1423,
	1428,
	1435,
	1444,
	1455,
	1464,
	1475,
	1488,
	1503,
	1511,
	1521,
	1531,
	1543,
	1548,
	1555,
	1563,
	1569,
	1577,
	1583,
	1591,
	1600,
	1611,
	1618,
	1627,
	1635,
	1645,
	1652,
	1661,
	1667,
	1674,
	1681,
	1690,
	1700,
	1705,
	1712,
	1718,
	1725,
	1734,
	1741,
	1747,
	1754,
	1761,
	1770,
	1776,
	1783,
	1791,
	1799,
	1808,
	1818,
	1828,
	1837,
	1848,
	1858,
	1870,
	1879,
	1889,
	1899,
	1911,
	1924,
	1937,
	1944,
	1952,
	1960,
	1970,
	1979,
	1990,
	1999,
	2010,
	2020,
	2032,
	2037,
	2045,
	2052,
};
