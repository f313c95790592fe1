/* Flags of open, slashes, long paths, and what crosses fork and exec. */
#include "facts.h"

#include <sys/resource.h>
#include <sys/syscall.h>

CASE(o_path)
{
	int file = open(at("file"), O_PATH), dir = open(at("dir"), O_PATH | O_DIRECTORY), link = open(at("link"), O_PATH | O_NOFOLLOW);
	int followed = open(at("link"), O_PATH), closed = open(at("locked/inside"), O_PATH);
	struct stat found;
	char buffer[64], path[64];

	facts("file", fstat(file, &found), &found);
	facts("directory", fstat(dir, &found), &found);
	facts("link", fstat(link, &found), &found);
	facts("followed", fstat(followed, &found), &found);
	facts("inside a closed one", fstat(closed, &found), &found);
	result("read", read(file, buffer, 1));
	result("read of a directory", read(dir, buffer, 1));
	result("flags", fcntl(file, F_GETFL) & O_PATH);
	text("from it", openat(dir, "a", O_RDONLY));
	text("from a file", openat(file, "a", O_RDONLY));
	result("target", readlinkat(link, "", buffer, sizeof buffer));
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	text("opened anew", open(path, O_RDONLY));
	result("missing", open(at("missing"), O_PATH));
	result("dangling", open(at("dangling"), O_PATH));
	result("a file as directory", open(at("file"), O_PATH | O_DIRECTORY));
	result("create has no meaning", open(at("file"), O_PATH | O_CREAT | O_WRONLY) < 0 ? -1 : 0);
	result("fifo", open(at("fifo"), O_PATH) < 0 ? -1 : 0);
}

CASE(o_nofollow)
{
	text("file", open(at("file"), O_RDONLY | O_NOFOLLOW));
	text("link", open(at("link"), O_RDONLY | O_NOFOLLOW));
	text("dangling", open(at("dangling"), O_RDONLY | O_NOFOLLOW));
	text("on the way", open(at("to-dir/a"), O_RDONLY | O_NOFOLLOW));
	text("directory", open(at("to-dir"), O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
	text("with a slash", open(at("to-dir/"), O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
	text("real into the tree", open(out("into"), O_RDONLY | O_NOFOLLOW));
	text("the tree's root by a link", open(at("links/home"), O_RDONLY | O_NOFOLLOW));
	text("create", open(at("link"), O_RDONLY | O_CREAT | O_NOFOLLOW, 0644));
}

CASE(o_directory)
{
	static const char *const paths[] = {"dir", "file", "link", "to-dir", "missing", "fifo", "dir/", "file/", "dangling", ""};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		int fd = open(at(paths[i]), O_RDONLY | O_DIRECTORY);

		result(paths[i], fd < 0 ? -1 : 0);
	}
	result("to write", open(at("dir"), O_RDWR | O_DIRECTORY));
	result("create", open(at("dir"), O_RDONLY | O_CREAT, 0644));
}

CASE(o_cloexec)
{
	result("without", fcntl(open(at("file"), O_RDONLY), F_GETFD));
	result("with", fcntl(open(at("file"), O_RDONLY | O_CLOEXEC), F_GETFD));
	result("directory", fcntl(open(at("dir"), O_RDONLY | O_DIRECTORY | O_CLOEXEC), F_GETFD));
	result("path", fcntl(open(at("dir"), O_PATH | O_CLOEXEC), F_GETFD));
	result("empty", fcntl(open(at("empty"), O_RDONLY | O_CLOEXEC), F_GETFD));
	result("link", fcntl(open(at("link"), O_PATH | O_NOFOLLOW | O_CLOEXEC), F_GETFD));
}

/* The lowest free number, as every program relies on. */
CASE(lowest)
{
	int first = open(at("file"), O_RDONLY);

	show("lowest: %d\n", first == 3 || first > 3);
	close(0);
	result("standard input", open(at("file"), O_RDONLY));
	close(0);
	result("a directory there", open(at("dir"), O_RDONLY | O_DIRECTORY));
	text("below it", openat(0, "a", O_RDONLY));
	int second = open(at("dir"), O_RDONLY | O_DIRECTORY), third = open(at("file"), O_RDONLY);
	show("each one more: %d %d\n", second - first, third - second);
}

CASE(slashes)
{
	static const char *const paths[] = {"file/", "file//", "file/.", "file/..", "dir/", "dir//", "dir/./", "dir//a", "dir/a/", "link/",
					    "link/.", "to-dir/", "to-dir/.", "to-dir//a", "missing/", "missing//", "dangling/", "loop/", "fifo/"};
	struct stat found;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		show("%s: ", paths[i]);
		result("stat", stat(at(paths[i]), &found));
		show("%s: ", paths[i]);
		facts("lstat", lstat(at(paths[i]), &found), &found);
		int fd = open(at(paths[i]), O_RDONLY);
		show("%s: ", paths[i]);
		result("open", fd < 0 ? -1 : 0);
		show("%s: ", paths[i]);
		result("access", access(at(paths[i]), F_OK));
	}
	char path[2 * PATH_MAX];
	snprintf(path, sizeof path, "//%s//file", root);
	text("slashes before", open(path, O_RDONLY));
	snprintf(path, sizeof path, "/./..%s/./file", root);
	text("dots before", open(path, O_RDONLY));
	snprintf(path, sizeof path, "/proc/self/root%s/file", root);
	text("by /proc/self/root", open(path, O_RDONLY));
	snprintf(path, sizeof path, "%sx", root);
	text("a longer name than the root's", open(path, O_RDONLY));
	snprintf(path, sizeof path, "%.*s", (int)strlen(root) - 1, root);
	text("a shorter one", open(path, O_RDONLY));
}

/* So many bytes of path, made of "./". */
static const char *long_path(const char *last, size_t length)
{
	static char path[2 * PATH_MAX];
	size_t used = (size_t)snprintf(path, sizeof path, "%s/", root), rest = strlen(last);

	if ((length - used - rest) % 2)
		path[used++] = '/';
	while (used + rest < length) {
		path[used++] = '.';
		path[used++] = '/';
	}
	memcpy(path + used, last, rest + 1);
	return path;
}

CASE(long_paths)
{
	static const size_t lengths[] = {1000, 4000, 4094, 4095, 4096, 4097, 6000};
	struct stat found;

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		show("%zu bytes: ", lengths[i]);
		text("open", open(long_path("file", lengths[i]), O_RDONLY));
		show("%zu bytes: ", lengths[i]);
		result("stat", stat(long_path("missing", lengths[i]), &found));
		show("%zu bytes: ", lengths[i]);
		result("access", access(long_path("dir/sub", lengths[i]), F_OK));
	}
	/* by a link of 4,000 bytes, which the kernel follows without putting it before the rest */
	char path[PATH_MAX] = "links/long";
	text("a long link", open(at(path), O_RDONLY));
	result("chdir", chdir(long_path("dir", 4095)));
	text("relative", open("a", O_RDONLY));
}

static void in_child(void (*run)(int), int fd)
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		run(fd);
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void look(int fd)
{
	text("below, in the child", openat(fd, "a", O_RDONLY));
	close(fd);
	text("closed, in the child", openat(fd, "a", O_RDONLY));
}

CASE(fork)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), file = open(at("big"), O_RDONLY);
	char buffer[16] = "";

	in_child(look, dir);
	text("below, in the parent", openat(dir, "a", O_RDONLY));
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		_exit(read(file, buffer, 10) == 10 ? 0 : 1);
	}
	waitpid(child, NULL, 0);
	result("one place for both", lseek(file, 0, SEEK_CUR));
}

/* What a shell that was given descriptors makes of them. */
CASE(exec)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), file = open(at("file"), O_RDONLY);
	int kept = open(at("dir/sub"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dup2(dir, 7);
	dup2(file, 8);
	dup3(kept, 9, O_CLOEXEC);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c",
		      "cat <&8; cat /proc/self/fd/7/a; cd /proc/self/fd/7 && pwd -P && cat sub/deep/leaf;"
		      "if [ -e /proc/self/fd/9 ]; then echo kept; else echo closed; fi", "sh", NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

/* With no descriptor left errors are the kernel's. */
CASE(emfile)
{
	struct rlimit limit;
	int wrong = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 40;
	setrlimit(RLIMIT_NOFILE, &limit);
	while (open("/dev/null", O_RDONLY) >= 0)
		wrong++;
	show("full: %d\n", wrong > 0);
	result("file", open(at("file"), O_RDONLY));
	result("directory", open(at("dir"), O_RDONLY));
	struct stat found;
	result("stat", stat(at("file"), &found));
	given("fopen", fopen(at("file"), "r"));
}
