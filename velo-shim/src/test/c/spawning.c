/* posix_spawn with everything that it can do to a child before that begins. */
#include "facts.h"

#include <spawn.h>

extern char **environ;
extern int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *, int) __attribute__((weak));
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *) __attribute__((weak));
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int) __attribute__((weak));

typedef int (*spawn)(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const[], char *const[]);

static void run(const char *what, spawn call, const char *path, const posix_spawn_file_actions_t *actions, char *const words[])
{
	pid_t child = -1;
	int status = 0, error;

	show("%s\n", what);
	fflush(stdout);
	error = call(&child, path, actions, NULL, words, environ);
	if (error) {
		show("-> %s\n", errno_name(error));
	} else {
		waitpid(child, &status, 0);
		show("-> %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status));
	}
}

static void each(spawn call)
{
	static const char *const paths[] = {"bin/hello", "script", "execute", "scripts/plain", "scripts/word", "scripts/nested", "scripts/bare",
					    "scripts/nobody", "scripts/loop", "scripts/forbidden", "file", "dir", "missing", "file/x", "loop"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const char *path = at(paths[i]);
		char *words[] = {(char *)path, (char *)at("file"), NULL};

		run(paths[i], call, path, NULL, words);
	}
	char *cat[] = {"cat", (char *)at("file"), NULL};
	run("a real one", call, "/bin/cat", NULL, cat);
}

CASE(posix_spawn)
{
	each(posix_spawn);
}

CASE(posix_spawnp)
{
	char path[3 * PATH_MAX];

	each(posix_spawnp);
	char *words[] = {"hello", (char *)at("file"), NULL};
	snprintf(path, sizeof path, "%s:%s:/usr/bin:/bin", at("scripts"), at("bin"));
	setenv("PATH", path, 1);
	run("searched", posix_spawnp, "hello", NULL, words);
	run("script", posix_spawnp, "plain", NULL, words);
	run("without a line", posix_spawnp, "bare", NULL, words);
	run("missing", posix_spawnp, "missing-command", NULL, words);
	run("real", posix_spawnp, "cat", NULL, words);
}

static char *cat[] = {"cat", NULL};
static char *cat_a[] = {"cat", "a", NULL};
static char *where[] = {"sh", "-c", "pwd -P", NULL};

CASE(addopen)
{
	posix_spawn_file_actions_t actions;
	static const char *const paths[] = {"file", "to-dir/a", "missing", "file/x", "dangling"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_addopen(&actions, 0, at(paths[i]), O_RDONLY, 0);
		run(paths[i], posix_spawn, "/bin/cat", &actions, cat);
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 5, at("dir"), O_RDONLY | O_DIRECTORY, 0);
	posix_spawn_file_actions_addopen(&actions, 0, out("real"), O_RDONLY, 0);
	char *below[] = {"sh", "-c", "cat; cat /proc/self/fd/5/a", NULL};
	run("a directory, and a real file", posix_spawn, "/bin/sh", &actions, below);
	posix_spawn_file_actions_destroy(&actions);
}

CASE(addchdir_np)
{
	posix_spawn_file_actions_t actions;
	char buffer[PATH_MAX];
	static const char *const paths[] = {"dir", "to-dir", "links/out/folder", "missing", "file"};

	if (!posix_spawn_file_actions_addchdir_np)
		return;
	chdir(at("many"));
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_addchdir_np(&actions, at(paths[i]));
		run(paths[i], posix_spawn, "/bin/sh", &actions, where);
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, at("dir"));
	posix_spawn_file_actions_addopen(&actions, 0, "sub/deep/leaf", O_RDONLY, 0);
	posix_spawn_file_actions_addchdir_np(&actions, "sub");
	run("in order", posix_spawn, "/bin/cat", &actions, cat);
	char *hello[] = {"hello", "../dir/a", NULL};
	posix_spawn_file_actions_addchdir_np(&actions, "../../bin");
	run("the program is looked for from there", posix_spawn, "./hello", &actions, hello);
	posix_spawn_file_actions_destroy(&actions);
	string("the parent is", getcwd(buffer, sizeof buffer));
}

CASE(addfchdir_np)
{
	posix_spawn_file_actions_t actions;
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), real = open(out("folder"), O_RDONLY | O_DIRECTORY);

	if (!posix_spawn_file_actions_addfchdir_np)
		return;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addfchdir_np(&actions, dir);
	run("in the tree", posix_spawn, "/bin/cat", &actions, cat_a);
	posix_spawn_file_actions_addfchdir_np(&actions, real);
	run("and out of it", posix_spawn, "/bin/sh", &actions, where);
	posix_spawn_file_actions_destroy(&actions);
}

CASE(adddup2)
{
	posix_spawn_file_actions_t actions;
	int file = open(at("file"), O_RDONLY | O_CLOEXEC), dir = open(at("dir"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *below[] = {"sh", "-c", "cat; cat /proc/self/fd/6/a", NULL};

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, file, 0);
	posix_spawn_file_actions_adddup2(&actions, dir, 6);
	run("both", posix_spawn, "/bin/sh", &actions, below);
	posix_spawn_file_actions_destroy(&actions);
}

CASE(addclose)
{
	posix_spawn_file_actions_t actions;
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);
	char *below[] = {"sh", "-c", "if [ -e /proc/self/fd/6 ]; then cat /proc/self/fd/6/a; else echo closed; fi", NULL};

	dup2(dir, 6);
	run("open", posix_spawn, "/bin/sh", NULL, below);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addclose(&actions, 6);
	run("closed", posix_spawn, "/bin/sh", &actions, below);
	posix_spawn_file_actions_destroy(&actions);
	if (posix_spawn_file_actions_addclosefrom_np) {
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_addclosefrom_np(&actions, 5);
		run("closed from five on", posix_spawn, "/bin/sh", &actions, below);
		posix_spawn_file_actions_destroy(&actions);
	}
	text("open here", openat(6, "a", O_RDONLY));
}

CASE(attributes)
{
	posix_spawnattr_t attributes;
	pid_t child;
	int status;
	char *words[] = {"hello", NULL};

	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	fflush(stdout);
	int error = posix_spawn(&child, at("bin/hello"), NULL, &attributes, words, environ);
	waitpid(child, &status, 0);
	show("spawned: %s\n", errno_name(error));
	result("ended", WEXITSTATUS(status));
}
