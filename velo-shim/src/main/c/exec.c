/*
 * Becoming other programs: those in the tree by their loose inodes, scripts by their interpreters, and everything with an environment
 * that brings the shim up again, in the same working directory and with the same descriptors. What the shim cannot go along with
 * (static programs, programs with more rights than their caller) is refused, since it would see other files than its caller does.
 */
#include "velo.h"
#include "interposed.h"
#include "program.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { MAX_SCRIPTS = 5, FIXED = 8, JOINED = 3, STATE_BYTES = 3 * VELO_PATH_MAX };

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

void velo_exec_start(char **environment)
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

/*
 * Writes the new program's environment: strings has room for count + FIXED + 4, state for STATE_BYTES. exe is the slot of a program
 * in the tree, cwd where it starts.
 */
static void make_environment(const char **strings, char *const *environment, char *state, velo_slot exe, velo_slot cwd)
{
	const char *end = state + STATE_BYTES;
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

static size_t count(const void *list)
{
	const char *const *strings = list;
	size_t number = 0;

	while (strings != NULL && strings[number] != NULL)
		number++;
	return number;
}

/* ---- becoming another program ---- */

struct exec {
	int dirfd; /* what the path is looked up from, for programs that are not in the tree */
	int flags; /* of execveat */
	char *const *environment;
};

static const char *last_name(const char *path)
{
	const char *name = path;

	for (; *path != 0; path++)
		if (*path == '/')
			name = path + 1;
	return name;
}

static long refuse(const char *path, const char *why)
{
	static char said[64];
	const char *name = last_name(path);
	size_t length = velo_length(name) + 1;

	/* a shell goes on to the next directory of its search path */
	if (length <= sizeof said && velo_equal(said, name, length))
		return -VELO_REFUSED;
	if (length <= sizeof said)
		velo_copy(said, name, length);
	velo_say(path, why, ", so the preload shim cannot show it the tree; run it with --mode mount or --mode link", NULL);
	return -VELO_REFUSED;
}

/* ldconfig -p, which language runtimes ask where libraries are, reads the system's cache and nothing else. */
static int is_harmless(const char *path)
{
	size_t length = velo_length(path);

	return length >= 14 && velo_equal(path + length - 14, "/sbin/ldconfig", 15);
}

static long check(const char *path, enum velo_program kind, const struct stat *stat)
{
	if (kind == VELO_STATIC && !is_harmless(path))
		return refuse(path, " is statically linked");
	if (kind == VELO_RAW)
		return refuse(path, " is a Go program, which makes system calls without libc");
	if (kind == VELO_FOREIGN)
		return refuse(path, " is for another machine");
	if (stat != NULL
	    && (((stat->st_mode & S_ISUID) != 0 && stat->st_uid != (uint32_t)velo_sys(__NR_geteuid, 0, 0, 0, 0))
	        || ((stat->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP)
	            && stat->st_gid != (uint32_t)velo_sys(__NR_getegid, 0, 0, 0, 0))))
		return refuse(path, " runs with the rights of another user");
	return 0;
}

/* The loader only warns of a library that it cannot open, and would start a program that sees no tree. */
static int can_be_loaded(void)
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


static long hand_over(const struct exec *exec, const char *path, char *const *arguments, velo_slot exe)
{
	size_t strings = count(exec->environment) + FIXED + 4;
	const char *list[strings];
	char state[STATE_BYTES];

	make_environment(list, exec->environment, state, exe, velo_cwd());
	if (path[0] == '/' || exec->dirfd == AT_FDCWD)
		return velo_sys(__NR_execve, path, arguments, list, 0);
	return velo_sys6(__NR_execveat, exec->dirfd, (long)path, (long)arguments, (long)list, exec->flags, 0);
}

static long run(const struct exec *exec, const char *path, char *const *arguments, velo_slot exe)
{
	if (!can_be_loaded())
		return refuse(path, " would run as a user who may not read the store");
	return hand_over(exec, path, arguments, exe);
}

static long begin(const struct exec *exec, const char *path, unsigned flags, char *const *arguments, int depth);

static long begin_script(const struct exec *exec, const char *head, size_t length, const char *path, char *const *arguments,
                         int depth)
{
	struct exec plain = { AT_FDCWD, 0, exec->environment };
	struct velo_script script;
	size_t given = count(arguments);
	const char *list[given + 4];
	const char **to = list;
	long result = velo_script_of(head, length, &script);

	if (result < 0)
		return result;
	if (depth >= MAX_SCRIPTS)
		return -ELOOP;
	*to++ = script.interpreter;
	if (script.has_argument)
		*to++ = script.argument;
	*to++ = path;
	for (size_t i = 1; i < given; i++)
		*to++ = arguments[i];
	*to = NULL;
	return begin(&plain, script.interpreter, VELO_FOLLOW, (char *const *)list, depth + 1);
}

static long read_head(long fd, char *head)
{
	long length;

	if (fd < 0)
		return fd;
	do
		length = velo_sys(__NR_pread64, fd, head, VELO_HEAD_BYTES, 0);
	while (length == -EINTR);
	velo_sys(__NR_close, fd, 0, 0, 0);
	return length;
}

static long begin_in_tree(const struct exec *exec, velo_slot slot, const char *shown, char *const *arguments, int depth)
{
	struct velo_inode inode;
	char head[VELO_HEAD_BYTES];
	char path[VELO_PATH_MAX];
	enum velo_program kind;
	long length = velo_inode(slot, &inode);

	if (length < 0)
		return length;
	if (!S_ISREG(inode.mode) || (inode.mode & 0111) == 0 || !velo_may(&inode, X_OK))
		return -EACCES;
	length = read_head(velo_open_blob(&inode, O_CLOEXEC), head);
	if (length < 0)
		return length;
	kind = velo_program_of(head, (size_t)length);
	if (kind == VELO_SCRIPT)
		return begin_script(exec, head, (size_t)length, shown, arguments, depth);
	if (kind == VELO_OTHER)
		return -ENOEXEC;
	length = check(shown, kind, NULL);
	if (length == 0)
		length = velo_blob_path(&inode, path, sizeof path);
	if (length < 0)
		return length;
	return run(exec, path, arguments, slot);
}

static long begin_real(const struct exec *exec, const char *path, char *const *arguments, int depth)
{
	char head[VELO_HEAD_BYTES];
	struct velo_script script;
	struct velo_place place;
	struct stat stat;
	long fd = velo_sys(__NR_openat, exec->dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	long length;
	enum velo_program kind;

	/* what cannot be looked at (it may be executable all the same), is no file, or is not there is the kernel's to refuse */
	if (fd < 0 || velo_sys(__NR_fstat, fd, &stat, 0, 0) < 0 || !S_ISREG(stat.st_mode)) {
		if (fd >= 0)
			velo_sys(__NR_close, fd, 0, 0, 0);
		return hand_over(exec, path, arguments, VELO_NO_SLOT);
	}
	length = read_head(fd, head);
	if (length < 0)
		return length;
	kind = velo_program_of(head, (size_t)length);
	if (kind == VELO_SCRIPT && velo_script_of(head, (size_t)length, &script) == 0
	    && velo_locate(&place, AT_FDCWD, script.interpreter, VELO_FOLLOW))
		return velo_sys(__NR_faccessat, exec->dirfd, path, X_OK, 0) < 0
		               ? -EACCES
		               : begin_script(exec, head, (size_t)length, path, arguments, depth);
	if (kind != VELO_SCRIPT && kind != VELO_OTHER) {
		length = check(path, kind, &stat);
		if (length < 0)
			return length;
	}
	return run(exec, path, arguments, VELO_NO_SLOT);
}

static long begin(const struct exec *exec, const char *path, unsigned flags, char *const *arguments, int depth)
{
	struct velo_place place;
	char shown[VELO_PATH_MAX];
	int in_tree = velo_locate(&place, exec->dirfd, path, flags);

	if (!in_tree && place.kind == VELO_MAYBE) {
		long result = velo_sys(__NR_faccessat, place.dirfd, place.path, F_OK, 0);

		in_tree = result < 0 && velo_again(&place, (int)-result);
	}
	if (!in_tree) {
		struct exec real = { place.dirfd, exec->flags, exec->environment };

		return begin_real(&real, place.path, arguments, depth);
	}
	if (place.error != 0)
		return -place.error;
	if (velo_type(place.slot) == DT_LNK)
		return -ELOOP;
	/* what is a name beside a descriptor is none to the interpreter of a script */
	if (exec->dirfd != AT_FDCWD && path[0] != '/' && velo_full_path(place.slot, shown, sizeof shown) > 0)
		path = shown;
	return begin_in_tree(exec, place.slot, path, arguments, depth);
}

long velo_exec_error(long result)
{
	return result == -VELO_REFUSED ? -EACCES : result;
}

long velo_exec(int dirfd, const char *path, char *const *arguments, char *const *environment, int flags)
{
	struct exec exec = { dirfd, flags, environment };

	if (!velo_ready() || path == NULL)
		return velo_sys6(__NR_execveat, dirfd, (long)path, (long)arguments, (long)environment, flags, 0);
	if ((flags & AT_EMPTY_PATH) == 0 || path[0] != 0)
		return begin(&exec, path, (flags & AT_SYMLINK_NOFOLLOW) != 0 ? VELO_NOFOLLOW : VELO_FOLLOW, arguments, 0);
	if (velo_fd(dirfd) != VELO_NO_SLOT) {
		char shown[32] = "/dev/fd/";

		*velo_decimal(shown + 8, (uint64_t)dirfd) = 0;
		return begin_in_tree(&exec, velo_fd(dirfd), shown, arguments, 0);
	}
	return run(&exec, path, arguments, VELO_NO_SLOT);
}

static int outcome(long result)
{
	return (int)velo_result(velo_exec_error(result));
}

VELO_EXPORT int execve(const char *path, char *const arguments[], char *const environment[])
{
	return outcome(velo_exec(AT_FDCWD, path, arguments, environment, 0));
}

VELO_EXPORT int execveat(int dirfd, const char *path, char *const arguments[], char *const environment[], int flags)
{
	return outcome(velo_exec(dirfd, path, arguments, environment, flags));
}

VELO_EXPORT int fexecve(int fd, char *const arguments[], char *const environment[])
{
	return outcome(velo_exec(fd, "", arguments, environment, AT_EMPTY_PATH));
}

VELO_EXPORT int execv(const char *path, char *const arguments[])
{
	return outcome(velo_exec(AT_FDCWD, path, arguments, environ, 0));
}

/* A file that is executable and no program the kernel knows is a script of the shell. */
static long exec_by_shell(const char *path, char *const *arguments, char *const *environment)
{
	size_t given = count(arguments);
	const char *list[given + 3];

	list[0] = "/bin/sh";
	list[1] = path;
	for (size_t i = 1; i < given; i++)
		list[i + 1] = arguments[i];
	list[given > 1 ? given + 1 : 2] = NULL;
	return velo_exec(AT_FDCWD, "/bin/sh", (char *const *)list, environment, 0);
}

/* The next directory of a search path with a name behind it: where the search path goes on, NULL if it was the last. */
static const char *candidate(const char *search, const char *name, char *buffer, size_t size, int *fits)
{
	size_t directory = 0;
	size_t length = velo_length(name);
	size_t at;

	while (search[directory] != ':' && search[directory] != 0)
		directory++;
	*fits = directory + length + 2 <= size;
	if (*fits) {
		velo_copy(buffer, search, directory);
		at = directory;
		if (at > 0)
			buffer[at++] = '/';
		velo_copy(buffer + at, name, length + 1);
	}
	return search[directory] == ':' ? search + directory + 1 : NULL;
}

static const char *search_path(void)
{
	const char *path = velo_variable(environ, "PATH");

	return path == NULL ? "/bin:/usr/bin" : path;
}

static int has_slash(const char *name)
{
	for (; *name != 0; name++)
		if (*name == '/')
			return 1;
	return 0;
}

long velo_exec_search(const char *name, char *const *arguments, char *const *environment, int by_shell)
{
	const char *search = search_path();
	char path[VELO_PATH_MAX];
	long last = -ENOENT;
	int denied = 0;

	if (name[0] == 0)
		return -ENOENT;
	if (has_slash(name)) {
		long result = velo_exec(AT_FDCWD, name, arguments, environment, 0);

		return result == -ENOEXEC && by_shell ? exec_by_shell(name, arguments, environment) : result;
	}
	while (search != NULL) {
		int fits;
		long result;

		search = candidate(search, name, path, sizeof path, &fits);
		if (!fits)
			continue;
		result = velo_exec(AT_FDCWD, path, arguments, environment, 0);
		if (result == -ENOEXEC && by_shell)
			return exec_by_shell(path, arguments, environment);
		if (result == -VELO_REFUSED)
			return result;
		if (result == -EACCES)
			denied = 1;
		else if (result != -ENOENT && result != -ENOTDIR && result != -ESTALE && result != -ENODEV && result != -ETIMEDOUT)
			return result;
		last = result;
	}
	return denied ? -EACCES : last;
}

VELO_EXPORT int execvpe(const char *name, char *const arguments[], char *const environment[])
{
	return outcome(velo_exec_search(name, arguments, environment, 1));
}

VELO_EXPORT int execvp(const char *name, char *const arguments[])
{
	return outcome(velo_exec_search(name, arguments, environ, 1));
}

/* The arguments of the variadic functions, which end in NULL. */
#define COLLECT(list, first, last)                                     \
	size_t list##_count = 1;                                       \
	va_list list##_words;                                          \
	va_start(list##_words, first);                                 \
	while (va_arg(list##_words, const char *) != NULL)             \
		list##_count++;                                        \
	va_end(list##_words);                                          \
	const char *list[list##_count + 1];                            \
	va_start(list##_words, first);                                 \
	list[0] = first;                                               \
	for (size_t list##_i = 1; list##_i <= list##_count; list##_i++) \
		list[list##_i] = va_arg(list##_words, const char *);   \
	last;                                                          \
	va_end(list##_words)

VELO_EXPORT int execl(const char *path, const char *first, ...)
{
	COLLECT(list, first, (void)0);
	return outcome(velo_exec(AT_FDCWD, path, (char *const *)list, environ, 0));
}

VELO_EXPORT int execlp(const char *name, const char *first, ...)
{
	COLLECT(list, first, (void)0);
	return outcome(velo_exec_search(name, (char *const *)list, environ, 1));
}

VELO_EXPORT int execle(const char *path, const char *first, ...)
{
	char *const *environment;

	COLLECT(list, first, environment = va_arg(list_words, char *const *));
	return outcome(velo_exec(AT_FDCWD, path, (char *const *)list, environment, 0));
}

/* ---- system, popen ---- */

/*
 * Both start a shell with the program's own environment, inside of libc. For as long as that takes, what the shell has to know
 * stands in front of it; a thread that sets a variable just then would lose it, which POSIX forbids beside these calls anyway.
 */
#define WITH_ENVIRONMENT(type, result, call)                                                                  \
	type result;                                                                                          \
	if (!velo_ready()) {                                                                                  \
		result = call;                                                                                \
	} else {                                                                                              \
		char **before = environ;                                                                      \
		const char *list[count(before) + FIXED + 4];                                                  \
		char state[STATE_BYTES];                                                                      \
		make_environment(list, before, state, VELO_NO_SLOT, velo_cwd());                              \
		environ = (char **)(void *)list;                                                              \
		result = call;                                                                                \
		environ = before;                                                                             \
	}

VELO_EXPORT int system(const char *command)
{
	WITH_ENVIRONMENT(int, result, NEXT(system)(command))
	return result;
}

VELO_EXPORT FILE *popen(const char *command, const char *mode)
{
	WITH_ENVIRONMENT(FILE *, result, NEXT(popen)(command, mode))
	return result;
}
