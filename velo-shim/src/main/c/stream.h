/* What a directory stream of our own is. */
#ifndef VELO_STREAM_H
#define VELO_STREAM_H

#include "dir.h"

#include <stdatomic.h>

/*
 * A DIR of glibc begins with a descriptor and a lock, one of musl with an offset; neither lock nor offset is ever negative, so
 * the highest bit tells ours.
 */
#define VELO_STREAM_MAGIC 0xfe10d12ec7012e50u

enum {
	/* What telldir gives behind the name that a border adds: no file system has it, and it is not an error's -1. */
	VELO_BEHIND_MISSING = -2,
};

enum missing_name { COMING, GIVEN, EXISTS };

struct velo_stream {
	uint64_t magic;
	velo_slot slot;
	int unreadable; /* made of a descriptor that was opened with O_PATH */
	_Atomic uint32_t position;
	_Atomic int fd; /* -1 while nobody asked */
	/* At the border. */
	DIR *real;
	struct velo_entry missing;
	enum missing_name state;
	struct dirent entry;
};

static inline struct velo_stream *velo_own(DIR *stream)
{
	struct velo_stream *own = (struct velo_stream *)(void *)stream;

	return own->magic == VELO_STREAM_MAGIC ? own : NULL;
}

/* A stream with nothing in it yet, NULL without memory. No lock, no malloc. */
struct velo_stream *velo_stream_take(void);
void velo_stream_give_back(struct velo_stream *stream);
/* Both, where it stands and where its descriptor does. */
void velo_stream_seek(struct velo_stream *stream, uint32_t position);

#endif
