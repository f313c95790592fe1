/*
 * Whose memory this is. A child of vfork runs in its parent's memory, where a change of the working directory or of descriptors
 * that the child makes must not show in the parent: it is noted apart, under the child's process number. A child of fork has its
 * own copy of everything; it is told apart by a page that the kernel wipes at fork and at nothing else.
 */
#include "velo.h"

#include <stdatomic.h>

enum { CHILDREN = 64 };

struct page {
	_Atomic int pid;
};

static struct page *_Atomic page;
static struct velo_child children[CHILDREN];

_Atomic int velo_children;

void velo_process_start(void)
{
	struct page *memory = velo_memory(4096);

	if (memory == NULL)
		return;
	if (velo_sys(__NR_madvise, memory, 4096, 18 /* MADV_WIPEONFORK */, 0) < 0) {
		velo_sys(__NR_munmap, memory, 4096, 0, 0);
		return;
	}
	memory->pid = (int)velo_sys(__NR_getpid, 0, 0, 0, 0);
	page = memory;
}

/* 0 in a process with memory of its own, else the process number of the child that borrows its parent's. */
static int borrower(void)
{
	struct page *here = page;
	int pid;

	if (here == NULL)
		return 0;
	pid = (int)velo_sys(__NR_getpid, 0, 0, 0, 0);
	if (here->pid == 0) {
		/* after fork: what was noted of children was the parent's */
		here->pid = pid;
		for (int i = 0; i < CHILDREN; i++)
			children[i].pid = 0;
		velo_children = 0;
	}
	return here->pid == pid ? 0 : pid;
}

/* The thread that called vfork sleeps until its child is gone, and both have its thread pointer. */
static uintptr_t thread(void)
{
#if defined(__x86_64__)
	uintptr_t pointer;

	__asm__("mov %%fs:0, %0" : "=r"(pointer));
	return pointer;
#else
	return (uintptr_t)__builtin_thread_pointer();
#endif
}

struct velo_child *velo_child_find(void)
{
	int pid = borrower();
	uintptr_t self = thread();

	for (int i = 0; i < CHILDREN; i++) {
		if (children[i].pid == 0 || children[i].thread != self)
			continue;
		if (children[i].pid == pid)
			return &children[i];
		/* the parent runs again, or has another child: the one noted here is gone */
		children[i].pid = 0;
		velo_children--;
	}
	return NULL;
}

int velo_is_borrower(void)
{
	return borrower() != 0;
}

struct velo_child *velo_child_make(void)
{
	int pid = borrower();
	struct velo_child *child;

	if (pid == 0)
		return NULL;
	child = velo_child_find();
	for (int i = 0; child == NULL && i < CHILDREN; i++) {
		int none = 0;

		if (atomic_compare_exchange_strong(&children[i].pid, &none, pid)) {
			child = &children[i];
			child->thread = thread();
			child->moved = 0;
			child->count = 0;
			velo_children++;
		}
	}
	return child;
}
