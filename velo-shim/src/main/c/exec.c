/*
 * Starting programs: those in the tree by their loose inodes, scripts by their interpreters, and everything with an environment
 * that brings the shim up again, in the same working directory and with the same descriptors. What the shim cannot go along with
 * (static programs, programs with more rights than their caller) is refused, since it would see other files than its caller does.
 */
#include "velo.h"
#include "interposed.h"
#include "program.h"

#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { MAX_SCRIPTS = 5, FIXED = 6, STATE_BYTES = 3 * VELO_PATH_MAX };

extern char **environ __attribute__((weak));

/* The variables that bring the shim up, as they were when it came up here: "NAME=value". */
static const char *const FIXED_NAMES[FIXED] = { "LD_PRELOAD",      "LD_AUDIT",     "VELO_SHIM_IMAGE",
	                                        "VELO_SHIM_STORE", "VELO_SHIM_AT", "VELO_SHIM_ALIAS" };
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

static unsigned long hexadecimal(const char **text)
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
	return S_ISDIR(stat.st_mode)
	       || (S_ISREG(stat.st_mode) && S_ISREG(inode.mode) && (uint64_t)stat.st_size == inode.size
	           && stat.st_mtim.tv_sec == inode.mtime);
}

static void take_descriptors(const char *list)
{
	while (*list != 0) {
		unsigned long fd = hexadecimal(&list);
		velo_slot slot;

		if (*list++ != ':')
			return;
		slot = (velo_slot)hexadecimal(&list);
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
	if (program != VELO_NO_SLOT && program != VELO_ROOT) {
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

long velo_exe_path(char *buffer, size_t size)
{
	return program == VELO_NO_SLOT ? -ENOENT : velo_full_path(program, buffer, size);
}

/* ---- what is handed on from here ---- */

static int is_ours(const char *variable)
{
	static const char PREFIX[] = "VELO_SHIM_";

	for (size_t i = 0; i < sizeof PREFIX - 1; i++)
		if (variable[i] != PREFIX[i])
			return 0;
	return 1;
}

static int names(const char *variable, const char *name)
{
	size_t length = velo_length(name);

	for (size_t i = 0; i < length; i++)
		if (variable[i] != name[i])
			return 0;
	return variable[length] == '=';
}

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

static char *hexadecimal_to(char *to, uint32_t number)
{
	int shift = 28;

	while (shift > 0 && (number >> shift) == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*to++ = "0123456789abcdef"[number >> shift & 15];
	return to;
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
		to = hexadecimal_to(to, (uint32_t)fd);
		*to++ = ':';
		to = hexadecimal_to(to, slot);
	}
	*to = 0;
	return to;
}

/*
 * Writes the new program's environment: strings has room for count + FIXED + 4, state for STATE_BYTES. exe is the slot of a program
 * in the tree, cwd where it starts.
 */
static void make_environment(const char **strings, char *const *environment, char *state, velo_slot exe, velo_slot cwd)
{
	const char *end = state + STATE_BYTES;
	const char **to = strings;
	int seen[2] = { 0, 0 };
	int any;
	char *mark;

	for (; environment != NULL && *environment != NULL; environment++) {
		const char *variable = *environment;
		int i = names(variable, FIXED_NAMES[0]) ? 0 : names(variable, FIXED_NAMES[1]) ? 1 : 2;

		if (is_ours(variable))
			continue;
		if (i < 2 && fixed[i][0] != 0) {
			const char *ours = fixed[i] + velo_length(FIXED_NAMES[i]) + 1;

			seen[i] = 1;
			if (!contains(variable, ours))
				variable = join(fixed[i], variable, &state, end);
		}
		*to++ = variable;
	}
	for (int i = 0; i < FIXED; i++)
		if (fixed[i][0] != 0 && (i >= 2 || !seen[i]))
			*to++ = fixed[i];
	if (cwd != VELO_NO_SLOT && end - state > VELO_PATH_MAX + 16) {
		mark = put(state, "VELO_SHIM_CWD=");
		if (velo_full_path(cwd, mark, VELO_PATH_MAX) > 0) {
			*to++ = state;
			state = mark + velo_length(mark) + 1;
		}
	}
	if (exe != VELO_NO_SLOT && end - state > VELO_PATH_MAX + 16) {
		mark = put(state, "VELO_SHIM_EXE=");
		if (velo_full_path(exe, mark, VELO_PATH_MAX) > 0) {
			*to++ = state;
			state = mark + velo_length(mark) + 1;
		}
	}
	if (end - state > 64) {
		mark = put(state, "VELO_SHIM_FDS=");
		put_descriptors(mark, end, &any);
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

/* ---- starting ---- */

/* What starts the program in the end: execve, or posix_spawn with what it was called with. */
struct start {
	long (*run)(const struct start *start, const char *path, char *const *arguments, char *const *environment);
	velo_slot cwd;
	const void *more;
};

static long refuse(const char *path, const char *why)
{
	velo_say(path, why, ", so the preload shim cannot show it the tree; run it with --mode mount or --mode link", NULL);
	return -EACCES;
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

static long run(const struct start *start, const char *path, char *const *arguments, char *const *environment, velo_slot exe)
{
	size_t strings = count(environment) + FIXED + 4;
	const char *list[strings];
	char state[STATE_BYTES];

	make_environment(list, environment, state, exe, start->cwd);
	return start->run(start, path, arguments, (char *const *)list);
}

static long begin(const struct start *start, int dirfd, const char *path, unsigned flags, char *const *arguments,
                  char *const *environment, int depth);

static long begin_script(const struct start *start, const char *head, size_t length, const char *path, char *const *arguments,
                         char *const *environment, int depth)
{
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
	return begin(start, AT_FDCWD, script.interpreter, VELO_FOLLOW, (char *const *)list, environment, depth + 1);
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

static long begin_in_tree(const struct start *start, velo_slot slot, const char *shown, char *const *arguments,
                          char *const *environment, int depth)
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
	length = read_head(velo_open_blob(slot, &inode, O_CLOEXEC), head);
	if (length < 0)
		return length;
	kind = velo_program_of(head, (size_t)length);
	if (kind == VELO_SCRIPT)
		return begin_script(start, head, (size_t)length, shown, arguments, environment, depth);
	if (kind == VELO_OTHER)
		return -ENOEXEC;
	length = check(shown, kind, NULL);
	if (length == 0)
		length = velo_blob_path(slot, &inode, path, sizeof path);
	if (length < 0)
		return length;
	return run(start, path, arguments, environment, slot);
}

static long begin_real(const struct start *start, int dirfd, const char *path, char *const *arguments, char *const *environment,
                       int depth)
{
	char head[VELO_HEAD_BYTES];
	struct velo_script script;
	struct velo_place place;
	struct stat stat;
	long fd = velo_sys(__NR_openat, dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	long length;
	enum velo_program kind;

	/* what cannot be looked at (it may be executable all the same), is no file, or is not there is the kernel's to refuse */
	if (fd < 0 || velo_sys(__NR_fstat, fd, &stat, 0, 0) < 0 || !S_ISREG(stat.st_mode)) {
		if (fd >= 0)
			velo_sys(__NR_close, fd, 0, 0, 0);
		return run(start, path, arguments, environment, VELO_NO_SLOT);
	}
	length = read_head(fd, head);
	if (length < 0)
		return length;
	kind = velo_program_of(head, (size_t)length);
	if (kind == VELO_SCRIPT && velo_script_of(head, (size_t)length, &script) == 0
	    && velo_locate(&place, AT_FDCWD, script.interpreter, VELO_FOLLOW))
		return velo_sys(__NR_faccessat, dirfd, path, X_OK, 0) < 0
		               ? -EACCES
		               : begin_script(start, head, (size_t)length, path, arguments, environment, depth);
	if (kind != VELO_SCRIPT && kind != VELO_OTHER) {
		length = check(path, kind, &stat);
		if (length < 0)
			return length;
	}
	return run(start, path, arguments, environment, VELO_NO_SLOT);
}

static long begin(const struct start *start, int dirfd, const char *path, unsigned flags, char *const *arguments,
                  char *const *environment, int depth)
{
	struct velo_place place;

	if (!velo_locate(&place, dirfd, path, flags)) {
		if (!velo_ready())
			return start->run(start, path, arguments, environment);
		if (place.kind == VELO_MAYBE) {
			long result = velo_sys(__NR_faccessat, place.dirfd, place.path, F_OK, 0);

			if (result == 0 || !velo_again(&place, (int)-result))
				return begin_real(start, place.dirfd, place.path, arguments, environment, depth);
		} else {
			return begin_real(start, place.dirfd, place.path, arguments, environment, depth);
		}
	}
	if (place.error != 0)
		return -place.error;
	if ((flags & VELO_NOFOLLOW) != 0 && (velo_type(place.slot) == 10 /* DT_LNK */))
		return -ELOOP;
	return begin_in_tree(start, place.slot, path, arguments, environment, depth);
}

/* ---- exec ---- */

struct exec {
	int dirfd;
	int flags;
};

static long run_exec(const struct start *start, const char *path, char *const *arguments, char *const *environment)
{
	const struct exec *exec = start->more;

	if (exec->dirfd == AT_FDCWD || path[0] == '/')
		return velo_sys(__NR_execve, path, arguments, environment, 0);
	return velo_sys6(__NR_execveat, exec->dirfd, (long)path, (long)arguments, (long)environment, exec->flags, 0);
}

static long exec_at(int dirfd, const char *path, char *const *arguments, char *const *environment, int flags)
{
	struct exec exec = { dirfd, flags };
	struct start start = { run_exec, velo_ready() ? velo_cwd() : VELO_NO_SLOT, &exec };
	unsigned how = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? VELO_NOFOLLOW : VELO_FOLLOW;

	if ((flags & AT_EMPTY_PATH) == 0 || path == NULL || path[0] != 0)
		return begin(&start, dirfd, path, how, arguments, environment, 0);
	if (velo_ready() && velo_fd(dirfd) != VELO_NO_SLOT) {
		char shown[32] = "/dev/fd/";

		*velo_decimal(shown + 8, (uint64_t)dirfd) = 0;
		return begin_in_tree(&start, velo_fd(dirfd), shown, arguments, environment, 0);
	}
	return run(&start, path, arguments, environment, VELO_NO_SLOT);
}

VELO_EXPORT int execve(const char *path, char *const arguments[], char *const environment[])
{
	return (int)velo_result(exec_at(AT_FDCWD, path, arguments, environment, 0));
}

VELO_EXPORT int execveat(int dirfd, const char *path, char *const arguments[], char *const environment[], int flags)
{
	return (int)velo_result(exec_at(dirfd, path, arguments, environment, flags));
}

VELO_EXPORT int fexecve(int fd, char *const arguments[], char *const environment[])
{
	return (int)velo_result(exec_at(fd, "", arguments, environment, AT_EMPTY_PATH));
}

VELO_EXPORT int execv(const char *path, char *const arguments[])
{
	return (int)velo_result(exec_at(AT_FDCWD, path, arguments, environ, 0));
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
	return exec_at(AT_FDCWD, "/bin/sh", (char *const *)list, environment, 0);
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

static long exec_search(const char *name, char *const *arguments, char *const *environment)
{
	const char *search = search_path();
	char path[VELO_PATH_MAX];
	long kept = -ENOENT;

	if (name[0] == 0)
		return -ENOENT;
	if (has_slash(name)) {
		long result = exec_at(AT_FDCWD, name, arguments, environment, 0);

		return result == -ENOEXEC ? exec_by_shell(name, arguments, environment) : result;
	}
	while (search != NULL) {
		int fits;
		long result;

		search = candidate(search, name, path, sizeof path, &fits);
		if (!fits)
			continue;
		result = exec_at(AT_FDCWD, path, arguments, environment, 0);
		if (result == -ENOEXEC)
			return exec_by_shell(path, arguments, environment);
		if (result == -EACCES)
			kept = result;
		else if (result != -ENOENT && result != -ENOTDIR && result != -ESTALE && result != -ENODEV && result != -ETIMEDOUT)
			return result;
	}
	return kept;
}

VELO_EXPORT int execvpe(const char *name, char *const arguments[], char *const environment[])
{
	return (int)velo_result(exec_search(name, arguments, environment));
}

VELO_EXPORT int execvp(const char *name, char *const arguments[])
{
	return (int)velo_result(exec_search(name, arguments, environ));
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
	return (int)velo_result(exec_at(AT_FDCWD, path, (char *const *)list, environ, 0));
}

VELO_EXPORT int execlp(const char *name, const char *first, ...)
{
	COLLECT(list, first, (void)0);
	return (int)velo_result(exec_search(name, (char *const *)list, environ));
}

VELO_EXPORT int execle(const char *path, const char *first, ...)
{
	char *const *environment;

	COLLECT(list, first, environment = va_arg(list_words, char *const *));
	return (int)velo_result(exec_at(AT_FDCWD, path, (char *const *)list, environment, 0));
}

/* ---- posix_spawn ---- */

enum { REMEMBERED = 32 };

/* Directories of the tree that file actions change to: the kernel could not; the new program is told instead. */
static struct {
	_Atomic(const void *) actions;
	velo_slot cwd;
} changes[REMEMBERED];

static void remember(const void *actions, velo_slot cwd)
{
	int spare = -1;

	for (int i = 0; i < REMEMBERED; i++) {
		if (changes[i].actions == actions) {
			changes[i].cwd = cwd;
			return;
		}
		if (changes[i].actions == NULL)
			spare = i;
	}
	if (spare >= 0 && cwd != VELO_NO_SLOT) {
		changes[spare].cwd = cwd;
		changes[spare].actions = actions;
	}
}

static void forget(const void *actions)
{
	for (int i = 0; i < REMEMBERED; i++)
		if (changes[i].actions == actions)
			changes[i].actions = NULL;
}

static velo_slot remembered(const void *actions)
{
	for (int i = 0; actions != NULL && i < REMEMBERED; i++)
		if (changes[i].actions == actions)
			return changes[i].cwd;
	return velo_cwd();
}

VELO_EXPORT int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
	forget(actions);
	return NEXT(posix_spawn_file_actions_init)(actions);
}

VELO_EXPORT int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
	forget(actions);
	return NEXT(posix_spawn_file_actions_destroy)(actions);
}

VELO_EXPORT int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd, const char *restrict path,
                                                 int flags, mode_t mode)
{
	struct velo_place place;

	if (velo_locate(&place, AT_FDCWD, path, (flags & O_NOFOLLOW) != 0 ? VELO_NOFOLLOW : VELO_FOLLOW)) {
		int opened = velo_open(&place, flags & ~O_CLOEXEC);
		char self[32] = "/proc/self/fd/";
		int result;

		/* an error shows in the child, where opening what is not there gives it again */
		if (opened < 0)
			return NEXT(posix_spawn_file_actions_addopen)(actions, fd, path, flags, mode);
		/* opened here and closed again: the path of the real file is what the child opens */
		*velo_decimal(self + 14, (uint64_t)opened) = 0;
		{
			char target[VELO_PATH_MAX];
			long length = velo_sys(__NR_readlinkat, AT_FDCWD, self, target, sizeof target - 1);

			if (length <= 0 || target[0] != '/' || velo_equal(target, "/memfd:", 7)) {
				velo_fd_set(opened, VELO_NO_SLOT);
				return NEXT(posix_spawn_file_actions_addopen)(actions, fd, self, flags, mode);
			}
			target[length] = 0;
			velo_fd_set(opened, VELO_NO_SLOT);
			velo_sys(__NR_close, opened, 0, 0, 0);
			result = NEXT(posix_spawn_file_actions_addopen)(actions, fd, target, flags, mode);
		}
		return result;
	}
	return NEXT(posix_spawn_file_actions_addopen)(actions, fd, place.path, flags, mode);
}

VELO_EXPORT int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path)
{
	struct velo_place place;

	if (velo_locate(&place, AT_FDCWD, path, VELO_FOLLOW) && place.error == 0 && velo_type(place.slot) == 4 /* DT_DIR */) {
		remember(actions, place.slot);
		return 0;
	}
	remember(actions, VELO_NO_SLOT);
	return NEXT(posix_spawn_file_actions_addchdir_np)(actions, place.kind == VELO_VIEW ? path : place.path);
}

VELO_EXPORT int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd)
{
	velo_slot slot = velo_ready() ? velo_fd(fd) : VELO_NO_SLOT;

	remember(actions, slot);
	return slot != VELO_NO_SLOT ? 0 : NEXT(posix_spawn_file_actions_addfchdir_np)(actions, fd);
}

struct spawn {
	pid_t *pid;
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attributes;
};

static long run_spawn(const struct start *start, const char *path, char *const *arguments, char *const *environment)
{
	const struct spawn *spawn = start->more;

	return -NEXT(posix_spawn)(spawn->pid, path, spawn->actions, spawn->attributes, arguments, environment);
}

static long spawn_one(const struct spawn *spawn, const char *path, char *const *arguments, char *const *environment)
{
	struct start start = { run_spawn, velo_ready() ? remembered(spawn->actions) : VELO_NO_SLOT, spawn };

	return begin(&start, AT_FDCWD, path, VELO_FOLLOW, arguments, environment, 0);
}

VELO_EXPORT int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *restrict actions,
                            const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                            char *const environment[restrict])
{
	struct spawn spawn = { pid, actions, attributes };
	int before = errno;
	int result = (int)-spawn_one(&spawn, path, arguments, environment);

	errno = before;
	return result;
}

VELO_EXPORT int posix_spawnp(pid_t *restrict pid, const char *restrict name, const posix_spawn_file_actions_t *restrict actions,
                             const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                             char *const environment[restrict])
{
	struct spawn spawn = { pid, actions, attributes };
	const char *search = search_path();
	char path[VELO_PATH_MAX];
	long kept = -ENOENT;
	int before = errno;

	if (has_slash(name))
		return posix_spawn(pid, name, actions, attributes, arguments, environment);
	while (search != NULL && name[0] != 0) {
		int fits;
		long result;

		search = candidate(search, name, path, sizeof path, &fits);
		if (!fits || access(path, F_OK) != 0)
			continue;
		result = spawn_one(&spawn, path, arguments, environment);
		if (result == -EACCES) {
			kept = result;
			continue;
		}
		kept = result;
		if (result != -ENOENT && result != -ENOTDIR)
			break;
	}
	errno = before;
	return (int)-kept;
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
