#include "inodeset.h"

static struct velo_seen_inode *find(const struct velo_seen *seen, dev_t device, ino_t inode)
{
	uint64_t hash = ((uint64_t)inode ^ ((uint64_t)device << 40)) * 0x9e3779b97f4a7c15u;
	size_t at = (size_t)(hash >> 20) & (seen->room - 1);

	while (seen->slots[at].inode && (seen->slots[at].inode != inode || seen->slots[at].device != device))
		at = (at + 1) & (seen->room - 1);
	return &seen->slots[at];
}

static int enlarge(struct velo_seen *seen)
{
	struct velo_seen larger = {NULL, seen->room ? seen->room * 2 : 64, seen->count};

	larger.slots = calloc(larger.room, sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < seen->room; i++)
		if (seen->slots[i].inode)
			*find(&larger, seen->slots[i].device, seen->slots[i].inode) = seen->slots[i];
	free(seen->slots);
	*seen = larger;
	return 0;
}

int velo_seen_add(struct velo_seen *seen, dev_t device, ino_t inode)
{
	struct velo_seen_inode *slot;

	if (!inode)
		return 1;
	if (seen->count * 2 >= seen->room && enlarge(seen) < 0)
		return -ENOMEM;
	slot = find(seen, device, inode);
	if (slot->inode)
		return 0;
	slot->device = device;
	slot->inode = inode;
	seen->count++;
	return 1;
}

void velo_seen_free(struct velo_seen *seen)
{
	free(seen->slots);
}
