/* Symbolic links: what they hold, where they lead, and the links of /proc that lead to files of the tree. */
#include "facts.h"

extern ssize_t __readlink_chk(const char *, char *, size_t, size_t) __attribute__((weak));
extern ssize_t __readlinkat_chk(int, const char *, char *, size_t, size_t) __attribute__((weak));

static const char *volatile nothing;

static const char *const paths[] = {
	"link", "chain", "to-dir", "slash", "absolute", "dangling", "loop", "loop1", "dir/root", "dir/up", "to-dir/up", "links/out",
	"links/out-file", "links/home", "links/home/link", "links/long", "links/dot", "links/c49", "links/back", "links/dot/file",
	"file", "dir", "", "missing", "missing/x", "file/x", "link/", "to-dir/", "dir/", "link/x", "loop/x", "links/out/into",
};

static void target(const char *what, const char *text, ssize_t length)
{
	if (length < 0)
		result(what, length);
	else if (length > 200)
		show("%s: %zd bytes, the last \"%.*s\"\n", what, length, 12, text + length - 12);
	else
		show("%s: \"%.*s\"\n", what, (int)length, text);
}

static void each(ssize_t (*call)(const char *, char *, size_t))
{
	char buffer[PATH_MAX];

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		target(paths[i], buffer, call(at(paths[i]), buffer, sizeof buffer));
	target("a small buffer", buffer, call(at("absolute"), buffer, 3));
	target("a fitting buffer", buffer, call(at("link"), buffer, 4));
	target("no buffer", buffer, call(at("link"), buffer, 0));
	target("empty path", buffer, call("", buffer, sizeof buffer));
	target("no path", buffer, call(nothing, buffer, sizeof buffer));
	target("real", buffer, call(out("into"), buffer, sizeof buffer));
	target("real file", buffer, call(out("real"), buffer, sizeof buffer));
}

CASE(readlink)
{
	char buffer[8] = "-------";

	each(readlink);
	readlink(at("link"), buffer, sizeof buffer);
	show("no terminator: %s\n", buffer);
}

static ssize_t by_readlinkat(const char *path, char *buffer, size_t size)
{
	return readlinkat(AT_FDCWD, path, buffer, size);
}

CASE(readlinkat)
{
	char buffer[PATH_MAX];
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);
	int link = open(at("link"), O_PATH | O_NOFOLLOW);
	int real = open(out(""), O_RDONLY | O_DIRECTORY);

	each(by_readlinkat);
	target("below", buffer, readlinkat(dir, "up", buffer, sizeof buffer));
	target("up", buffer, readlinkat(dir, "../link", buffer, sizeof buffer));
	target("file", buffer, readlinkat(dir, "a", buffer, sizeof buffer));
	target("the link itself", buffer, readlinkat(link, "", buffer, sizeof buffer));
	target("a directory itself", buffer, readlinkat(dir, "", buffer, sizeof buffer));
	target("real", buffer, readlinkat(real, "into-file", buffer, sizeof buffer));
	target("real, into the tree", buffer, readlinkat(real, "into/up", buffer, sizeof buffer));
	target("from nothing", buffer, readlinkat(77, "link", buffer, sizeof buffer));
}

static ssize_t by_chk(const char *path, char *buffer, size_t size)
{
	return __readlink_chk(path, buffer, size, PATH_MAX);
}

CASE(readlink_chk)
{
	if (__readlink_chk)
		each(by_chk);
	else
		show("not in this libc\n");
}

CASE(readlinkat_chk)
{
	char buffer[PATH_MAX];

	if (__readlinkat_chk) {
		int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

		target("below", buffer, __readlinkat_chk(dir, "up", buffer, sizeof buffer, sizeof buffer));
		target("absolute", buffer, __readlinkat_chk(AT_FDCWD, at("link"), buffer, sizeof buffer, sizeof buffer));
		target("missing", buffer, __readlinkat_chk(dir, "missing", buffer, sizeof buffer, sizeof buffer));
	} else {
		show("not in this libc\n");
	}
}

/* The kernel follows forty links, not one more; wherever they stand in the path. */
CASE(forty)
{
	struct stat found;
	char path[PATH_MAX] = "";

	for (int i = 36; i < 44; i++) {
		snprintf(path, sizeof path, "links/c%02d", i);
		result(path, stat(at(path), &found));
		text(path, open(at(path), O_RDONLY));
	}
	for (int i = 38; i < 43; i++) {
		strcpy(path, "links");
		for (int j = 0; j < i; j++)
			strcat(path, "/dot");
		show("%d links on the way: ", i);
		result("stat", stat(at(path), &found));
	}
}

/* From the tree out and back in, by absolute links and by dots. */
CASE(across)
{
	static const char *const ways[] = {"links/out/real", "links/out/folder/file", "links/out/into/a", "links/out/into/../file",
					   "links/out/into-file", "links/back", "links/home/links/home/file", "links/out/folder/../into/a",
					   "links/out/missing", "links/out/into/missing", "links/out/real/x", "links/out-file/", "outside/passwd/x"};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		text(ways[i], open(at(ways[i]), O_RDONLY));
	text("in", open(out("into/a"), O_RDONLY));
	text("in and up", open(out("into/../file"), O_RDONLY));
	text("in by a file's link", open(out("into-file"), O_RDONLY));
	text("in and out", open(out("into/root/links/out/real"), O_RDONLY));
	text("link that is not followed", open(out("into-file"), O_RDONLY | O_NOFOLLOW));
	text("not followed, inside", open(out("into/up"), O_RDONLY | O_NOFOLLOW));
}

/* A real link that is made while the program runs leads into the tree at once. */
CASE(new_link)
{
	char name[PATH_MAX];
	struct stat found;

	snprintf(name, sizeof name, "%s/new-%ld", out(""), (long)getpid());
	result("symlink", symlink(at("dir/a"), name));
	text("open", open(name, O_RDONLY));
	facts("stat", stat(name, &found), &found);
	result("unlink", unlink(name));
	result("symlink to a folder", symlink(at("dir"), name));
	strcat(name, "/a");
	text("below", open(name, O_RDONLY));
	name[strlen(name) - 2] = 0;
	result("unlink", unlink(name));
	text("gone", open(name, O_RDONLY));
}

static void proc(const char *format, int fd, const char *what)
{
	char path[64], buffer[PATH_MAX];
	struct stat one, other;
	ssize_t length;

	snprintf(path, sizeof path, format, fd);
	length = readlink(path, buffer, sizeof buffer);
	target(what, buffer, length);
	if (stat(path, &one) || fstat(fd, &other)) {
		result("stat", -1);
	} else {
		agree("stat", &one, &other);
		if (S_ISREG(one.st_mode))
			text("open", open(path, O_RDONLY));
	}
}

/* Where a descriptor came from. */
CASE(proc_self_fd)
{
	int file = open(at("file"), O_RDONLY), dir = open(at("dir"), O_RDONLY), path = open(at("dir/a"), O_PATH);
	int real = open(out("real"), O_RDONLY);
	char below[64];

	proc("/proc/self/fd/%d", file, "file");
	proc("/proc/self/fd/%d", dir, "directory");
	proc("/proc/self/fd/%d", path, "path");
	proc("/proc/self/fd/%d", real, "real");
	snprintf(below, sizeof below, "/proc/self/fd/%d/a", dir);
	text("below a directory", open(below, O_RDONLY));
	snprintf(below, sizeof below, "/proc/self/fd/%d/../file", dir);
	text("and up", open(below, O_RDONLY));
	snprintf(below, sizeof below, "/proc/%ld/fd/%d", (long)getpid(), file);
	text("by number of the process", open(below, O_RDONLY));
	snprintf(below, sizeof below, "/proc/thread-self/fd/%d", file);
	text("by thread", open(below, O_RDONLY));
	proc("/proc/self/fd/%d", 77, "nothing");
}

CASE(dev_fd)
{
	int file = open(at("file"), O_RDONLY), dir = open(at("dir"), O_RDONLY);
	char below[64];

	proc("/dev/fd/%d", file, "file");
	snprintf(below, sizeof below, "/dev/fd/%d/a", dir);
	text("below a directory", open(below, O_RDONLY));
	dup2(file, 0);
	text("/dev/stdin", open("/dev/stdin", O_RDONLY));
}

CASE(proc_self_cwd)
{
	char buffer[PATH_MAX];
	struct stat found;

	result("chdir", chdir(at("dir")));
	target("link", buffer, readlink("/proc/self/cwd", buffer, sizeof buffer));
	text("below", open("/proc/self/cwd/a", O_RDONLY));
	text("up", open("/proc/self/cwd/../file", O_RDONLY));
	facts("stat", stat("/proc/self/cwd/sub", &found), &found);
	facts("itself", stat("/proc/self/cwd", &found), &found);
	result("chdir out", chdir(out("folder")));
	text("outside", open("/proc/self/cwd/file", O_RDONLY));
}
