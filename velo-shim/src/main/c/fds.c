/* Descriptors that stand for files of the tree: what open gave, and what dup made of it. */
#include "velo.h"

struct mark {
	velo_slot slot; /* plus one: 0 is what memory begins with */
	uint32_t position;
};

static struct mark marks[VELO_FD_LIMIT];
static _Atomic int highest = -1;

static struct velo_child_fd *noted(struct velo_child *child, int fd)
{
	for (int i = 0; child != NULL && i < child->count; i++)
		if (child->fds[i].fd == fd)
			return &child->fds[i];
	return NULL;
}

velo_slot velo_fd(int fd)
{
	if (fd < 0 || fd >= VELO_FD_LIMIT)
		return VELO_NO_SLOT;
	if (__builtin_expect(velo_children > 0, 0)) {
		const struct velo_child_fd *own = noted(velo_child_find(), fd);

		if (own != NULL)
			return own->slot;
	}
	return marks[fd].slot - 1;
}

void velo_fd_set(int fd, velo_slot slot)
{
	if (fd < 0 || fd >= VELO_FD_LIMIT || (marks[fd].slot == slot + 1 && velo_children == 0))
		return;
	if (velo_is_borrower()) {
		struct velo_child *child = velo_child_make();
		struct velo_child_fd *own = noted(child, fd);

		if (child == NULL)
			return;
		if (own == NULL && child->count < VELO_CHILD_FDS) {
			own = &child->fds[child->count++];
			own->fd = fd;
		}
		if (own != NULL)
			own->slot = slot;
		return;
	}
	marks[fd].position = 0;
	marks[fd].slot = slot + 1;
	if (slot != VELO_NO_SLOT && fd > highest)
		highest = fd;
}

int velo_fd_from(int fd)
{
	/* a child of vfork may have noted what is above */
	int last = velo_children > 0 ? VELO_FD_LIMIT - 1 : highest;

	for (; fd <= last; fd++)
		if (velo_fd(fd) != VELO_NO_SLOT)
			return fd;
	return -1;
}

uint32_t velo_fd_position(int fd)
{
	return velo_fd(fd) == VELO_NO_SLOT ? 0 : marks[fd].position;
}

void velo_fd_seek(int fd, uint32_t position)
{
	if (velo_fd(fd) != VELO_NO_SLOT)
		marks[fd].position = position;
}

void velo_fd_copy(int from, int to)
{
	velo_slot slot = velo_fd(from);
	uint32_t position = velo_fd_position(from);

	velo_fd_set(to, slot);
	velo_fd_seek(to, position);
}

void velo_fd_forget(unsigned first, unsigned last)
{
	for (unsigned fd = first; fd <= last && fd < VELO_FD_LIMIT; fd++)
		velo_fd_set((int)fd, VELO_NO_SLOT);
}

void velo_fd_close(int fd)
{
	velo_fd_set(fd, VELO_NO_SLOT);
	velo_sys(__NR_close, fd, 0, 0, 0);
}
