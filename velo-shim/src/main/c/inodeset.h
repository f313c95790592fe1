/* Which inodes a walk has seen. Memory of the caller's malloc, given back by velo_seen_free. */
#ifndef VELO_INODESET_H
#define VELO_INODESET_H

#include "walk.h"

struct velo_seen {
	struct velo_seen_inode {
		dev_t device;
		ino_t inode; /* 0 in free slots; an inode 0 is never held to be seen */
	} *slots;
	size_t room; /* a power of two */
	size_t count;
};

/* 1 if it is new, 0 if it has been added before, -ENOMEM. */
int velo_seen_add(struct velo_seen *seen, dev_t device, ino_t inode);
void velo_seen_free(struct velo_seen *seen);

#endif
