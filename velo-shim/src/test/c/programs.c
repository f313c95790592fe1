/* Programs and scripts of the tree, and programs beside it that are started from it, by every call that starts one. */
#include "facts.h"

#include <sys/syscall.h>

extern char **environ;
extern int execveat(int, const char *, char *const[], char *const[], int) __attribute__((weak));

static char own_variable[] = "OWN=mine";
static char search_path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
static char *own[] = {own_variable, search_path, NULL};
static char *none[] = {NULL};

typedef int (*start)(const char *path, char *const words[]);

/* Starts something in a child, and shows how that ended; a call that comes back shows why. */
static void started(start call, const char *path, const char *first, const char *second)
{
	char *words[] = {(char *)path, (char *)first, (char *)(first ? second : NULL), NULL};
	int status = 0;

	show("%s %s\n", path, first ? first : "");
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		alarm(30);
		result("not started", call(path, words));
		fflush(stdout);
		_exit(9);
	}
	waitpid(child, &status, 0);
	show("-> %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status));
}

static const char *const cannot[] = {"file", "dir", "missing", "missing/x", "file/x", "bin/text", "dangling", "loop", "scripts/nobody",
				     "scripts/loop", "scripts/forbidden", "bin/hello/", "fifo", ""};

static void each(start call)
{
	started(call, at("bin/hello"), at("file"), "more");
	started(call, at("links/home/bin/../bin/hello"), NULL, NULL);
	started(call, at("script"), "one", "two");
	started(call, at("execute"), NULL, NULL);
	started(call, at("scripts/plain"), "a word", NULL);
	started(call, at("scripts/word"), "a word", NULL);
	started(call, at("scripts/nested"), "a word", NULL);
	started(call, at("scripts/bare"), "a word", NULL);
	for (size_t i = 0; i < sizeof cannot / sizeof *cannot; i++)
		started(call, at(cannot[i]), NULL, NULL);
	started(call, "/bin/cat", at("file"), NULL);
	started(call, "", NULL, NULL);
}

static int by_execv(const char *path, char *const words[])
{
	return execv(path, words);
}

CASE(execv)
{
	each(by_execv);
	chdir(at("bin"));
	started(by_execv, "./hello", "../file", NULL);
	started(by_execv, "../scripts/plain", "relative", NULL);
	started(by_execv, "hello", NULL, NULL);
}

static int by_execve(const char *path, char *const words[])
{
	return execve(path, words, own);
}

CASE(execve)
{
	each(by_execve);
}

static int with_nothing(const char *path, char *const words[])
{
	return execve(path, words, none);
}

static int with_no_environment(const char *path, char *const words[])
{
	return execve(path, words, NULL);
}

/* A program that begins with an empty environment sees the tree all the same. */
CASE(empty_environment)
{
	started(with_nothing, at("bin/hello"), at("file"), NULL);
	started(with_nothing, "/bin/cat", at("file"), NULL);
	started(with_no_environment, "/bin/cat", at("file"), NULL);
	setenv("ROOT", root, 1);
	started(by_execv, "/bin/sh", "-c", "exec env -i cat \"$ROOT/file\"");
	started(by_execv, "/bin/sh", "-c", "cd \"$ROOT/dir\" && exec env -i cat a");
	started(by_execv, "/bin/sh", "-c", "env -i \"$ROOT/scripts/plain\" x; env -u LD_PRELOAD -u LD_AUDIT cat \"$ROOT/file\"");
	clearenv();
	started(by_execv, "/bin/cat", at("file"), NULL);
	environ = NULL;
	started(by_execv, "/bin/cat", at("file"), NULL);
}

/* What the environment says of ours stays ours: a child sees what it was given. */
CASE(given_environment)
{
	setenv("ROOT", root, 1);
	started(by_execve, "/bin/sh", "-c", "echo \"own $OWN, root $ROOT\"");
	started(by_execv, "/bin/sh", "-c", "OWN=other; export OWN; echo \"$OWN\"; \"$ROOT/bin/hello\"");
}

static int by_execvp(const char *path, char *const words[])
{
	return execvp(path, words);
}

static void searched(start call)
{
	char path[3 * PATH_MAX];

	snprintf(path, sizeof path, "/nowhere:%s:%s:/usr/bin:/bin", at("scripts"), at("bin"));
	setenv("PATH", path, 1);
	started(call, "hello", at("file"), NULL);
	started(call, "plain", "found", NULL);
	started(call, "bare", "found", NULL);
	started(call, "forbidden", NULL, NULL);
	started(call, "nobody", NULL, NULL);
	started(call, "missing-command", NULL, NULL);
	started(call, "cat", at("file"), NULL);
	started(call, at("bin/hello"), NULL, NULL);
	setenv("PATH", at("file"), 1);
	started(call, "cat", at("file"), NULL);
	chdir(at("bin"));
	setenv("PATH", "", 1);
	started(call, "hello", NULL, NULL);
	setenv("PATH", ".:/usr/bin", 1);
	started(call, "hello", "../file", NULL);
	unsetenv("PATH");
	started(call, "cat", "../file", NULL);
}

CASE(execvp)
{
	each(by_execvp);
	searched(by_execvp);
}

static int by_execvpe(const char *path, char *const words[])
{
	return execvpe(path, words, own);
}

CASE(execvpe)
{
	searched(by_execvpe);
}

static int by_execl(const char *path, char *const words[])
{
	return words[1] ? words[2] ? execl(path, words[0], words[1], words[2], NULL) : execl(path, words[0], words[1], NULL)
			: execl(path, words[0], NULL);
}

CASE(execl)
{
	each(by_execl);
}

static int by_execle(const char *path, char *const words[])
{
	return words[1] ? execle(path, words[0], words[1], NULL, own) : execle(path, words[0], NULL, own);
}

CASE(execle)
{
	each(by_execle);
}

static int by_execlp(const char *path, char *const words[])
{
	return words[1] ? execlp(path, words[0], words[1], NULL) : execlp(path, words[0], NULL);
}

CASE(execlp)
{
	searched(by_execlp);
}

/* A script behind a descriptor is read by its interpreter through that. */
static int by_fexecve(const char *path, char *const words[])
{
	int fd = open(path, O_RDONLY | O_NONBLOCK);

	return fd < 0 ? -1 : fexecve(fd, words, environ);
}

static int by_fexecve_of_path(const char *path, char *const words[])
{
	int fd = open(path, O_PATH);

	return fd < 0 ? -1 : fexecve(fd, words, own);
}

CASE(fexecve)
{
	started(by_fexecve, at("bin/hello"), at("file"), NULL);
	started(by_fexecve, at("scripts/plain"), "a word", NULL);
	started(by_fexecve, at("file"), NULL, NULL);
	started(by_fexecve, at("dir"), NULL, NULL);
	started(by_fexecve, "/bin/cat", at("file"), NULL);
	started(by_fexecve_of_path, at("bin/hello"), at("file"), NULL);
	started(by_fexecve_of_path, at("execute"), NULL, NULL);
}

static int by_execveat(const char *path, char *const words[])
{
	return (int)(execveat ? execveat(AT_FDCWD, path, words, environ, 0) : syscall(SYS_execveat, AT_FDCWD, path, words, environ, 0));
}

static int below_a_directory(const char *path, char *const words[])
{
	return (int)syscall(SYS_execveat, open(at("bin"), O_RDONLY | O_DIRECTORY), path, words, environ, 0);
}

static int of_a_descriptor(const char *path, char *const words[])
{
	return (int)syscall(SYS_execveat, open(path, O_RDONLY), "", words, environ, AT_EMPTY_PATH);
}

static int not_followed(const char *path, char *const words[])
{
	return (int)syscall(SYS_execveat, AT_FDCWD, path, words, environ, AT_SYMLINK_NOFOLLOW);
}

CASE(execveat)
{
	each(by_execveat);
	started(below_a_directory, "hello", at("file"), NULL);
	started(below_a_directory, "../scripts/plain", "below", NULL);
	started(below_a_directory, "missing", NULL, NULL);
	started(of_a_descriptor, at("bin/hello"), at("file"), NULL);
	started(not_followed, at("links/home/bin/hello"), NULL, NULL);
	started(not_followed, at("link"), NULL, NULL);
}

static int by_syscall(const char *path, char *const words[])
{
	return (int)syscall(SYS_execve, path, words, environ);
}

CASE(execve_by_syscall)
{
	started(by_syscall, at("bin/hello"), at("file"), NULL);
	started(by_syscall, at("scripts/nested"), "a word", NULL);
	started(by_syscall, at("missing"), NULL, NULL);
}

CASE(system)
{
	setenv("ROOT", root, 1);
	result("cat", system("cat \"$ROOT/file\""));
	result("script", system("\"$ROOT/script\" one 'two three'"));
	result("there", system(NULL) != 0);
	result("status", system("\"$ROOT/execute\"") >> 8);
	result("missing", system("\"$ROOT/missing\" 2>/dev/null") >> 8);
	chdir(at("dir"));
	result("relative", system("pwd -P; cat a; cat < sub/deep/leaf; [ -d ../links ] && echo yes"));
	result("globbed", system("echo \"$ROOT\"/names/[aA] | wc -w | tr -d ' '"));
}

CASE(popen)
{
	char line[100];
	FILE *pipe;

	setenv("ROOT", root, 1);
	pipe = popen("cat \"$ROOT/file\"; cd \"$ROOT/dir\" && cat a", "r");
	while (pipe && fgets(line, sizeof line, pipe))
		show("%s", line);
	result("closed", pipe ? pclose(pipe) : -1);
	fflush(stdout);
	pipe = popen("cat - \"$ROOT/file\"", "we");
	if (pipe)
		fputs("written\n", pipe);
	result("closed", pipe ? pclose(pipe) : -1);
}

/* The child of vfork has its parent's memory: where it goes, and what it closes, must not be the parent's doing. */
CASE(vfork)
{
	int status, dir = open(at("dir"), O_RDONLY | O_DIRECTORY);
	char buffer[PATH_MAX];

	chdir(at("many"));
	for (int i = 0; i < 3; i++) {
		fflush(stdout);
		pid_t child = vfork();
		if (child == 0) {
			if (chdir(i == 1 ? "/" : i == 2 ? out("") : at("dir")) == 0) {
				close(dir);
				dup2(1, 5);
				execl("/bin/sh", "sh", "-c", i == 0 ? "pwd -P; cat a" : "pwd -P", NULL);
			}
			_exit(9);
		}
		waitpid(child, &status, 0);
		result("ended", WEXITSTATUS(status));
		string("the parent is", getcwd(buffer, sizeof buffer));
		result("and looks from there", access("000", F_OK));
		text("and has its descriptor", openat(dir, "a", O_RDONLY));
	}
	pid_t child = vfork();
	if (child == 0) {
		execl(at("missing"), "missing", NULL);
		_exit(errno == ENOENT ? 4 : 5);
	}
	waitpid(child, &status, 0);
	result("missing", WEXITSTATUS(status));
}
