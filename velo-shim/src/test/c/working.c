/* The working directory in the tree and beside it, and everything that is looked up from it. */
#include "facts.h"

#include <dlfcn.h>
#include <sys/syscall.h>

extern char *__getcwd_chk(char *, size_t, size_t) __attribute__((weak));
extern char *__getwd_chk(char *, size_t) __attribute__((weak));

static const char *volatile nothing;

static void here(const char *what)
{
	char buffer[PATH_MAX];

	string(what, getcwd(buffer, sizeof buffer));
}

static void go(const char *path)
{
	if (chdir(path))
		show("to %s: %s\n", path, errno_name(errno));
	else
		here(path);
}

CASE(chdir)
{
	static const char *const there[] = {"", "dir", "dir/", "dir/sub/..", "to-dir", "slash", "absolute", "links/home", "dir/root/dir",
					    "deep/d/d/d", "file", "missing", "missing/x", "link", "dangling", "loop", "fifo", "dir/a/..",
					    "links/out/into", "links/dot/dot"};

	for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
		show("%s -> ", there[i]);
		go(at(there[i]));
	}
	go("");
	result("no path", chdir(nothing));
	go("/");
	go(out("folder"));
	go("../into/sub");
	go("../..");
	go("dir");
	go("../links/out");
}

CASE(relative)
{
	struct stat found;

	go(at("dir/sub"));
	text("above", open("../a", O_RDONLY));
	text("deeper", open("deep/leaf", O_RDONLY));
	text("root's", open("../../file", O_RDONLY));
	text("with dots", open("././../sub/./deep/../../a", O_RDONLY));
	text("missing", open("missing", O_RDONLY));
	facts("dot", stat(".", &found), &found);
	facts("dot-dot", stat("..", &found), &found);
	facts("link", lstat("back", &found), &found);
	result("access", access("deep/leaf", R_OK));
	go("deep");
	text("leaf", open("leaf", O_RDONLY));
	go("..");
	go("..");
	go("..");
	text("file", open("file", O_RDONLY));
}

/* By dots out of the tree and in again; what is above it may not exist for real. */
CASE(out_and_in)
{
	char name[NAME_MAX + 1], path[PATH_MAX];
	struct stat found;

	snprintf(name, sizeof name, "%s", strrchr(root, '/') + 1);
	go(at("dir"));
	snprintf(path, sizeof path, "../../%s/file", name);
	text("out and in", open(path, O_RDONLY));
	snprintf(path, sizeof path, "../../%s/missing", name);
	text("out and in, missing", open(path, O_RDONLY));
	text("missing outside", open("../../missing-beside", O_RDONLY));
	go("../..");
	result("above is a directory", stat(".", &found) ? -1 : S_ISDIR(found.st_mode));
	snprintf(path, sizeof path, "%s/file", name);
	text("from above", open(path, O_RDONLY));
	go(name);
	text("in again", open("file", O_RDONLY));
	go("../../../../../../../../../../../../../../..");
	text("from the top", open(root + 1, O_RDONLY | O_DIRECTORY));
	go(root + 1);
	text("and in", open("file", O_RDONLY));
}

CASE(fchdir)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), path = open(at("dir/sub"), O_PATH | O_DIRECTORY);
	int file = open(at("file"), O_RDONLY), real = open(out("folder"), O_RDONLY | O_DIRECTORY);
	int copy = dup(dir);

	result("directory", fchdir(dir));
	here("there");
	text("below", open("a", O_RDONLY));
	result("path", fchdir(path));
	here("there");
	result("file", fchdir(file));
	here("still there");
	result("real", fchdir(real));
	here("there");
	text("real file", open("file", O_RDONLY));
	result("copy", fchdir(copy));
	here("there");
	result("nothing", fchdir(77));
	close(dir);
	result("closed", fchdir(dir));
	here("still there");
}

CASE(getcwd)
{
	char small[4], buffer[PATH_MAX], *made;

	go(at("dir/sub"));
	string("too small", getcwd(small, sizeof small));
	string("no room", getcwd(buffer, 0));
	made = getcwd(NULL, 0);
	string("made", made);
	free(made);
	made = getcwd(NULL, PATH_MAX);
	string("made with room", made);
	free(made);
	string("made too small", getcwd(NULL, 3));
	size_t exact = strlen(getcwd(buffer, sizeof buffer)) + 1;
	string("exact", getcwd(buffer, exact));
	string("one less", getcwd(buffer, exact - 1));
	result("the system call", syscall(SYS_getcwd, buffer, sizeof buffer) == (long)exact);
	string("which says", buffer);
}

CASE(getcwd_chk)
{
	char buffer[PATH_MAX];

	go(at("dir"));
	if (__getcwd_chk)
		string("getcwd", __getcwd_chk(buffer, sizeof buffer, sizeof buffer));
	if (__getwd_chk)
		string("getwd", __getwd_chk(buffer, sizeof buffer));
}

CASE(getwd)
{
	char buffer[PATH_MAX];
	char *(*call)(char *) = dlsym(RTLD_DEFAULT, "getwd"); /* linkers warn of it */

	if (call) {
		go(at("dir"));
		string("in the tree", call(buffer));
		go(out(""));
		string("outside", call(buffer));
	}
}

CASE(get_current_dir_name)
{
	char *name;

	unsetenv("PWD");
	go(at("dir"));
	name = get_current_dir_name();
	string("without PWD", name);
	free(name);
	setenv("PWD", at("to-dir"), 1);
	name = get_current_dir_name();
	string("by a link", name);
	free(name);
	setenv("PWD", at("many"), 1);
	name = get_current_dir_name();
	string("wrong PWD", name);
	free(name);
}

/* Children begin where their parent stands, and move alone. */
CASE(children)
{
	go(at("dir"));
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		here("child");
		go("sub");
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	here("parent");
	fflush(stdout);
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", "pwd -P; cat a; cd sub && pwd -P; cat deep/leaf; cd /; cd \"$1\" && cat file", "sh", root, NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

/* From descriptors of both sides. */
CASE(from_descriptors)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), top = open(root, O_PATH), around = open(above, O_PATH);
	int real = open(out(""), O_PATH);
	char path[PATH_MAX];

	text("tree", openat(top, "file", O_RDONLY));
	text("deeper", openat(dir, "sub/deep/leaf", O_RDONLY));
	int sub = openat(dir, "sub", O_RDONLY | O_DIRECTORY);
	text("of a descriptor's descriptor", openat(sub, "../a", O_RDONLY));
	snprintf(path, sizeof path, "..%s/file", strrchr(root, '/'));
	text("out and in", openat(top, path, O_RDONLY));
	text("from above", openat(around, path + 3, O_RDONLY));
	text("real, in", openat(real, "into/sub/deep/leaf", O_RDONLY));
	text("real, in and up", openat(real, "into/../file", O_RDONLY));
	int into = openat(real, "into", O_RDONLY | O_DIRECTORY);
	text("by a link into the tree", openat(into, "a", O_RDONLY));
	text("and above it", openat(into, "../file", O_RDONLY));
	int outside = openat(top, "links/out", O_RDONLY | O_DIRECTORY);
	text("by a link out of the tree", openat(outside, "real", O_RDONLY));
	text("and above it", openat(outside, "folder/../real", O_RDONLY));
}

/* Nobody but root may, and the tree is no place for it under every presentation. */
CASE(chroot)
{
	if (geteuid() == 0)
		result("missing", chroot(at("missing")));
	if (geteuid() == 0)
		result("file", chroot(at("file")));
	result("real", geteuid() ? -1 : chroot(out("missing")));
}
