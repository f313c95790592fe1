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

enum { MAX_SCRIPTS = 5 };

static size_t count(const void *list)
{
	const char *const *strings = list;
	size_t number = 0;

	while (strings != NULL && strings[number] != NULL)
		number++;
	return number;
}

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

static long hand_over(const struct exec *exec, const char *path, char *const *arguments, velo_slot exe)
{
	size_t strings = count(exec->environment) + VELO_MORE_VARIABLES;
	const char *list[strings];
	char state[VELO_STATE_BYTES];

	velo_make_environment(list, exec->environment, state, exe, velo_cwd());
	if (path[0] == '/' || exec->dirfd == AT_FDCWD)
		return velo_sys(__NR_execve, path, arguments, list, 0);
	return velo_sys6(__NR_execveat, exec->dirfd, (long)path, (long)arguments, (long)list, exec->flags, 0);
}

static long run(const struct exec *exec, const char *path, char *const *arguments, velo_slot exe)
{
	if (!velo_can_be_loaded())
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
		const char *list[count(before) + VELO_MORE_VARIABLES];                                        \
		char state[VELO_STATE_BYTES];                                                                 \
		velo_make_environment(list, before, state, VELO_NO_SLOT, velo_cwd());                         \
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
