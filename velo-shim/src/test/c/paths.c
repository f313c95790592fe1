/* realpath and its relatives, and the working directory. */
#include "cases.h"

#include <dlfcn.h>
#include <signal.h>

static void resolve(const char *path)
{
	char buffer[PATH_MAX];
	char *found = realpath(path, buffer);

	show("%s -> %s\n", *path ? path : "(empty)", found ? found : errno_name(errno));
	if (found && found != buffer)
		show("  not in the buffer\n");
}

CASE(resolve_absolute)
{
	static const char *const paths[] = {
		"", ".", "/", "file", "dir", "dir/", "dir/.", "dir/sub/deep/leaf", "dir//sub///deep", "dir/../file", "dir/sub/../../empty",
		"link", "chain", "to-dir", "to-dir/", "to-dir/a", "slash/sub", "absolute", "absolute/sub/back/link", "dir/root",
		"dir/root/dir/root/dir", "dir/up", "dir/sub/back", "dangling", "loop", "loop1", "loop/x", "nothing", "nothing/..",
		"file/", "file/..", "file/.", "link/", "out", "outside", "outside/passwd", "..", "dir/../../", "locked/inside",
		"closed", "fifo", "many/250", "dir/[odd]*name", "dir/grün", "dir/with space",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		resolve(at(paths[i]));
	resolve("");
	resolve("/");
}

CASE(resolve_from_above)
{
	const char *name = root + strlen(above) + 1;
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/./%s/../%s//dir", above, name, name);
	resolve(path);
	result("chdir", chdir(above));
	resolve(name);
	snprintf(path, sizeof(path), "%s/link", name);
	resolve(path);
}

CASE(resolve_relative)
{
	result("chdir", chdir(at("dir/sub")));
	resolve(".");
	resolve("..");
	resolve("deep/leaf");
	resolve("back");
	resolve("../up");
	resolve("../../..");
	resolve("nothing");
	resolve("../../out");
}

CASE(resolve_link_from_outside)
{
	char name[] = "/tmp/paths-XXXXXX";
	char path[100];
	char link[100];

	if (!mkdtemp(name))
		return;
	snprintf(link, sizeof(link), "%s/into", name);
	result("symlink", symlink(at("dir"), link));
	for (int i = 0; i < 6; i++) {
		static const char *const ends[] = {"", "/", "/sub/deep/leaf", "/up", "/..", "/nothing"};
		char *found;

		snprintf(path, sizeof(path), "%s%s", link, ends[i]);
		found = realpath(path, NULL);
		string(ends[i], found);
		free(found);
	}
	unlink(link);
	rmdir(name);
}

CASE(resolve_allocates)
{
	char *found = realpath(at("to-dir/a"), NULL);

	string("realpath", found);
	free(found);
	given("null", realpath(NULL, NULL));
#ifdef __GLIBC__
	found = canonicalize_file_name(at("chain"));
	string("canonicalize_file_name", found);
	free(found);
	given("missing", canonicalize_file_name(at("nothing")));
#endif
}

#ifdef __GLIBC__
char *__realpath_chk(const char *path, char *resolved, size_t size);
char *__getcwd_chk(char *buffer, size_t size, size_t room);

CASE(checked)
{
	char buffer[PATH_MAX];

	string("__realpath_chk", __realpath_chk(at("to-dir"), buffer, sizeof(buffer)));
	result("chdir", chdir(at("dir")));
	string("__getcwd_chk", __getcwd_chk(buffer, sizeof(buffer), sizeof(buffer)));
	given("small", __getcwd_chk(buffer, 3, sizeof(buffer)));
}

CASE(checked_and_refused)
{
	char buffer[100];
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		close(2);
		_exit(!__realpath_chk(at("to-dir"), buffer, sizeof(buffer)));
	}
	waitpid(child, &status, 0);
	show("aborted: %d\n", WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
#endif

CASE(too_long)
{
	char path[PATH_MAX + 200];
	char name[PATH_MAX];

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	memcpy(path, root, strlen(root));
	path[strlen(root)] = '/';
	given("path", realpath(path, NULL));
	memset(name, 'x', 300);
	name[300] = 0;
	given("name", realpath(at(name), NULL));
}

CASE(errno_stays)
{
	char buffer[PATH_MAX];

	(void)!chdir(at("dir"));
	errno = ENOTTY;
	given("getcwd", getcwd(buffer, sizeof(buffer)));
	show("%s\n", errno_name(errno));
}

static void show_here(const char *how)
{
	char here[PATH_MAX];

	string(how, getcwd(here, sizeof(here)));
}

CASE(working_directory)
{
	static const char *const steps[] = {"dir", "sub/", "..", "root", "to-dir", ".", "./sub/../sub", "back", "slash"};

	result("chdir", chdir(root));
	show_here("root");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		result(steps[i], chdir(steps[i]));
		show_here("in");
	}
	result("absolute", chdir(at("absolute/sub")));
	show_here("in");
	result("out", chdir("../../.."));
	show_here("in");
	result("back again", chdir(root));
	show_here("in");
	result("failed", chdir("nothing"));
	show_here("in");
	result("failed", chdir("file"));
	show_here("in");
	result("failed", chdir("loop"));
	show_here("in");
	result("failed", chdir(""));
	show_here("in");
	result("elsewhere", chdir("/"));
	show_here("in");
}

CASE(working_directory_by_descriptor)
{
	int inside = open(at("dir/sub"), O_RDONLY | O_DIRECTORY);
	int outside = open("/", O_RDONLY | O_DIRECTORY);
	int path = open(at("names"), O_PATH);

	result("fchdir", fchdir(inside));
	show_here("in");
	result("access", access("deep/leaf", R_OK));
	result("fchdir", fchdir(outside));
	show_here("in");
	result("fchdir", fchdir(path));
	show_here("in");
	result("file", fchdir(open(at("file"), O_RDONLY)));
	result("closed", fchdir(987));
	show_here("in");
}

CASE(working_directory_buffers)
{
	char buffer[PATH_MAX];
	char *here;
	size_t length;

	result("chdir", chdir(at("dir/sub")));
	length = strlen(at("dir/sub"));
	given("exactly", getcwd(buffer, length + 1));
	given("too small", getcwd(buffer, length));
	given("one", getcwd(buffer, 1));
	given("none", getcwd(buffer, 0));
	here = getcwd(NULL, 0);
	string("allocated", here);
	free(here);
	here = getcwd(NULL, PATH_MAX);
	string("allocated", here);
	free(here);
#ifdef __GLIBC__
	given("allocated too small", getcwd(NULL, 3));
	{
		char *(*unwarned)(char *) = dlsym(RTLD_DEFAULT, "getwd"); /* linkers warn of it */

		string("getwd", unwarned ? unwarned(buffer) : NULL);
	}
#endif
}

CASE(directory_name)
{
	char *here;

	result("chdir", chdir(at("to-dir")));
	setenv("PWD", at("to-dir"), 1);
	here = get_current_dir_name();
	string("by a link", here);
	free(here);
	setenv("PWD", at("names"), 1);
	here = get_current_dir_name();
	string("wrong", here);
	free(here);
	unsetenv("PWD");
	here = get_current_dir_name();
	string("unset", here);
	free(here);
}

CASE(child_is_there_as_well)
{
	pid_t child;

	result("chdir", chdir(at("dir/sub")));
	fflush(stdout);
	child = fork();
	if (!child) {
		show_here("child");
		result("chdir", chdir("../../names"));
		show_here("child");
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	show_here("parent");
}
