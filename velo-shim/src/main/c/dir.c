/*
 * Directory streams. A stream of the tree is an object of our own, from a pool that needs neither malloc nor a lock, and it has
 * no descriptor until dirfd asks for one: opening, reading and closing it is no system call at all. The stream of the real
 * directory at the border wraps libc's. Every other stream is libc's, and is handed on.
 */
#include "dir.h"
#include "interposed.h"

#include <stdatomic.h>
#include <sys/mman.h>

/* readdir_r: old programs call it. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/*
 * A DIR of glibc begins with a descriptor and a lock, one of musl with an offset; neither lock nor offset is ever negative, so
 * the highest bit tells ours.
 */
static const uint64_t MAGIC = 0xfe10d12ec7012e50u;

enum {
	POOL = 64,
	PAGE = 4096,
	/* What telldir gives behind the name that a border adds: no file system has it, and it is not an error's -1. */
	BEHIND_MISSING = -2,
};

enum missing_name { COMING, GIVEN, EXISTS };

struct stream {
	uint64_t magic;
	velo_slot slot;
	_Atomic uint32_t position;
	_Atomic int fd; /* -1 while nobody asked */
	/* At the border. */
	DIR *real;
	struct velo_entry missing;
	enum missing_name state;
	struct dirent entry;
};

_Static_assert(sizeof(struct stream) <= PAGE, "a stream beyond the pool has a page of its own");
_Static_assert(sizeof(((struct dirent *)0)->d_name) == VELO_NAME_MAX + 1, "names fit");

static struct stream pool[POOL];
static _Atomic uint64_t pool_taken;

static struct stream *ours(DIR *stream)
{
	struct stream *own = (struct stream *)(void *)stream;

	return own->magic == MAGIC ? own : NULL;
}

static struct stream *take(void)
{
	uint64_t taken = atomic_load(&pool_taken);
	struct stream *stream;
	long page;

	while (~taken) {
		int index = __builtin_ctzll(~taken);

		if (!atomic_compare_exchange_weak(&pool_taken, &taken, taken | (uint64_t)1 << index))
			continue;
		stream = &pool[index];
		goto found;
	}
	page = velo_sys6(__NR_mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page < 0)
		return NULL;
	stream = (struct stream *)page;
found:
	stream->magic = MAGIC;
	stream->slot = VELO_NO_SLOT;
	atomic_init(&stream->position, 0);
	atomic_init(&stream->fd, -1);
	stream->real = NULL;
	stream->state = COMING;
	return stream;
}

static void give_back(struct stream *stream)
{
	stream->magic = 0;
	if (stream >= pool && stream < pool + POOL)
		atomic_fetch_and(&pool_taken, ~((uint64_t)1 << (stream - pool)));
	else
		velo_sys(__NR_munmap, stream, PAGE, 0, 0);
}

/* The stream of a real directory, wrapped if it is the one at the border. */
static DIR *real_stream(DIR *real)
{
	struct velo_entry missing;
	struct stream *stream;

	if (!real || !velo_at_border(NEXT(dirfd)(real), &missing))
		return real;
	stream = take();
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
	struct stream *stream;
	int error = velo_inode(slot, &inode);

	if (error < 0)
		return error;
	if (!S_ISDIR(inode.mode))
		return -ENOTDIR;
	/* A descriptor was allowed when it was opened. */
	if (fd < 0 && !velo_may(&inode, R_OK))
		return -EACCES;
	stream = take();
	if (!stream)
		return -ENOMEM;
	stream->slot = slot;
	if (fd >= 0) {
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

VELO_EXPORT DIR *opendir(const char *path)
{
	DIR *stream;
	int error = velo_dir_open(AT_FDCWD, path, &stream);

	if (error < 0) {
		errno = -error;
		return NULL;
	}
	return stream;
}

VELO_EXPORT DIR *fdopendir(int fd)
{
	velo_slot slot = velo_ready() ? velo_fd(fd) : VELO_NO_SLOT;
	DIR *stream;
	int error;

	if (slot == VELO_NO_SLOT)
		return real_stream(NEXT(fdopendir)(fd));
	error = open_slot(slot, fd, &stream);
	if (error < 0) {
		errno = -error;
		return NULL;
	}
	return stream;
}

void velo_fill_entry(struct dirent *to, const struct velo_entry *from, uint64_t position)
{
	to->d_ino = (ino_t)velo_ino(from->nid);
	to->d_off = (off_t)position;
	to->d_reclen = (unsigned short)velo_entry_size(from->length);
	to->d_type = from->type;
	velo_copy(to->d_name, from->name, from->length);
	to->d_name[from->length] = 0;
}

static int next_at_border(struct stream *stream, struct dirent **entry)
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
	velo_fill_entry(&stream->entry, &stream->missing, (uint64_t)BEHIND_MISSING);
	*entry = &stream->entry;
	return 1;
}

/* Threads that read one stream at the same time get an entry each. */
static int next_in_tree(struct stream *stream, struct dirent *entry)
{
	uint32_t position = atomic_load_explicit(&stream->position, memory_order_relaxed);
	struct velo_entry next;
	uint32_t behind;
	int found;
	int fd;

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

static int next_of_ours(struct stream *stream, struct dirent **entry)
{
	if (stream->real)
		return next_at_border(stream, entry);
	*entry = &stream->entry;
	return next_in_tree(stream, &stream->entry);
}

int velo_dir_next(DIR *stream, struct dirent **entry)
{
	struct stream *own = ours(stream);
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
	struct stream *own = ours(stream);
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
	struct stream *own = ours(stream);
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

static int close_ours(struct stream *stream)
{
	int fd = atomic_load(&stream->fd);
	int result = 0;

	if (stream->real) {
		result = NEXT(closedir)(stream->real);
	} else if (fd >= 0) {
		velo_fd_set(fd, VELO_NO_SLOT);
		velo_sys(__NR_close, fd, 0, 0, 0);
	}
	give_back(stream);
	return result;
}

void velo_dir_close(DIR *stream)
{
	struct stream *own = ours(stream);
	int saved = errno;

	if (own)
		close_ours(own);
	else
		NEXT(closedir)(stream);
	errno = saved;
}

VELO_EXPORT int closedir(DIR *stream)
{
	struct stream *own = velo_not_null(stream) ? ours(stream) : NULL;

	return own ? close_ours(own) : NEXT(closedir)(stream);
}

static void seek_in_tree(struct stream *stream, uint32_t position)
{
	int fd = atomic_load(&stream->fd);

	atomic_store(&stream->position, position);
	if (fd >= 0)
		velo_fd_seek(fd, position);
}

VELO_EXPORT void seekdir(DIR *stream, long position)
{
	struct stream *own = ours(stream);

	if (!own) {
		NEXT(seekdir)(stream, position);
	} else if (own->real) {
		own->state = position == BEHIND_MISSING ? GIVEN : COMING;
		if (own->state == COMING)
			NEXT(seekdir)(own->real, position);
	} else {
		seek_in_tree(own, (uint32_t)position);
	}
}

VELO_EXPORT void rewinddir(DIR *stream)
{
	struct stream *own = ours(stream);

	if (!own) {
		NEXT(rewinddir)(stream);
	} else if (own->real) {
		own->state = COMING;
		NEXT(rewinddir)(own->real);
	} else {
		seek_in_tree(own, 0);
	}
}

VELO_EXPORT long telldir(DIR *stream)
{
	struct stream *own = ours(stream);

	if (!own)
		return NEXT(telldir)(stream);
	if (own->real)
		return own->state == GIVEN ? BEHIND_MISSING : NEXT(telldir)(own->real);
	return (long)atomic_load(&own->position);
}

velo_slot velo_dir_slot(DIR *stream)
{
	struct stream *own = ours(stream);

	return own ? own->slot : VELO_NO_SLOT;
}

int velo_dir_fd(DIR *stream)
{
	struct stream *own = ours(stream);

	return NEXT(dirfd)(own ? own->real : stream);
}

VELO_EXPORT int dirfd(DIR *stream)
{
	struct stream *own = ours(stream);
	struct velo_place place;
	int none = -1;
	int fd;

	if (!own || own->real)
		return NEXT(dirfd)(own ? own->real : stream);
	fd = atomic_load(&own->fd);
	if (fd >= 0)
		return fd;
	place.kind = VELO_VIEW;
	place.error = 0;
	place.missing = 0;
	place.slot = own->slot;
	fd = velo_open(&place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return (int)velo_result(fd);
	velo_fd_seek(fd, atomic_load(&own->position));
	if (atomic_compare_exchange_strong(&own->fd, &none, fd))
		return fd;
	/* Another thread asked at the same time. */
	velo_fd_set(fd, VELO_NO_SLOT);
	velo_sys(__NR_close, fd, 0, 0, 0);
	return none;
}

VELO_TWIN(readdir64, readdir);
VELO_TWIN(readdir64_r, readdir_r);
