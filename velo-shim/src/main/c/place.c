/*
 * Where a path leads. Paths below the tree's place that hold no links, dots or doubled slashes cost one look into the image's
 * table; whatever is not so plain is walked name by name as the kernel would (path_resolution(7)), through real directories by
 * readlink and through the tree by its table.
 */
#include "velo.h"

#include <dirent.h>
#include <stdatomic.h>
#include <unistd.h>

enum { MAX_LINKS = 40, PENDING = 2 * VELO_PATH_MAX };

/* The process's working directory; VELO_NO_SLOT: a real one. Known by this name to the audit library. */
__attribute__((visibility("protected"))) velo_slot velo_shim_working = VELO_NO_SLOT;
/* Where the tree's place continues behind a real working directory that is above it; 0 if it is not. */
static size_t relative;

static const char *alias;
static size_t alias_length;

/* ---- memory for walks: stacks of signal handlers are small ---- */

enum { SCRATCH_COUNT = 16 };

static char scratch[SCRATCH_COUNT][PENDING];
static _Atomic unsigned scratch_taken;

static char *take_scratch(void)
{
	unsigned taken = scratch_taken;

	while (taken != (1u << SCRATCH_COUNT) - 1) {
		int free_one = __builtin_ctz(~taken);

		if (atomic_compare_exchange_strong(&scratch_taken, &taken, taken | 1u << free_one))
			return scratch[free_one];
	}
	return velo_memory(PENDING);
}

static void give_scratch(char *memory)
{
	if (memory >= scratch[0] && memory <= scratch[SCRATCH_COUNT - 1])
		scratch_taken &= ~(1u << ((size_t)(memory - scratch[0]) / PENDING));
	else
		velo_sys(__NR_munmap, memory, PENDING, 0, 0);
}

/* ---- the tree's place ---- */

static int starts_with(const char *path, const char *prefix, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (path[i] != prefix[i])
			return 0;
	return path[length] == '/' || path[length] == 0;
}

static const char *below_alias(const char *path)
{
	return alias_length > 0 && starts_with(path, alias, alias_length) ? path + alias_length : NULL;
}

const char *velo_below(const char *path)
{
	return starts_with(path, velo_config.at, velo_config.at_length) ? path + velo_config.at_length : NULL;
}

/* The same for the place under either of its names. */
static const char *below(const char *path)
{
	const char *rest = velo_below(path);

	return rest != NULL ? rest : below_alias(path);
}

/* The directory above a part of the place. */
static size_t parent_length(size_t length)
{
	while (length > 0 && velo_config.at[--length] != '/')
		;
	return length;
}

/* A part of the place's path as a place: the tree, a directory that is only there for it, or a real one (VELO_NO_SLOT). */
static velo_slot slot_of_part(size_t length)
{
	if (length == velo_config.at_length)
		return VELO_ROOT;
	return length > velo_config.above ? VELO_ABOVE | (velo_slot)length : VELO_NO_SLOT;
}

/* Whether this absolute path is the place or a directory on the way to it, by its text; its slot. */
static velo_slot slot_of_text(const char *path, size_t length)
{
	if (length <= velo_config.above || length > velo_config.at_length || !velo_equal(path, velo_config.at, length)
	    || (length < velo_config.at_length && velo_config.at[length] != '/'))
		return VELO_NO_SLOT;
	return slot_of_part(length);
}

size_t velo_border(const char **name, size_t *length)
{
	const char *start = velo_config.at + velo_config.above + 1;

	if (velo_config.ready <= 0 || velo_config.shadows)
		return 0;
	*name = start;
	*length = velo_name_length(start);
	return velo_config.above == 0 ? 1 : velo_config.above;
}

/* ---- the working directory ---- */

velo_slot velo_cwd(void)
{
	if (__builtin_expect(velo_children > 0, 0)) {
		const struct velo_child *child = velo_child_find();

		if (child != NULL && child->moved)
			return child->cwd;
	}
	return velo_shim_working;
}

static size_t relative_place(const char *real)
{
	size_t length = velo_length(real);

	if (length == 1)
		return 1;
	return length < velo_config.at_length && starts_with(velo_config.at, real, length) ? length + 1 : 0;
}

static void move(velo_slot slot, size_t real_relative)
{
	struct velo_child *child;

	if (!velo_is_borrower()) {
		velo_shim_working = slot;
		relative = real_relative;
		return;
	}
	child = velo_child_make();
	if (child != NULL) {
		child->moved = 1;
		child->cwd = slot;
	}
}

void velo_chdir_here(velo_slot slot)
{
	move(slot, 0);
}

int velo_chdir(velo_slot slot)
{
	char *empty = take_scratch();

	/* the kernel's own working directory becomes one in which nothing is found: what passes the shim by finds nothing wrong */
	if (empty != NULL) {
		if (velo_room_path(empty, PENDING, "empty") == 0)
			velo_sys(__NR_chdir, empty, 0, 0, 0);
		give_scratch(empty);
	}
	move(slot, 0);
	return 0;
}

void velo_cwd_is_real(void)
{
	char *path = take_scratch();
	long length = path == NULL ? -ENOMEM : velo_sys(__NR_getcwd, path, PENDING, 0, 0);

	move(VELO_NO_SLOT, length > 0 && path[0] == '/' ? relative_place(path) : 0);
	if (path != NULL)
		give_scratch(path);
}

long velo_full_path(velo_slot slot, char *buffer, size_t size)
{
	size_t at = velo_config.at_length;
	size_t length = 0;
	const char *path = "";

	if (velo_is_node(slot))
		return -ENAMETOOLONG;
	if (slot != VELO_ROOT && velo_is_above(slot))
		at = slot - VELO_ABOVE;
	else
		path = velo_tree_path(slot, &length);
	if (at + 1 + length + 1 > size)
		return -ENAMETOOLONG;
	velo_copy(buffer, velo_config.at, at);
	if (length > 0) {
		buffer[at++] = '/';
		velo_copy(buffer + at, path, length);
	}
	buffer[at + length] = 0;
	return (long)(at + length);
}

long velo_cwd_path(char *buffer, size_t size)
{
	velo_slot slot = velo_cwd();

	return slot == VELO_NO_SLOT ? -ENOENT : velo_full_path(slot, buffer, size);
}

static int is_there(const char *path)
{
	struct stat stat;

	return velo_sys(__NR_newfstatat, AT_FDCWD, path, &stat, AT_SYMLINK_NOFOLLOW) == 0;
}

/* How much of the tree's place exists for real. */
static void look_at_place(char *at)
{
	size_t length = velo_config.at_length;

	velo_config.shadows = is_there(at);
	do {
		while (length > 0 && at[--length] != '/')
			;
		at[length] = 0;
		velo_config.above = length;
		if (length == 0 || velo_config.shadows || is_there(at)) {
			at[length] = '/';
			break;
		}
		at[length] = '/';
	} while (length > 0);
}

void velo_place_start(char *at, const char *also)
{
	look_at_place(at);
	alias = also;
	alias_length = also == NULL ? 0 : velo_length(also);
	velo_cwd_is_real();
}

/* ---- permissions ---- */

static int may(const struct velo_inode *inode, int mode, long get_uid, long get_gid)
{
	unsigned wanted = (unsigned)mode & 7;
	unsigned bits = inode->mode;
	long uid;

	if ((bits >> 6 & bits >> 3 & bits & wanted) == wanted)
		return 1;
	uid = velo_sys(get_uid, 0, 0, 0, 0);
	if (uid == 0)
		return (mode & X_OK) == 0 || S_ISDIR(bits) || (bits & 0111) != 0;
	if ((uint32_t)uid == inode->uid)
		return (bits >> 6 & wanted) == wanted;
	if ((uint32_t)velo_sys(get_gid, 0, 0, 0, 0) == inode->gid)
		return (bits >> 3 & wanted) == wanted;
	if ((bits >> 3 & wanted) != (bits & wanted)) {
		uint32_t groups[64];
		long count = velo_sys(__NR_getgroups, 64, groups, 0, 0);

		for (long i = 0; i < count; i++)
			if (groups[i] == inode->gid)
				return (bits >> 3 & wanted) == wanted;
	}
	return (bits & wanted) == wanted;
}

int velo_may(const struct velo_inode *inode, int mode)
{
	return may(inode, mode, __NR_geteuid, __NR_getegid);
}

int velo_may_really(const struct velo_inode *inode, int mode)
{
	return may(inode, mode, __NR_getuid, __NR_getgid);
}

/* ---- answers ---- */

static int found(struct velo_place *place, velo_slot slot)
{
	place->kind = VELO_VIEW;
	place->error = 0;
	place->missing = 0;
	place->slot = slot;
	return 1;
}

static int failed(struct velo_place *place, int error, int missing)
{
	place->kind = VELO_VIEW;
	place->error = error;
	place->missing = missing;
	place->slot = VELO_NO_SLOT;
	return 1;
}

static int real(struct velo_place *place)
{
	place->kind = VELO_REAL;
	return 0;
}

/* ---- walking ---- */

struct walk {
	struct velo_place *place;
	char *path; /* of the place: absolute and real, or in the tree */
	size_t length;
	velo_slot slot; /* VELO_NO_SLOT: in a real directory */
	char *pending;  /* what is still to be walked, at the end of its memory */
	size_t next;    /* where it begins */
	int links;
	int entered; /* the tree was on the way: what is real now has to be handed on under another name */
};

static int enter(struct walk *walk, velo_slot slot)
{
	size_t length;
	const char *path = velo_tree_path(slot, &length);

	walk->entered = 1;
	walk->slot = slot;
	if (velo_is_above(slot) || velo_is_node(slot)) {
		walk->length = 0;
		return 1;
	}
	velo_copy(walk->path, path, length);
	walk->length = length;
	return 1;
}

static void leave(struct walk *walk, size_t length)
{
	walk->slot = VELO_NO_SLOT;
	velo_copy(walk->path, velo_config.at, length);
	walk->length = length;
}

/* Puts a path in front of what is pending. */
static int push(struct walk *walk, const char *path, size_t length)
{
	if (length + 1 > walk->next)
		return -ENAMETOOLONG;
	if (walk->next < PENDING - 1 && walk->pending[walk->next] != '/')
		walk->pending[--walk->next] = '/';
	walk->next -= length;
	velo_copy(walk->pending + walk->next, path, length);
	return 0;
}

static void pop(struct walk *walk)
{
	while (walk->length > 0 && walk->path[--walk->length] != '/')
		;
}

static void up(struct walk *walk)
{
	size_t parent;

	if (walk->slot == VELO_NO_SLOT) {
		pop(walk);
		return;
	}
	if (velo_is_node(walk->slot)) {
		walk->slot = velo_child_node(walk->slot, "..", 2);
		if (velo_is_node(walk->slot))
			enter(walk, velo_directory_of(walk->slot));
		return;
	}
	if (walk->slot != VELO_ROOT && !velo_is_above(walk->slot)) {
		pop(walk);
		walk->slot = velo_find(walk->path, walk->length);
		return;
	}
	parent = parent_length(walk->slot == VELO_ROOT ? velo_config.at_length : walk->slot - VELO_ABOVE);
	walk->slot = slot_of_part(parent);
	if (walk->slot == VELO_NO_SLOT)
		leave(walk, parent);
	else
		walk->length = 0;
}

/* A link was met whose target stands in walk->pending's free part at its start. */
static int follow(struct walk *walk, long length)
{
	if (++walk->links > MAX_LINKS)
		return -ELOOP;
	if (length == 0)
		return -ENOENT;
	/* the target may overlap what it is pushed to only if there is no room for it */
	if ((size_t)length * 2 + 2 > walk->next)
		return -ENAMETOOLONG;
	if (walk->pending[0] == '/') {
		const char *rest;

		walk->pending[length] = 0;
		rest = below(walk->pending);
		if (rest != NULL) {
			enter(walk, VELO_ROOT);
			return push(walk, rest, (size_t)length - (size_t)(rest - walk->pending));
		}
		walk->slot = VELO_NO_SLOT;
		walk->length = 0;
	}
	return push(walk, walk->pending, (size_t)length);
}

enum step { STEP_ON, STEP_STOP };

/* One name in the tree; the result is in the place when the walk ends here. */
static enum step step_in_tree(struct walk *walk, const char *name, size_t length, int last, int slashes)
{
	struct velo_place *place = walk->place;
	struct velo_inode inode;
	velo_slot parent = walk->slot;
	size_t before = walk->length;
	long target;
	int error;

	if (velo_type(parent) != DT_DIR) {
		failed(place, ENOTDIR, 0);
		return STEP_STOP;
	}
	if (velo_is_above(parent)) {
		const char *wanted = velo_config.at + (parent - VELO_ABOVE) + 1;

		if (!velo_equal(wanted, name, length) || (wanted[length] != '/' && wanted[length] != 0)) {
			failed(place, ENOENT, last);
			return STEP_STOP;
		}
		enter(walk, slot_of_part(parent - VELO_ABOVE + 1 + length));
		return STEP_ON;
	}
	if (velo_inode(parent, &inode) < 0 || !velo_may(&inode, X_OK)) {
		failed(place, EACCES, 0);
		return STEP_STOP;
	}
	if (velo_is_node(parent) || before + 1 + length >= VELO_PATH_MAX) {
		walk->slot = velo_child_node(parent, name, length);
		walk->length = 0;
	} else {
		if (before > 0)
			walk->path[walk->length++] = '/';
		velo_copy(walk->path + walk->length, name, length);
		walk->length += length;
		walk->slot = velo_find(walk->path, walk->length);
	}
	if (walk->slot == VELO_NO_SLOT) {
		failed(place, ENOENT, last);
		return STEP_STOP;
	}
	if (velo_type(walk->slot) != DT_LNK || (last && (place->flags & VELO_NOFOLLOW) != 0 && (!slashes || (place->flags & VELO_CREATE) != 0)))
		return STEP_ON;
	error = velo_inode(walk->slot, &inode);
	target = error < 0 ? error : velo_link(&inode, walk->pending, walk->next / 2);
	walk->slot = parent;
	walk->length = before;
	if (target >= 0)
		target = follow(walk, target);
	if (target < 0) {
		failed(place, (int)-target, 0);
		return STEP_STOP;
	}
	return STEP_ON;
}

/* The slot that a magic link of /proc stands for, below /proc/PID/task/TID as well; VELO_NO_SLOT for other paths. */
static velo_slot magic(const char *path)
{
	const char *name = velo_proc_own(path);
	const char *task = name == NULL ? NULL : velo_behind(name, "task/");

	if (task != NULL) {
		name = task + velo_name_length(task);
		name += *name == '/';
	}
	return name == NULL ? VELO_NO_SLOT : velo_proc_slot(name);
}

/* One name in a real directory: 1 to go on, 0 to stop there and hand on what was found and what is left. */
static enum step step_in_real(struct walk *walk, const char *name, size_t length, int last, int slashes)
{
	struct velo_place *place = walk->place;
	size_t before = walk->length;
	velo_slot slot;
	long target;

	if (before + 1 + length >= VELO_PATH_MAX) {
		walk->length = SIZE_MAX;
		return STEP_STOP;
	}
	walk->path[walk->length++] = '/';
	velo_copy(walk->path + walk->length, name, length);
	walk->length += length;
	walk->path[walk->length] = 0;
	slot = slot_of_text(walk->path, walk->length);
	if (slot != VELO_NO_SLOT) {
		enter(walk, slot);
		return STEP_ON;
	}
	if (last && (place->flags & VELO_NOFOLLOW) != 0 && (!slashes || (place->flags & VELO_CREATE) != 0))
		return STEP_STOP;
	slot = magic(walk->path);
	if (slot != VELO_NO_SLOT) {
		if (++walk->links > MAX_LINKS) {
			failed(place, ELOOP, 0);
			walk->entered = 1;
			return STEP_STOP;
		}
		enter(walk, slot);
		return STEP_ON;
	}
	target = velo_sys(__NR_readlinkat, AT_FDCWD, walk->path, walk->pending, walk->next / 2);
	if (target == -EINVAL)
		return STEP_ON;
	if (target < 0)
		return STEP_STOP;
	walk->length = before;
	target = follow(walk, target);
	if (target < 0) {
		/* the kernel says it of real paths in its own words */
		walk->length = SIZE_MAX;
		return STEP_STOP;
	}
	return STEP_ON;
}

/* The walk ended at a real path: hands it on, with what is left of the way. */
static int hand_on(struct walk *walk)
{
	struct velo_place *place = walk->place;
	size_t left = PENDING - 1 - walk->next;

	if (!walk->entered)
		return real(place);
	if (walk->length == SIZE_MAX || walk->length + left + 2 > VELO_PATH_MAX)
		return failed(place, ENAMETOOLONG, 0);
	if (left > 0 && walk->pending[walk->next] != '/')
		walk->path[walk->length++] = '/';
	velo_copy(walk->path + walk->length, walk->pending + walk->next, left);
	walk->length += left;
	if (walk->length == 0)
		walk->path[walk->length++] = '/';
	walk->path[walk->length] = 0;
	place->dirfd = AT_FDCWD;
	place->path = walk->path;
	return real(place);
}

static int walk_on(struct walk *walk)
{
	struct velo_place *place = walk->place;
	int slashes = 0;

	for (;;) {
		char name[VELO_NAME_MAX + 1];
		size_t at = walk->next;
		size_t length;
		int last;

		while (walk->pending[at] == '/')
			at++;
		if (walk->pending[at] == 0) {
			slashes = at > walk->next || slashes;
			walk->next = at;
			break;
		}
		length = velo_name_length(walk->pending + at);
		if (length > VELO_NAME_MAX) {
			if (walk->slot == VELO_NO_SLOT)
				return hand_on(walk);
			return failed(place, velo_type(walk->slot) == DT_DIR ? ENAMETOOLONG : ENOTDIR, 0);
		}
		velo_copy(name, walk->pending + at, length);
		walk->next = at + length;
		for (at = walk->next; walk->pending[at] == '/'; at++)
			;
		last = walk->pending[at] == 0;
		slashes = last && at > walk->next;
		if (name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'))) {
			if (walk->slot != VELO_NO_SLOT && velo_type(walk->slot) != DT_DIR)
				return failed(place, ENOTDIR, 0);
			if (length == 2)
				up(walk);
			slashes = 1;
			continue;
		}
		if (walk->slot != VELO_NO_SLOT) {
			if (step_in_tree(walk, name, length, last, slashes) == STEP_STOP)
				return 1;
		} else if (step_in_real(walk, name, length, last, slashes) == STEP_STOP) {
			return place->kind == VELO_VIEW ? 1 : hand_on(walk);
		}
	}
	if (walk->slot == VELO_NO_SLOT) {
		if (slashes && walk->entered && walk->length > 0 && walk->length + 2 < VELO_PATH_MAX)
			walk->path[walk->length++] = '/';
		return hand_on(walk);
	}
	if (slashes && velo_type(walk->slot) != DT_DIR && (place->flags & VELO_CREATE) == 0)
		return failed(place, ENOTDIR, 0);
	return found(place, walk->slot);
}

/* Walks a path from a slot of the tree, or from a real directory (VELO_NO_SLOT), whose path then stands in the place's buffer. */
static VELO_COLD int walk_from(struct velo_place *place, velo_slot slot, const char *path)
{
	struct walk walk = { place, place->buffer, 0, VELO_NO_SLOT, take_scratch(), PENDING - 1, 0, 0 };
	size_t length = velo_length(path);
	int result;

	if (walk.pending == NULL)
		return failed(place, ENOMEM, 0);
	place->kind = VELO_REAL;
	if (slot != VELO_NO_SLOT)
		enter(&walk, slot);
	else
		walk.length = velo_length(place->buffer);
	if (walk.length == 1 && walk.slot == VELO_NO_SLOT)
		walk.length = 0;
	if (path[0] == '/') {
		walk.slot = VELO_NO_SLOT;
		walk.length = 0;
	}
	walk.pending[PENDING - 1] = 0;
	/* the other name leads over a link, and the kernel counts them */
	walk.links = below_alias(place->path) != NULL;
	if (length >= VELO_PATH_MAX)
		result = slot == VELO_NO_SLOT ? real(place) : failed(place, ENAMETOOLONG, 0);
	else {
		push(&walk, path, length);
		result = walk_on(&walk);
	}
	give_scratch(walk.pending);
	return result;
}

/* Walks a path that begins in a real directory. */
static VELO_COLD int walk_real(struct velo_place *place)
{
	const char *path = place->path;
	long length = 0;

	place->buffer[0] = 0;
	if (path[0] != '/') {
		if (place->dirfd == AT_FDCWD) {
			length = velo_sys(__NR_getcwd, place->buffer, sizeof place->buffer, 0, 0) - 1;
		} else {
			char name[VELO_FD_PATH];

			if (place->dirfd < 0)
				return real(place);
			velo_fd_path(name, place->dirfd);
			length = velo_sys(__NR_readlinkat, AT_FDCWD, name, place->buffer, sizeof place->buffer - 1);
		}
		if (length <= 0 || place->buffer[0] != '/')
			return real(place);
		place->buffer[length] = 0;
	}
	return walk_from(place, VELO_NO_SLOT, path);
}

/* ---- plain paths ---- */

/* Whether a path holds doubled slashes or names that are "." or "..". */
static int is_plain(const char *path, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i <= length; i++) {
		size_t name;

		if (i < length && path[i] != '/')
			continue;
		name = i - start;
		if ((name == 0 && i > 0) || (name == 1 && path[start] == '.')
		    || (name == 2 && path[start] == '.' && path[start + 1] == '.') || name > VELO_NAME_MAX)
			return 0;
		start = i + 1;
	}
	return 1;
}

/* A path in the tree that the table does not list and that is plain: what the kernel would say; 0 if it has to be walked. */
static int not_listed(struct velo_place *place, const char *path, size_t length)
{
	int last = 1;

	for (;;) {
		velo_slot slot;
		unsigned char type;

		while (length > 0 && path[length - 1] != '/')
			length--;
		slot = length <= 1 ? VELO_ROOT : velo_find(path, length - 1);
		if (slot == VELO_NO_SLOT) {
			length--;
			last = 0;
			continue;
		}
		type = velo_type(slot);
		if (type == DT_LNK)
			return 0;
		return failed(place, type == DT_DIR ? ENOENT : ENOTDIR, last && type == DT_DIR);
	}
}

/* Whether every directory on the way has to be asked if it may be searched. */
static int must_walk(void)
{
	return __builtin_expect(velo_has_closed_directories(), 0) && velo_sys(__NR_geteuid, 0, 0, 0, 0) != 0;
}

/* A path in the tree, from its root, without slash in front. */
static int locate_in_tree(struct velo_place *place, const char *path, size_t length)
{
	velo_slot slot;
	unsigned char type;

	if (length == 0)
		return found(place, VELO_ROOT);
	if (must_walk())
		return walk_from(place, VELO_ROOT, path);
	slot = velo_find(path, length);
	if (slot == VELO_NO_SLOT) {
		if (!is_plain(path, length) || !not_listed(place, path, length))
			return walk_from(place, VELO_ROOT, path);
		return 1;
	}
	type = velo_type(slot);
	if (type == DT_LNK && (place->flags & VELO_NOFOLLOW) == 0)
		return walk_from(place, VELO_ROOT, path);
	return found(place, slot);
}

/* Whether the kernel's walk would meet a symbolic link. */
static int meets_links(int dirfd, const char *path, unsigned flags)
{
	struct {
		uint64_t flags;
		uint64_t mode;
		uint64_t resolve;
	} how = { O_PATH | O_CLOEXEC, 0, 4 /* RESOLVE_NO_SYMLINKS */ };
	long fd;

	if ((flags & VELO_NOFOLLOW) != 0)
		how.flags |= O_NOFOLLOW;
	fd = velo_sys(__NR_openat2, dirfd, path, &how, sizeof how);
	if (fd >= 0)
		velo_sys(__NR_close, fd, 0, 0, 0);
	return fd == -ELOOP || fd == -ENOSYS || fd == -EPERM;
}

/* Whether a name of the tree's place begins a relative path, or ends one. */
static int is_on_the_way(const char *name, size_t length)
{
	const char *at = velo_config.at;

	while (*at == '/') {
		size_t part = velo_name_length(++at);

		if (part == length && velo_equal(at, name, length))
			return 1;
		at += part;
	}
	return 0;
}

/*
 * Whether a path that is not plain could pass through the tree: it then names what stands where the place's path leaves the real
 * directories (or, where the place is shadowed, its last name), for links are met elsewhere.
 */
static int may_pass(const char *path)
{
	const char *name = velo_config.at + velo_config.above + 1;
	size_t length = velo_name_length(name);

	while (*path != 0) {
		size_t part;

		while (*path == '/')
			path++;
		part = velo_name_length(path);
		if (part == length && velo_equal(path, name, length))
			return 1;
		path += part;
	}
	return 0;
}

static VELO_COLD int locate_real(struct velo_place *place)
{
	const char *path = place->path;
	size_t length = velo_length(path);
	size_t end = length;
	size_t start;
	int plain;

	if (path[0] == '/' && length > 5 && (velo_equal(path, "/proc/", 6) || (length > 7 && velo_equal(path, "/dev/fd", 7))
	                                     || (length > 8 && velo_equal(path, "/dev/std", 8))))
		return walk_real(place);
	while (end > 1 && path[end - 1] == '/')
		end--;
	if (path[0] == '/') {
		velo_slot slot = slot_of_text(path, end);

		if (slot != VELO_NO_SLOT)
			return found(place, slot);
	}
	plain = is_plain(path, end);
	if (place->dirfd != AT_FDCWD && path[0] != '/') {
		if (!plain || is_on_the_way(path, velo_name_length(path)))
			return walk_real(place);
	}
	if (velo_config.shadows) {
		if ((!plain && may_pass(path)) || meets_links(place->dirfd, path, place->flags))
			return walk_real(place);
		return real(place);
	}
	if (!plain && may_pass(path))
		return walk_real(place);
	if ((place->flags & VELO_CREATE) != 0) {
		/* what is made here could become the place itself */
		for (start = end; start > 0 && path[start - 1] != '/'; start--)
			;
		if (!plain || is_on_the_way(path + start, end - start))
			return walk_real(place);
		/* and so could what a link leads to that has nothing behind it yet */
		if ((place->flags & VELO_NOFOLLOW) == 0 && meets_links(place->dirfd, path, place->flags))
			return walk_real(place);
	}
	place->kind = VELO_MAYBE;
	return 0;
}

int velo_locate(struct velo_place *place, int dirfd, const char *path, unsigned flags)
{
	const char *rest;
	size_t length;
	velo_slot base;

	place->kind = VELO_REAL;
	place->dirfd = dirfd;
	place->path = path;
	place->flags = flags;
	if (!velo_ready() || path == NULL)
		return 0;
	if (path[0] == '/') {
		rest = below(path);
		if (rest == NULL)
			return locate_real(place);
		while (*rest == '/')
			rest++;
		length = velo_length(rest);
		if ((size_t)(rest - path) + length >= VELO_PATH_MAX)
			return failed(place, ENAMETOOLONG, 0);
		if (length > 0 && rest[length - 1] == '/')
			return walk_from(place, VELO_ROOT, rest);
		return locate_in_tree(place, rest, length);
	}
	base = dirfd == AT_FDCWD ? velo_cwd() : velo_fd(dirfd);
	if (path[0] == 0) {
		if ((flags & VELO_EMPTY) == 0 || base == VELO_NO_SLOT)
			return 0;
		return found(place, base);
	}
	if (base == VELO_NO_SLOT) {
		/* a working directory above the place */
		if (dirfd == AT_FDCWD && relative > 0 && velo_children == 0) {
			const char *from = path;

			while (from[0] == '.' && from[1] == '/')
				for (from++; *from == '/'; from++)
					;
			if (starts_with(from, velo_config.at + relative, velo_config.at_length - relative)) {
				for (rest = from + (velo_config.at_length - relative); *rest == '/'; rest++)
					;
				length = velo_length(rest);
				if (length > 0 && rest[length - 1] == '/')
					return walk_from(place, VELO_ROOT, rest);
				return locate_in_tree(place, rest, length);
			}
			if (!is_plain(path, velo_length(path)))
				return walk_real(place);
			if (is_on_the_way(from, velo_name_length(from)))
				return walk_real(place);
		}
		return locate_real(place);
	}
	if (velo_is_above(base) || velo_is_node(base) || velo_type(base) != DT_DIR || must_walk())
		return walk_from(place, base, path);
	/* from a directory of the tree: the two paths joined, if that is plain */
	rest = velo_tree_path(base, &length);
	{
		size_t more = velo_length(path);

		if (length + 1 + more >= VELO_PATH_MAX || path[more - 1] == '/' || (path[0] == '.' && (path[1] == 0 || path[1] == '.')))
			return walk_from(place, base, path);
		if (length > 0) {
			velo_copy(place->buffer, rest, length);
			place->buffer[length++] = '/';
		}
		velo_copy(place->buffer + length, path, more + 1);
		length += more;
	}
	{
		velo_slot slot = velo_find(place->buffer, length);

		if (slot != VELO_NO_SLOT
		    && (velo_type(slot) != DT_LNK || (place->flags & VELO_NOFOLLOW) != 0))
			return found(place, slot);
		if (slot == VELO_NO_SLOT && is_plain(place->buffer, length) && not_listed(place, place->buffer, length))
			return 1;
	}
	return walk_from(place, base, path);
}

int velo_again(struct velo_place *place, int error)
{
	size_t length;

	if (place->kind != VELO_MAYBE || (error != ENOENT && error != ENOTDIR))
		return 0;
	length = velo_length(place->path);
	while (length > 1 && place->path[length - 1] == '/')
		length--;
	if (is_plain(place->path, length) && !meets_links(place->dirfd, place->path, place->flags))
		return 0;
	return walk_real(place);
}
