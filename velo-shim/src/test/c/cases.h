/*
 * A test program of cases: it runs on a real copy of a tree and on the virtual one, and its output must be the same.
 *
 *     CASE(missing_file) { result("open", open(at("nothing"), O_RDONLY)); }
 *
 * The program is called with the root of the tree, and perhaps the name of one case. All of them run in the order of the source,
 * each in a child of its own, so that working directories, descriptors and crashes stay with their case; a single one runs in
 * the program itself, for debuggers.
 *
 * Everything printed goes through show() or result(), which write $ROOT for the root of the tree and $ABOVE for the directory
 * it is in. Do not print inode numbers, device numbers, sizes of directories, and nothing in the order of a real directory.
 * tree.sh makes the tree and draws it.
 */
#ifndef CASES_H
#define CASES_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct test_case {
	const char *name;
	void (*run)(void);
	int line;
	struct test_case *next;
};

static struct test_case *all_cases;
static char root[PATH_MAX];
static char above[PATH_MAX];

static inline void add_case(struct test_case *added)
{
	struct test_case **place = &all_cases;

	while (*place && (*place)->line < added->line)
		place = &(*place)->next;
	added->next = *place;
	*place = added;
}

#define CASE(name)                                                                         \
	static void case_##name(void);                                                     \
	__attribute__((constructor)) static void register_##name(void)                     \
	{                                                                                  \
		static struct test_case this_case = {#name, case_##name, __LINE__, NULL};  \
		add_case(&this_case);                                                      \
	}                                                                                  \
	static void case_##name(void)

/* The absolute path of something in the tree; good for the next 16 calls. */
__attribute__((unused)) static const char *at(const char *relative)
{
	static char buffers[16][2 * PATH_MAX + 2];
	static unsigned next;
	char *buffer = buffers[next++ % 16];

	snprintf(buffer, sizeof(buffers[0]), "%s%s%s", root, *relative ? "/" : "", relative);
	return buffer;
}

__attribute__((unused)) static const char *errno_name(int number)
{
#define NAME(error) \
	case error: \
		return #error;
	switch (number) {
		NAME(E2BIG) NAME(EACCES) NAME(EAGAIN) NAME(EBADF) NAME(EBUSY) NAME(ECHILD) NAME(EDOM) NAME(EEXIST) NAME(EFAULT)
		NAME(EFBIG) NAME(EINTR) NAME(EINVAL) NAME(EIO) NAME(EISDIR) NAME(ELOOP) NAME(EMFILE) NAME(EMLINK)
		NAME(ENAMETOOLONG) NAME(ENFILE) NAME(ENODATA) NAME(ENODEV) NAME(ENOENT) NAME(ENOEXEC) NAME(ENOMEM) NAME(ENOSPC)
		NAME(ENOSYS) NAME(ENOTDIR) NAME(ENOTEMPTY) NAME(ENOTSOCK) NAME(ENOTTY) NAME(ENXIO) NAME(EOPNOTSUPP) NAME(EOVERFLOW)
		NAME(EPERM) NAME(EPIPE) NAME(ERANGE) NAME(EROFS) NAME(ESPIPE) NAME(ESRCH) NAME(ESTALE) NAME(ETXTBSY) NAME(EXDEV)
	case 0:
		return "0";
	default:
		return strerror(number);
	}
#undef NAME
}

static inline int print_short(const char **text, const char *path, const char *name)
{
	size_t length = strlen(path);

	if (length < 2 || strncmp(*text, path, length))
		return 0;
	fputs(name, stdout);
	*text += length;
	return 1;
}

__attribute__((unused, format(printf, 1, 2))) static void show(const char *format, ...)
{
	static char buffer[65536];
	const char *text = buffer;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	while (*text)
		if (!print_short(&text, root, "$ROOT") && !print_short(&text, above, "$ABOVE"))
			putchar(*text++);
}

/* One line: what was called and what came of it, a number or the name of errno. Gives the number back. */
__attribute__((unused)) static long result(const char *what, long number)
{
	int error = errno;

	if (number == -1)
		show("%s: %s\n", what, errno_name(error));
	else
		show("%s: %ld\n", what, number);
	errno = error;
	return number;
}

/* The same for descriptors, whose numbers say nothing. */
__attribute__((unused)) static int opened(const char *what, int fd)
{
	int error = errno;

	show("%s: %s\n", what, fd < 0 ? errno_name(error) : "a descriptor");
	errno = error;
	return fd;
}

/* The same for calls that give a pointer. */
__attribute__((unused)) static const void *given(const char *what, const void *pointer)
{
	int error = errno;

	show("%s: %s\n", what, pointer ? "given" : errno_name(error));
	errno = error;
	return pointer;
}

/* The same for calls that give a string. */
__attribute__((unused)) static const char *string(const char *what, const char *text)
{
	int error = errno;

	show("%s: %s\n", what, text ? text : errno_name(error));
	errno = error;
	return text;
}

/* Lines that come in no certain order, to be shown sorted. */
struct lines {
	char **texts;
	size_t count;
};

__attribute__((unused, format(printf, 2, 3))) static void add_line(struct lines *lines, const char *format, ...)
{
	va_list arguments;

	lines->texts = realloc(lines->texts, (lines->count + 1) * sizeof(char *));
	va_start(arguments, format);
	if (!lines->texts || vasprintf(&lines->texts[lines->count++], format, arguments) < 0)
		abort();
	va_end(arguments);
}

static inline int compare_lines(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

__attribute__((unused)) static void show_sorted(struct lines *lines)
{
	if (lines->count)
		qsort(lines->texts, lines->count, sizeof(char *), compare_lines);
	for (size_t i = 0; i < lines->count; i++) {
		show("  %s\n", lines->texts[i]);
		free(lines->texts[i]);
	}
	free(lines->texts);
	*lines = (struct lines){NULL, 0};
}

static inline int run_apart(const struct test_case *one)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (!child) {
		alarm(60);
		one->run();
		fflush(stdout);
		_exit(0);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		show("killed by signal %d\n", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		show("ended with status %d\n", WEXITSTATUS(status));
	return status != 0;
}

int main(int count, char **arguments)
{
	int found = 0;
	int failed = 0;
	char *slash;

	if (count < 2 || count > 3 || arguments[1][0] != '/' || strlen(arguments[1]) >= PATH_MAX) {
		fprintf(stderr, "usage: %s /ROOT-OF-A-TREE [CASE]\n", arguments[0]);
		return 2;
	}
	umask(022);
	strcpy(root, arguments[1]);
	strcpy(above, arguments[1]);
	slash = strrchr(above, '/');
	*slash = 0;
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (struct test_case *one = all_cases; one; one = one->next) {
		if (count == 3 && strcmp(arguments[2], one->name))
			continue;
		found = 1;
		show("== %s\n", one->name);
		if (count == 3)
			one->run();
		else
			failed |= run_apart(one);
	}
	if (!found) {
		fprintf(stderr, "%s: no such case\n", arguments[0]);
		return 2;
	}
	return failed;
}

#endif
