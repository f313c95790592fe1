/* Where directory streams of our own come from: a pool, and beyond it a page for each. */
#include "stream.h"

enum { POOL = 64, PAGE = 4096 };

_Static_assert(sizeof(struct velo_stream) <= PAGE, "a stream beyond the pool has a page of its own");
_Static_assert(sizeof(((struct dirent *)0)->d_name) == VELO_NAME_MAX + 1, "names fit");

static struct velo_stream pool[POOL];
static _Atomic uint64_t pool_taken;

struct velo_stream *velo_stream_take(void)
{
	uint64_t taken = atomic_load(&pool_taken);
	struct velo_stream *stream;

	while (~taken) {
		int index = __builtin_ctzll(~taken);

		if (!atomic_compare_exchange_weak(&pool_taken, &taken, taken | (uint64_t)1 << index))
			continue;
		stream = &pool[index];
		goto found;
	}
	stream = velo_memory(PAGE);
	if (!stream)
		return NULL;
found:
	stream->magic = VELO_STREAM_MAGIC;
	stream->slot = VELO_NO_SLOT;
	atomic_init(&stream->position, 0);
	atomic_init(&stream->fd, -1);
	stream->unreadable = 0;
	stream->real = NULL;
	stream->state = COMING;
	return stream;
}

void velo_stream_give_back(struct velo_stream *stream)
{
	stream->magic = 0;
	if (stream >= pool && stream < pool + POOL)
		atomic_fetch_and(&pool_taken, ~((uint64_t)1 << (stream - pool)));
	else
		velo_sys(__NR_munmap, stream, PAGE, 0, 0);
}
