/* Opening and closing directory streams, and their descriptors. */
#include "stream.h"
#include "interposed.h"

/* The stream of a real directory, wrapped if it is the one at the border. */
static DIR *real_stream(DIR *real)
{
	struct velo_entry missing;
	struct velo_stream *stream;

	if (!real || !velo_at_border(NEXT(dirfd)(real), &missing))
		return real;
	stream = velo_stream_take();
	if (!stream)
		return real;
	stream->real = real;
	stream->missing = missing;
	return (DIR *)(void *)stream;
}

static int open_real(int dirfd, const char *path, DIR **stream)
{
	int saved = errno;
	DIR *real;
	long fd;

	if (dirfd == AT_FDCWD || *path == '/') {
		real = NEXT(opendir)(path);
	} else {
		fd = velo_sys(__NR_openat, dirfd, path, O_RDONLY | O_NONBLOCK | O_DIRECTORY | O_CLOEXEC, 0);
		if (fd < 0)
			return (int)fd;
		real = NEXT(fdopendir)((int)fd);
		if (!real)
			velo_sys(__NR_close, fd, 0, 0, 0);
	}
	if (!real) {
		int error = errno;

		errno = saved;
		return -error;
	}
	*stream = real_stream(real);
	return 0;
}

static int open_slot(velo_slot slot, int fd, DIR **result)
{
	struct velo_inode inode;
	struct velo_stream *stream;
	int error = velo_inode(slot, &inode);

	if (error < 0)
		return error;
	if (!S_ISDIR(inode.mode))
		return -ENOTDIR;
	/* A descriptor was allowed when it was opened. */
	if (fd < 0 && !velo_may(&inode, R_OK))
		return -EACCES;
	stream = velo_stream_take();
	if (!stream)
		return -ENOMEM;
	stream->slot = slot;
	if (fd >= 0) {
		stream->unreadable = velo_is_path_only(fd);
		atomic_store(&stream->fd, fd);
		atomic_store(&stream->position, velo_fd_position(fd));
	}
	*result = (DIR *)(void *)stream;
	return 0;
}

int velo_dir_open(int dirfd, const char *path, DIR **stream)
{
	struct velo_place place;
	int error;

	if (!velo_ready())
		return open_real(dirfd, path, stream);
	if (!velo_locate(&place, dirfd, path, VELO_FOLLOW)) {
		error = open_real(place.dirfd, place.path, stream);
		if (!error || place.kind != VELO_MAYBE || !velo_again(&place, -error))
			return error;
	}
	return place.error ? -place.error : open_slot(place.slot, -1, stream);
}

DIR *velo_dir_at(const char *path)
{
	DIR *stream;
	int error = velo_dir_open(AT_FDCWD, path, &stream);

	if (error < 0) {
		errno = -error;
		return NULL;
	}
	return stream;
}

VELO_EXPORT DIR *opendir(const char *path)
{
	return velo_dir_at(path);
}

VELO_EXPORT DIR *fdopendir(int fd)
{
	velo_slot slot = velo_ready() ? velo_fd(fd) : VELO_NO_SLOT;
	DIR *stream;
	int error;

	if (slot == VELO_NO_SLOT)
		return real_stream(NEXT(fdopendir)(fd));
	/* glibc finds out when it reads. */
	error = !velo_on_glibc() && velo_is_path_only(fd) ? -EBADF : open_slot(slot, fd, &stream);
	if (error < 0) {
		errno = -error;
		return NULL;
	}
	return stream;
}

static int close_ours(struct velo_stream *stream)
{
	int fd = atomic_load(&stream->fd);
	int result = 0;

	if (stream->real) {
		result = NEXT(closedir)(stream->real);
	} else if (fd >= 0) {
		velo_fd_close(fd);
	}
	velo_stream_give_back(stream);
	return result;
}

void velo_dir_close(DIR *stream)
{
	struct velo_stream *own = velo_own(stream);
	int saved = errno;

	if (own)
		close_ours(own);
	else
		NEXT(closedir)(stream);
	errno = saved;
}

VELO_EXPORT int closedir(DIR *stream)
{
	struct velo_stream *own = velo_not_null(stream) ? velo_own(stream) : NULL;

	return own ? close_ours(own) : NEXT(closedir)(stream);
}

velo_slot velo_dir_slot(DIR *stream)
{
	struct velo_stream *own = velo_own(stream);

	return own ? own->slot : VELO_NO_SLOT;
}

int velo_dir_fd(DIR *stream)
{
	struct velo_stream *own = velo_own(stream);

	return NEXT(dirfd)(own ? own->real : stream);
}

VELO_EXPORT int dirfd(DIR *stream)
{
	struct velo_stream *own = velo_own(stream);
	int none = -1;
	int fd;

	if (!own || own->real)
		return NEXT(dirfd)(own ? own->real : stream);
	fd = atomic_load(&own->fd);
	if (fd >= 0)
		return fd;
	fd = velo_open_slot(own->slot, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return (int)velo_result(fd);
	velo_fd_seek(fd, atomic_load(&own->position));
	if (atomic_compare_exchange_strong(&own->fd, &none, fd))
		return fd;
	/* Another thread asked at the same time. */
	velo_fd_close(fd);
	return none;
}
