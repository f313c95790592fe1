/*
 * openat2(2) with limits on the way: RESOLVE_BENEATH and its like. A walk of its own, name by name, since no path may stand for
 * another here. It never leaves the tree: where that would be permitted, callers are told that there is no such call, and do without.
 */
#include "answers.h"

#include <dirent.h>
#include <linux/openat2.h>

enum { LINKS = 40 };

struct limited {
	const struct open_how *how;
	size_t base;   /* length of the path of where it began */
	size_t length; /* of the path so far, from the root of the tree: in the place's buffer */
	int links;
	int new_directory; /* something is to be created whose name ends in slashes: refused once its directory is found */
	const char *rest;
	char pending[2 * VELO_PATH_MAX];
};

static int limits(const struct limited *walk, uint64_t limit)
{
	return (walk->how->resolve & limit) != 0;
}

static velo_slot slot_of(const struct velo_place *place, const struct limited *walk)
{
	return walk->length ? velo_find(place->buffer, walk->length) : VELO_ROOT;
}

/* Out of where it began, or of the tree. */
static int leave(const struct limited *walk)
{
	return limits(walk, RESOLVE_BENEATH | RESOLVE_NO_XDEV) ? -EXDEV : -ENOSYS;
}

static int up(const struct velo_place *place, struct limited *walk)
{
	if (walk->length == walk->base && limits(walk, RESOLVE_IN_ROOT))
		return 0;
	if (walk->length == 0 || (walk->length == walk->base && limits(walk, RESOLVE_BENEATH)))
		return leave(walk);
	while (walk->length > 0 && place->buffer[--walk->length] != '/')
		;
	return 0;
}

/* To where absolute paths begin. */
static int restart(struct limited *walk)
{
	if (!limits(walk, RESOLVE_IN_ROOT))
		return leave(walk);
	walk->length = walk->base;
	return 0;
}

/* The target of a link takes the place of its name, which is the last of the path so far. */
static int follow(struct velo_place *place, struct limited *walk, velo_slot slot)
{
	size_t left = velo_length(walk->rest);
	struct velo_inode inode;
	long length = velo_inode(slot, &inode);
	char *target;
	char *end;

	if (limits(walk, RESOLVE_NO_SYMLINKS) || ++walk->links > LINKS)
		return -ELOOP;
	if (length == 0 && inode.size + left + 2 >= sizeof walk->pending)
		length = -ENAMETOOLONG;
	if (length < 0)
		return (int)length;
	/* what is left moves to the end, since the target may be longer than what has been read */
	end = walk->pending + sizeof walk->pending - 1 - left;
	for (size_t i = left + 1; i-- > 0;)
		end[i] = walk->rest[i];
	if (left)
		*--end = '/';
	target = end - inode.size;
	walk->rest = target;
	length = velo_link(&inode, target, inode.size);
	if (length < 0)
		return (int)length;
	while (walk->length > 0 && place->buffer[--walk->length] != '/')
		;
	return *walk->rest == '/' ? restart(walk) : 0;
}

/* One name: 0, or -errno. */
static int step(struct velo_place *place, struct limited *walk, const char *name, size_t length, int directory)
{
	int last = !*walk->rest;
	int keeps = walk->new_directory || (!directory && walk->how->flags & (O_NOFOLLOW | O_EXCL));
	struct velo_inode inode;
	velo_slot slot = slot_of(place, walk);
	int error = velo_inode(slot, &inode);

	if (error)
		return error;
	if (!S_ISDIR(inode.mode))
		return -ENOTDIR;
	if (!velo_may(&inode, X_OK))
		return -EACCES;
	if (name[0] == '.' && length == 1)
		return 0;
	if (name[0] == '.' && name[1] == '.' && length == 2)
		return up(place, walk);
	if (length > VELO_NAME_MAX || walk->length + length + 2 > sizeof place->buffer)
		return -ENAMETOOLONG;
	if (walk->length)
		place->buffer[walk->length++] = '/';
	velo_copy(place->buffer + walk->length, name, length);
	walk->length += length;
	slot = slot_of(place, walk);
	if (slot == VELO_NO_SLOT) {
		place->missing = last;
		return -ENOENT;
	}
	return velo_type(slot) == DT_LNK && !(last && keeps) ? follow(place, walk, slot) : 0;
}

static int walk_on(struct velo_place *place, struct limited *walk)
{
	int directory = 0;
	int error = 0;

	while (!error && *walk->rest) {
		const char *name = walk->rest;
		size_t length = velo_name_length(name);
		char copy[VELO_NAME_MAX + 1] = {0};
		int slashes;

		walk->rest += length;
		if (length > VELO_NAME_MAX)
			return -ENAMETOOLONG;
		velo_copy(copy, name, length);
		slashes = *walk->rest == '/';
		while (*walk->rest == '/')
			walk->rest++;
		directory |= slashes && !*walk->rest;
		if (length)
			error = step(place, walk, copy, length, directory);
	}
	if (!error && walk->new_directory)
		return -EISDIR;
	if (!error && directory && slot_of(place, walk) != VELO_ROOT && velo_type(slot_of(place, walk)) != DT_DIR)
		error = -ENOTDIR;
	return error;
}

/* Where a path begins: a directory of the tree, or VELO_NO_SLOT. */
static velo_slot beginning(const struct open_how *how, int dirfd, const char **path)
{
	const char *rest;

	if (**path != '/' || how->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT))
		return dirfd == AT_FDCWD ? velo_cwd() : velo_fd(dirfd);
	rest = velo_below(*path);
	if (!rest)
		return VELO_NO_SLOT;
	while (*rest == '/')
		rest++;
	*path = rest;
	return VELO_ROOT;
}

int velo_open_limited(int dirfd, const char *path, const struct open_how *how, long *result)
{
	struct velo_place place = {.kind = VELO_VIEW, .dirfd = AT_FDCWD};
	const char *name = path;
	velo_slot slot = beginning(how, dirfd, &name);
	struct limited walk;
	const char *tree;
	size_t length;

	if (slot == VELO_NO_SLOT)
		return 0;
	*result = velo_is_above(slot) ? -ENOSYS : !*path ? -ENOENT : 0;
	length = velo_length(name);
	if (!*result && length >= VELO_PATH_MAX)
		*result = -ENAMETOOLONG;
	if (*result)
		return 1;
	walk.how = how;
	walk.links = 0;
	walk.new_directory = how->flags & O_CREAT && length && name[length - 1] == '/';
	tree = velo_tree_path(slot, &walk.base);
	velo_copy(place.buffer, tree, walk.base);
	walk.length = walk.base;
	velo_copy(walk.pending, name, length + 1);
	walk.rest = walk.pending;
	*result = *name == '/' ? restart(&walk) : 0;
	if (!*result)
		*result = walk_on(&place, &walk);
	if (walk.new_directory && *result == -ENOENT && place.missing)
		*result = -EISDIR;
	if (*result && *result != -ENOENT)
		return 1;
	place.error = (int)-*result;
	place.slot = *result ? VELO_NO_SLOT : slot_of(&place, &walk);
	*result = velo_open(&place, (int)how->flags);
	return 1;
}
