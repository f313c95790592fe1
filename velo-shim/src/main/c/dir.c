/*
 * Reading directory streams. A stream of the tree is an object of our own, from a pool that needs neither malloc nor a lock, and
 * it has no descriptor until dirfd asks for one: opening, reading and closing it is no system call at all. The stream of the real
 * directory at the border wraps libc's. Every other stream is libc's, and is handed on.
 */
#include "stream.h"
#include "interposed.h"

/* readdir_r: old programs call it. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

void velo_fill_entry(struct dirent *to, const struct velo_entry *from, uint64_t position)
{
	to->d_ino = (ino_t)velo_ino(from->nid);
	to->d_off = (off_t)position;
	to->d_reclen = (unsigned short)velo_entry_size(from->length);
	to->d_type = from->type;
	velo_copy(to->d_name, from->name, from->length);
	to->d_name[from->length] = 0;
}

static int next_at_border(struct velo_stream *stream, struct dirent **entry)
{
	int saved = errno;
	int error;

	if (stream->state == GIVEN)
		return 0;
	errno = 0;
	*entry = NEXT(readdir)(stream->real);
	error = errno;
	errno = saved;
	if (*entry) {
		/* Somebody else made it meanwhile. */
		if (velo_length((*entry)->d_name) == stream->missing.length &&
		    velo_equal((*entry)->d_name, stream->missing.name, stream->missing.length))
			stream->state = EXISTS;
		return 1;
	}
	if (error || stream->state == EXISTS)
		return -error;
	stream->state = GIVEN;
	velo_fill_entry(&stream->entry, &stream->missing, (uint64_t)VELO_BEHIND_MISSING);
	*entry = &stream->entry;
	return 1;
}

/* Threads that read one stream at the same time get an entry each. */
static int next_in_tree(struct velo_stream *stream, struct dirent *entry)
{
	uint32_t position = atomic_load_explicit(&stream->position, memory_order_relaxed);
	struct velo_entry next;
	uint32_t behind;
	int found;
	int fd;

	if (stream->unreadable)
		return -EBADF;
	do {
		behind = position;
		found = velo_next_entry(stream->slot, &behind, &next);
		if (found <= 0)
			return found;
	} while (!atomic_compare_exchange_weak(&stream->position, &position, behind));
	fd = atomic_load_explicit(&stream->fd, memory_order_relaxed);
	if (fd >= 0)
		velo_fd_seek(fd, behind);
	velo_fill_entry(entry, &next, behind);
	return 1;
}

static int next_of_ours(struct velo_stream *stream, struct dirent **entry)
{
	if (stream->real)
		return next_at_border(stream, entry);
	*entry = &stream->entry;
	return next_in_tree(stream, &stream->entry);
}

int velo_dir_next(DIR *stream, struct dirent **entry)
{
	struct velo_stream *own = velo_own(stream);
	int saved = errno;
	int error;

	if (own)
		return next_of_ours(own, entry);
	errno = 0;
	*entry = NEXT(readdir)(stream);
	error = errno;
	errno = saved;
	return *entry ? 1 : -error;
}

VELO_EXPORT struct dirent *readdir(DIR *stream)
{
	struct velo_stream *own = velo_own(stream);
	struct dirent *entry;
	int found;

	if (!own)
		return NEXT(readdir)(stream);
	found = next_of_ours(own, &entry);
	if (found < 0)
		errno = -found;
	return found > 0 ? entry : NULL;
}

VELO_EXPORT int readdir_r(DIR *stream, struct dirent *entry, struct dirent **result)
{
	struct velo_stream *own = velo_own(stream);
	struct dirent *found_entry = entry;
	int found;

	if (!own)
		return NEXT(readdir_r)(stream, entry, result);
	found = own->real ? next_at_border(own, &found_entry) : next_in_tree(own, entry);
	if (found > 0 && found_entry != entry)
		velo_copy(entry, found_entry, found_entry->d_reclen);
	*result = found > 0 ? entry : NULL;
	return found < 0 ? -found : 0;
}

void velo_stream_seek(struct velo_stream *stream, uint32_t position)
{
	int fd = atomic_load(&stream->fd);

	atomic_store(&stream->position, position);
	if (fd >= 0)
		velo_fd_seek(fd, position);
}

VELO_EXPORT void seekdir(DIR *stream, long position)
{
	struct velo_stream *own = velo_own(stream);

	if (!own) {
		NEXT(seekdir)(stream, position);
	} else if (own->real) {
		own->state = position == VELO_BEHIND_MISSING ? GIVEN : COMING;
		if (own->state == COMING)
			NEXT(seekdir)(own->real, position);
	} else {
		velo_stream_seek(own, (uint32_t)position);
	}
}

VELO_EXPORT void rewinddir(DIR *stream)
{
	struct velo_stream *own = velo_own(stream);

	if (!own) {
		NEXT(rewinddir)(stream);
	} else if (own->real) {
		own->state = COMING;
		NEXT(rewinddir)(own->real);
	} else {
		velo_stream_seek(own, 0);
	}
}

VELO_EXPORT long telldir(DIR *stream)
{
	struct velo_stream *own = velo_own(stream);

	if (!own)
		return NEXT(telldir)(stream);
	if (own->real)
		return own->state == GIVEN ? VELO_BEHIND_MISSING : NEXT(telldir)(own->real);
	return (long)atomic_load(&own->position);
}

VELO_TWIN(readdir64, readdir);
VELO_TWIN(readdir64_r, readdir_r);
