/* A system call as syscall(2) takes it. */
#ifndef VELO_RAWCALL_H
#define VELO_RAWCALL_H

#include "velo.h"

struct velo_call {
	long number;
	long a[6];
};

/* A call of an older number becomes the newer one that does the same. */
void velo_renew(struct velo_call *call);

#endif
