/* open and what opens streams. */
#include "answers.h"
#include "wrap.h"

#include <dirent.h>
#include <stdio.h>

static int ends_in_slash(const char *path)
{
	return path && *path && path[velo_length(path) - 1] == '/';
}

/* Only what must be new is not followed; a path that ends in a slash is refused before it is followed. */
unsigned velo_open_at(const char *path, int flags)
{
	unsigned create = flags & O_CREAT ? VELO_CREATE : 0;

	if (create && (flags & O_EXCL || ends_in_slash(path)))
		return VELO_NOFOLLOW | VELO_CREATE;
	return create | (flags & O_NOFOLLOW ? VELO_NOFOLLOW : VELO_FOLLOW);
}

long velo_open_path(const struct velo_place *place, const char *path, int flags)
{
	if (flags & O_CREAT && !(flags & O_PATH) && ends_in_slash(path) && (!place->error || place->missing))
		return -EISDIR;
	return velo_open(place, flags);
}

/* The flags that a mode of fopen means, or -1. */
static int mode_flags(const char *mode)
{
	int flags;

	switch (*mode) {
	case 'r':
		flags = O_RDONLY;
		break;
	case 'w':
		flags = O_WRONLY | O_CREAT | O_TRUNC;
		break;
	case 'a':
		flags = O_WRONLY | O_CREAT | O_APPEND;
		break;
	default:
		return -1;
	}
	while (*++mode && *mode != ',') {
		if (*mode == '+')
			flags = (flags & ~O_ACCMODE) | O_RDWR;
		else if (*mode == 'x')
			flags |= O_EXCL;
		else if (*mode == 'e')
			flags |= O_CLOEXEC;
	}
	return flags;
}

static int descriptor(FILE *stream)
{
	__typeof__(&fileno) get = NEXT(fileno);
	int before = errno;
	int fd = get ? get(stream) : -1;

	errno = before;
	return fd;
}

static FILE *real_stream(FILE *stream)
{
	if (stream)
		velo_fd_set(descriptor(stream), VELO_NO_SLOT);
	return stream;
}

static FILE *stream_of(long fd, const char *mode)
{
	__typeof__(&fdopen) make = NEXT(fdopen);
	FILE *stream;

	if (velo_result(fd) < 0)
		return NULL;
	stream = make ? make((int)fd, mode) : NULL;
	if (!stream)
		velo_fd_close((int)fd);
	return stream;
}

WRAP(FILE *, fopen, const char *path, const char *mode)
{
	__typeof__(&velo_wrap_fopen) behind = BEHIND(fopen);
	struct velo_place place;
	int flags = mode_flags(mode);
	int before = errno;

	if (flags < 0 || !velo_locate(&place, AT_FDCWD, path, velo_open_at(path, flags))) {
		FILE *stream;

		if (!behind)
			return velo_lacks(), NULL;
		if (flags < 0)
			return behind(path, mode);
		do
			stream = behind(place.path, mode);
		while (!stream && velo_redirected(&place, before));
		if (place.kind != VELO_VIEW)
			return real_stream(stream);
	}
	return stream_of(velo_open_path(&place, path, flags), mode);
}
TWIN(fopen64, fopen);

/*
 * The stream goes on to a descriptor of the tree by its name in /proc, since libc opens it itself; where there is none, by a name
 * that cannot be opened, so that it is closed as after any other failure.
 */
static FILE *reopen(FILE *(*behind)(const char *, const char *, FILE *), long fd, const char *mode, FILE *stream)
{
	char path[VELO_FD_PATH];
	velo_slot slot = fd < 0 ? VELO_NO_SLOT : velo_fd((int)fd);
	int before = errno;

	velo_fd_set(descriptor(stream), VELO_NO_SLOT);
	if (fd < 0) {
		behind("", "r", stream);
		velo_result(fd);
		return NULL;
	}
	velo_fd_path(path, (int)fd);
	stream = behind(path, mode, stream);
	velo_fd_close((int)fd);
	if (stream) {
		velo_fd_set(descriptor(stream), slot);
		errno = before;
	}
	return stream;
}

WRAP(FILE *, freopen, const char *path, const char *mode, FILE *stream)
{
	__typeof__(&velo_wrap_freopen) behind = BEHIND(freopen);
	struct velo_place place;
	int flags = mode_flags(mode);
	int before = errno;

	if (!behind)
		return velo_lacks(), NULL;
	if (!path && velo_fd(descriptor(stream)) != VELO_NO_SLOT) {
		/* the same file in another mode: libc would open the loose inode anew, for writing too */
		return flags > 0 && flags & (O_WRONLY | O_RDWR) ? reopen(behind, -EROFS, mode, stream) : behind(path, mode, stream);
	}
	if (!path || flags < 0)
		return behind(path, mode, stream);
	/* asked before, since a stream that could not be reopened is gone */
	if (!velo_locate(&place, AT_FDCWD, path, velo_open_at(path, flags)) && !velo_again(&place, ENOENT)) {
		velo_fd_set(descriptor(stream), VELO_NO_SLOT);
		return real_stream(behind(place.path, mode, stream));
	}
	errno = before;
	return reopen(behind, velo_open_path(&place, path, flags | O_CLOEXEC), mode, stream);
}
TWIN(freopen64, freopen);

WRAP(int, fclose, FILE *stream)
{
	__typeof__(&velo_wrap_fclose) behind = BEHIND(fclose);
	int fd = descriptor(stream);

	if (velo_fd(fd) != VELO_NO_SLOT)
		velo_fd_set(fd, VELO_NO_SLOT);
	return behind ? behind(stream) : velo_lacks();
}
