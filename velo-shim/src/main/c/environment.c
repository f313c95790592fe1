/*
 * The environment, in which a program hands on to the next one what brings the shim up there: in the same working directory, with the
 * same descriptors, and with the name that the program has in the tree.
 */
#include "velo.h"

#include <unistd.h>

enum { FIXED = 8, JOINED = 3 };

_Static_assert(VELO_MORE_VARIABLES == FIXED + 4, "room for the fixed ones, three that tell the state, and the end");

/*
 * The variables that bring the shim up, as they were when it came up here: "NAME=value". The first ones are lists, to which programs
 * add. With the tunable the loader keeps room for the thread-local storage of a program's own libraries, which an auditor makes it
 * forget.
 */
static const char *const FIXED_NAMES[FIXED] = { "LD_PRELOAD",      "LD_AUDIT",     "GLIBC_TUNABLES", "VELO_SHIM_IMAGE",
	                                        "VELO_SHIM_STORE", "VELO_SHIM_AT", "VELO_SHIM_ALIAS",
	                                        "VELO_SHIM_ROOM" };
static char fixed[FIXED][VELO_PATH_MAX + 32];

static velo_slot program = VELO_NO_SLOT;

/* ---- variables ---- */

const char *velo_value_of(const char *variable, const char *name)
{
	const char *rest = velo_behind(variable, name);

	return rest != NULL && *rest == '=' ? rest + 1 : NULL;
}

const char *velo_variable(char *const *environment, const char *name)
{
	for (; environment != NULL && *environment != NULL; environment++) {
		const char *value = velo_value_of(*environment, name);

		if (value != NULL)
			return value;
	}
	return NULL;
}

size_t velo_copy_variable(const char *name, char *to)
{
	const char *value = velo_variable(environ, name);
	size_t length = value == NULL ? 0 : velo_length(value);

	if (length >= VELO_PATH_MAX)
		return 0;
	velo_copy(to, value, length);
	to[length] = 0;
	return length;
}

void velo_forget_variable(const char *name)
{
	char **to = environ;

	for (char **from = environ; *from != NULL; from++)
		if (velo_value_of(*from, name) == NULL)
			*to++ = *from;
	*to = NULL;
}

/* ---- what was handed on to this program ---- */

static void keep(int number, char *const *environment)
{
	const char *value = velo_variable(environment, FIXED_NAMES[number]);
	size_t name = velo_length(FIXED_NAMES[number]);
	size_t length = value == NULL ? 0 : velo_length(value);

	if (value == NULL || length >= VELO_PATH_MAX)
		return;
	velo_copy(fixed[number], FIXED_NAMES[number], name);
	fixed[number][name] = '=';
	velo_copy(fixed[number] + name + 1, value, length + 1);
}

static unsigned long read_hexadecimal(const char **text)
{
	unsigned long number = 0;

	for (;; (*text)++) {
		char letter = **text;

		if (letter >= '0' && letter <= '9')
			number = number * 16 + (unsigned long)(letter - '0');
		else if (letter >= 'a' && letter <= 'f')
			number = number * 16 + (unsigned long)(letter - 'a' + 10);
		else
			return number & UINT32_MAX;
	}
}

/* Whether a descriptor that was said to stand for a slot can do so. */
static int is_plausible(unsigned long fd, velo_slot slot)
{
	struct velo_inode inode;
	struct stat stat;

	if (fd >= VELO_FD_LIMIT || velo_sys(__NR_fstat, fd, &stat, 0, 0) < 0 || velo_inode(slot, &inode) < 0)
		return 0;
	return S_ISDIR(stat.st_mode) || (S_ISFIFO(stat.st_mode) && S_ISFIFO(inode.mode))
	       || (S_ISREG(stat.st_mode) && S_ISREG(inode.mode) && (uint64_t)stat.st_size == inode.size
	           && stat.st_mtim.tv_sec == inode.mtime);
}

static void take_descriptors(const char *list)
{
	while (*list != 0) {
		unsigned long fd = read_hexadecimal(&list);
		velo_slot slot;

		if (*list++ != ':')
			return;
		slot = (velo_slot)read_hexadecimal(&list);
		if (is_plausible(fd, slot))
			velo_fd_set((int)fd, slot);
		if (*list != 0 && *list++ != ',')
			return;
	}
}

static velo_slot slot_of_path(const char *path)
{
	struct velo_place place;

	return path != NULL && velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW) && place.error == 0 ? place.slot : VELO_NO_SLOT;
}

void velo_environment_start(char **environment)
{
	const char *list = velo_variable(environment, "VELO_SHIM_FDS");
	velo_slot slot;

	for (int i = 0; i < FIXED; i++)
		keep(i, environment);
	slot = slot_of_path(velo_variable(environment, "VELO_SHIM_CWD"));
	if (slot != VELO_NO_SLOT)
		velo_chdir(slot);
	if (list != NULL)
		take_descriptors(list);
	program = slot_of_path(velo_variable(environment, "VELO_SHIM_EXE"));
	if (program != VELO_NO_SLOT && program != VELO_ROOT && !velo_is_node(program)) {
		size_t length;
		const char *path = velo_tree_path(program, &length);
		size_t start = length;
		char name[16];

		/* the kernel has named the process after the loose inode */
		while (start > 0 && path[start - 1] != '/')
			start--;
		length = length - start < 15 ? length - start : 15;
		velo_copy(name, path + start, length);
		name[length] = 0;
		velo_sys(__NR_prctl, 15 /* PR_SET_NAME */, name, 0, 0);
	}
}

velo_slot velo_exe(void)
{
	return program;
}

/* ---- what is handed on from here ---- */

static int contains(const char *text, const char *part)
{
	size_t length = velo_length(part);

	for (; velo_length(text) >= length; text++)
		if (velo_equal(text, part, length))
			return 1;
	return 0;
}

/* Joins our libraries in front of a list that a program has made of its own. */
static const char *join(const char *ours, const char *variable, char **state, const char *end)
{
	const char *value = variable;
	size_t length = velo_length(ours);
	size_t more;
	char *joined = *state;

	while (*value != '=')
		value++;
	more = velo_length(++value);
	if (more == 0)
		return ours;
	if ((size_t)(end - joined) < length + more + 2)
		return ours;
	velo_copy(joined, ours, length);
	joined[length] = ':';
	velo_copy(joined + length + 1, value, more + 1);
	*state += length + more + 2;
	return joined;
}

static char *put(char *to, const char *text)
{
	size_t length = velo_length(text);

	velo_copy(to, text, length);
	return to + length;
}

/* The descriptors that stay open and stand for something of the tree. */
static char *put_descriptors(char *to, const char *end, int *any)
{
	*any = 0;
	for (int fd = velo_fd_from(0); fd >= 0 && to + 24 < end; fd = velo_fd_from(fd + 1)) {
		velo_slot slot = velo_fd(fd);
		long flags;

		if (slot == VELO_NO_SLOT)
			continue;
		flags = velo_sys(__NR_fcntl, fd, F_GETFD, 0, 0);
		if (flags < 0 || (flags & FD_CLOEXEC) != 0)
			continue;
		if (*any)
			*to++ = ',';
		*any = 1;
		to = velo_hexadecimal(to, (uint32_t)fd);
		*to++ = ':';
		to = velo_hexadecimal(to, slot);
	}
	*to = 0;
	return to;
}

/* A variable that says what stands at a slot: the variable, or NULL where there is no path or no room for it. */
static const char *put_path(const char *name, velo_slot slot, char **state, const char *end)
{
	char *variable = *state;
	char *path;

	if (slot == VELO_NO_SLOT || end - variable <= VELO_PATH_MAX + 16)
		return NULL;
	path = put(variable, name);
	if (velo_full_path(slot, path, VELO_PATH_MAX) <= 0)
		return NULL;
	*state = path + velo_length(path) + 1;
	return variable;
}

void velo_make_environment(const char **strings, char *const *environment, char *state, velo_slot exe, velo_slot cwd)
{
	const char *end = state + VELO_STATE_BYTES;
	const char **to = strings;
	int seen[JOINED] = { 0 };
	int any;

	for (; environment != NULL && *environment != NULL; environment++) {
		const char *variable = *environment;
		int i = 0;

		if (velo_behind(variable, "VELO_SHIM_") != NULL)
			continue;
		while (i < JOINED && velo_value_of(variable, FIXED_NAMES[i]) == NULL)
			i++;
		if (i < JOINED && fixed[i][0] != 0) {
			const char *ours = fixed[i] + velo_length(FIXED_NAMES[i]) + 1;

			seen[i] = 1;
			if (!contains(variable, ours))
				variable = join(fixed[i], variable, &state, end);
		}
		*to++ = variable;
	}
	for (int i = 0; i < FIXED; i++)
		if (fixed[i][0] != 0 && (i >= JOINED || !seen[i]))
			*to++ = fixed[i];
	*to = put_path("VELO_SHIM_CWD=", cwd, &state, end);
	to += *to != NULL;
	*to = put_path("VELO_SHIM_EXE=", exe, &state, end);
	to += *to != NULL;
	if (end - state > 64) {
		put_descriptors(put(state, "VELO_SHIM_FDS="), end, &any);
		if (any)
			*to++ = state;
	}
	*to = NULL;
}

/* The loader only warns of a library that it cannot open, and would start a program that sees no tree. */
int velo_can_be_loaded(void)
{
	char path[VELO_PATH_MAX];
	const char *value = fixed[0] + velo_length(FIXED_NAMES[0]) + 1;
	size_t length = 0;

	if (fixed[0][0] == 0)
		return 1;
	while (value[length] != 0 && value[length] != ':' && value[length] != ' ')
		length++;
	velo_copy(path, value, length);
	path[length] = 0;
	/* of a user other than root it does not count capabilities, which exec takes away */
	return velo_sys(__NR_faccessat, AT_FDCWD, path, R_OK, 0) != -EACCES;
}
