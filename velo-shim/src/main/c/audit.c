/*
 * The dynamic loader opens libraries by itself, past every wrapper; its audit interface (rtld-audit(7)) asks here where to look.
 * A library of the tree is loaded from its loose inode under a path that is long enough to be written over with the library's
 * path in the tree as soon as it is mapped: so dladdr, and whoever finds its home by it, sees the tree.
 *
 * Lives in a namespace of its own, beside no libc: it refers to nothing outside, and knows the process's working directory only
 * from a variable of the preloaded library.
 */
#include "dynamic.h"

#include <dirent.h>

enum { ENVIRONMENT_BYTES = 256 << 10 };

struct velo_config velo_config;

static char at[VELO_PATH_MAX];
static char alias[VELO_PATH_MAX];
static char store[VELO_PATH_MAX];
static char room[VELO_PATH_MAX];
static char library_path[VELO_PATH_MAX];
static char program[VELO_PATH_MAX];

/* What was answered last: the loader asks for one library at a time. */
static struct velo_library current;

/* Variables of the preloaded library. */
static const struct velo_library *opening;
static const velo_slot *working;

enum { MAX_OBJECTS = 4096 };

/* Who asked for each loaded object: the RPATHs of the whole line count. */
static struct {
	const struct link_map *map;
	const struct link_map *loader;
} objects[MAX_OBJECTS];
static int object_count;
static const struct link_map *asking;

int velo_ready_slow(void)
{
	return 0;
}

velo_slot velo_exe(void)
{
	return VELO_NO_SLOT;
}

/* ---- coming up ---- */

static size_t variable(const char *environment, size_t length, const char *name, char *to)
{
	for (size_t i = 0; i < length; i += velo_length(environment + i) + 1) {
		const char *value = velo_behind(environment + i, name);
		size_t bytes;

		if (value == NULL || *value++ != '=')
			continue;
		bytes = velo_length(value);
		if (bytes >= VELO_PATH_MAX)
			return 0;
		velo_copy(to, value, bytes + 1);
		return bytes;
	}
	return 0;
}

static int configure(const char *environment, size_t length)
{
	char image[VELO_PATH_MAX];

	velo_config.at_length = variable(environment, length, "VELO_SHIM_AT", at);
	velo_config.store_length = variable(environment, length, "VELO_SHIM_STORE", store);
	velo_config.room_length = variable(environment, length, "VELO_SHIM_ROOM", room);
	velo_config.checks = variable(environment, length, "VELO_VERIFY", image) > 0 && velo_asks_for_checks(image);
	if (velo_config.at_length < 2 || velo_config.store_length == 0
	    || variable(environment, length, "VELO_SHIM_IMAGE", image) == 0 || velo_image_open(image) < 0)
		return 0;
	variable(environment, length, "VELO_SHIM_ALIAS", alias);
	variable(environment, length, "LD_LIBRARY_PATH", library_path);
	variable(environment, length, "VELO_SHIM_EXE", program);
	velo_config.at = at;
	velo_config.store = store;
	velo_config.room = room;
	velo_config.ready = 1;
	velo_place_start(at, alias[0] != 0 ? alias : NULL);
	return 1;
}

VELO_EXPORT unsigned int la_version(unsigned int version)
{
	char *environment = velo_memory(ENVIRONMENT_BYTES);
	long fd = velo_sys(__NR_openat, AT_FDCWD, "/proc/self/environ", O_RDONLY | O_CLOEXEC, 0);
	size_t length = 0;
	int ready = 0;

	if (environment != NULL && fd >= 0) {
		for (;;) {
			long bytes = velo_sys(__NR_read, fd, environment + length, ENVIRONMENT_BYTES - 1 - length, 0);

			if (bytes <= 0)
				break;
			length += (size_t)bytes;
		}
		ready = configure(environment, length);
	}
	if (fd >= 0)
		velo_sys(__NR_close, fd, 0, 0, 0);
	if (environment != NULL)
		velo_sys(__NR_munmap, environment, ENVIRONMENT_BYTES, 0, 0);
	return ready ? version : 0;
}

/* ---- answers ---- */

/* The loose inode of a library in the tree as the loader is to be told of it; NULL if there is none. */
static char *library(velo_slot slot)
{
	return velo_library_of(slot, &current) == 0 ? current.path : NULL;
}

/* ---- where an object's own libraries are looked for ---- */

/* The directory that $ORIGIN stands for. */
static size_t origin_of(const struct link_map *map, char *buffer)
{
	const char *path = map->l_name[0] != 0 ? map->l_name : program;
	size_t length = velo_length(path);

	if (path[0] != '/' || length >= VELO_PATH_MAX) {
		long real = velo_sys(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", buffer, VELO_PATH_MAX - 1);

		if (map->l_name[0] != 0 || real <= 0)
			return 0;
		length = (size_t)real;
	} else {
		velo_copy(buffer, path, length);
	}
	while (length > 0 && buffer[length - 1] != '/')
		length--;
	return length > 1 ? length - 1 : length;
}

/* One directory of a list, with $ORIGIN replaced, and a name behind it: 0 if it does not fit or cannot be told. */
static int join(const struct link_map *map, const char *directory, size_t length, const char *name, char *path)
{
	size_t to = 0;

	for (size_t i = 0; i < length;) {
		size_t token = 0;

		if (length - i >= 7 && velo_equal(directory + i, "$ORIGIN", 7))
			token = 7;
		else if (length - i >= 9 && velo_equal(directory + i, "${ORIGIN}", 9))
			token = 9;
		if (token > 0) {
			if (map == NULL || to != 0)
				return 0;
			to = origin_of(map, path);
			i += token;
			continue;
		}
		if (directory[i] == '$' || to + 1 >= VELO_PATH_MAX)
			return 0;
		path[to++] = directory[i++];
	}
	if (to == 0 || to + 1 + velo_length(name) + 1 > VELO_PATH_MAX)
		return 0;
	path[to++] = '/';
	velo_copy(path + to, name, velo_length(name) + 1);
	return path[0] == '/';
}

enum search { NOT_HERE, IS_REAL, IN_TREE };

/* Looks through a list of directories as the loader would, but sees the tree as well. */
static enum search search(const struct link_map *map, const char *list, const char *name, velo_slot *slot)
{
	char path[VELO_PATH_MAX];

	while (*list != 0) {
		size_t length = 0;

		while (list[length] != 0 && list[length] != ':' && (map != NULL || list[length] != ';'))
			length++;
		if (join(map, list, length, name, path)) {
			struct velo_place place;

			if (velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)) {
				if (place.error == 0 && velo_type(place.slot) == DT_REG) {
					*slot = place.slot;
					return IN_TREE;
				}
			} else if (velo_sys(__NR_faccessat, AT_FDCWD, place.path, 4 /* R_OK */, 0) == 0) {
				return IS_REAL;
			} else if (velo_again(&place, ENOENT) && place.error == 0 && velo_type(place.slot) == DT_REG) {
				*slot = place.slot;
				return IN_TREE;
			}
		}
		list += length + (list[length] != 0);
	}
	return NOT_HERE;
}

static const struct link_map *loader_of(const struct link_map *map)
{
	for (int i = object_count; i > 0; i--)
		if (objects[i - 1].map == map)
			return objects[i - 1].loader;
	return NULL;
}

/* The RPATHs of an object and of those that it was loaded for, the program's last; none of an object that has a RUNPATH. */
static enum search search_rpaths(const struct link_map *map, const char *name, velo_slot *slot)
{
	const struct link_map *main_map = object_count > 0 ? objects[0].map : NULL;
	int seen_main = 0;

	for (int depth = 0; depth < MAX_OBJECTS; depth++) {
		enum search result = NOT_HERE;
		struct velo_dynamic object;

		velo_read_dynamic(map, &object);
		if (object.runpath == NULL && object.rpath != NULL)
			result = search(map, object.rpath, name, slot);
		if (result != NOT_HERE)
			return result;
		seen_main |= map == main_map;
		map = loader_of(map);
		if (map == NULL) {
			if (seen_main || main_map == NULL)
				break;
			map = main_map;
		}
	}
	return NOT_HERE;
}

static const char *by_name(const struct link_map *map, const char *name)
{
	struct velo_dynamic object = { 0 };
	velo_slot slot = VELO_NO_SLOT;
	enum search result = NOT_HERE;
	char *found;

	if (map != NULL)
		velo_read_dynamic(map, &object);
	if (map != NULL && object.runpath == NULL)
		result = search_rpaths(map, name, &slot);
	if (result == NOT_HERE)
		result = search(NULL, library_path, name, &slot);
	if (result == NOT_HERE && object.runpath != NULL)
		result = search(map, object.runpath, name, &slot);
	if (result != IN_TREE)
		return name;
	found = library(slot);
	return found == NULL ? name : found;
}

static const char *by_path(const struct link_map *map, const char *name, int original)
{
	static char real[VELO_PATH_MAX];
	char spelled[VELO_PATH_MAX];
	struct velo_place place;
	const char *path = name;
	char *found;

	if (name[0] == '$') {
		size_t slash = velo_length(name);

		while (slash > 0 && name[slash - 1] != '/')
			slash--;
		if (slash < 2 || !join(map, name, slash - 1, name + slash, spelled))
			return name;
		path = spelled;
	}
	if (path[0] != '/' && working != NULL && velo_cwd() != *working)
		velo_chdir_here(*working);
	if (!velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW)
	    && (place.kind != VELO_MAYBE || velo_sys(__NR_faccessat, AT_FDCWD, path, 0, 0) == 0 || !velo_again(&place, ENOENT))) {
		if (place.path == path)
			return name;
		/* a link led out of the tree */
		velo_copy(real, place.path, velo_length(place.path) + 1);
		return real;
	}
	found = place.error == 0 ? library(place.slot) : NULL;
	if (found != NULL)
		return found;
	/* a real file under a place that is shadowed must not be found; its own path says best why it is not */
	return original && !velo_config.shadows ? name : NULL;
}

VELO_EXPORT char *la_objsearch(const char *name, uintptr_t *cookie, unsigned int flag)
{
	const struct link_map *map = (const struct link_map *)*cookie;

	asking = map;
	if (velo_config.ready <= 0 || name[0] == 0)
		return (char *)(uintptr_t)name;
	for (const char *letter = name; *letter != 0; letter++)
		if (*letter == '/')
			return (char *)(uintptr_t)by_path(map, name, (flag & LA_SER_ORIG) != 0);
	return (char *)(uintptr_t)((flag & LA_SER_ORIG) != 0 ? by_name(map, name) : name);
}

static void find_variables(const struct link_map *map)
{
	struct velo_dynamic object;

	velo_read_dynamic(map, &object);
	if (object.symbols == NULL || object.strings == NULL || object.hash == NULL)
		return;
	for (uint32_t i = 0; i < object.hash[1]; i++) {
		const char *name = object.strings + object.symbols[i].st_name;
		uintptr_t where = object.base + object.symbols[i].st_value;

		if (velo_same(name, "velo_shim_working"))
			working = (const velo_slot *)where;
		else if (velo_same(name, "velo_shim_opening"))
			opening = (const struct velo_library *)where;
	}
}

/* An object that was loaded by the path of a loose inode gets the name of the library in the tree, for which there is room. */
static void rename_object(struct link_map *map, const struct velo_library *from)
{
	if (from->path[0] != 0 && velo_same(map->l_name, from->path) && velo_length(from->shown) <= velo_length(map->l_name))
		velo_copy(map->l_name, from->shown, velo_length(from->shown) + 1);
}

VELO_EXPORT unsigned int la_objopen(struct link_map *map, Lmid_t namespace, uintptr_t *cookie)
{
	static const char PRELOADED[] = "/libvelo.so";
	size_t length = velo_length(map->l_name);

	(void)cookie;
	if (object_count < MAX_OBJECTS) {
		objects[object_count].map = map;
		objects[object_count++].loader = asking;
	}
	if (namespace == LM_ID_BASE && length > sizeof PRELOADED && velo_same(map->l_name + length - (sizeof PRELOADED - 1), PRELOADED))
		find_variables(map);
	rename_object(map, &current);
	if (opening != NULL)
		rename_object(map, opening);
	return 0;
}

VELO_EXPORT unsigned int la_objclose(uintptr_t *cookie)
{
	const struct link_map *map = (const struct link_map *)*cookie;

	for (int i = 1; i < object_count; i++) {
		if (objects[i].loader == map)
			objects[i].loader = NULL;
		if (objects[i].map == map)
			objects[i--] = objects[--object_count];
	}
	return 0;
}
