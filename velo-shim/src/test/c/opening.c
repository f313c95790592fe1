/* Every call that opens a file for reading; those that would write are in writes.c, special flags in descriptors.c. */
#include "facts.h"

#include <sys/syscall.h>

extern int __open_2(const char *, int) __attribute__((weak));
extern int __open64_2(const char *, int) __attribute__((weak));
extern int __openat_2(int, const char *, int) __attribute__((weak));
extern int __openat64_2(int, const char *, int) __attribute__((weak));

/* As linux/openat2.h has it, which not every libc comes with. */
struct how {
	unsigned long flags, mode, resolve;
};
enum { NO_SYMLINKS = 4, BENEATH = 8, IN_ROOT = 16 };

static const char *volatile nothing; /* NULL, which compilers shall not know */

/* The ways in which a path can be wrong or odd; each program that opens owes the same answers. */
static const char *const paths[] = {
	"file", "empty", "missing", "file/below", "file/", "dir", "dir/", "missing/file", "link", "chain", "dangling", "loop", "loop1",
	"to-dir/a", "slash/a", "absolute/a", "dir/../file", "dir/./a", "dir//a", "./file", "dir/up", "dir/root/file",
	"dir/sub/back/file", "links/long", "links/home/file", "links/out-file", "links/back", "fifo/x", "locked/inside", "closed",
};

static void each(int (*call)(const char *path))
{
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		int fd = call(at(paths[i]));
		struct stat stat;

		if (fd >= 0 && fstat(fd, &stat) == 0 && S_ISDIR(stat.st_mode)) {
			show("%s: a directory\n", paths[i]);
			close(fd);
		} else {
			text(paths[i], fd);
		}
	}
}

static int by_open(const char *path)
{
	return open(path, O_RDONLY | O_NONBLOCK);
}

CASE(open)
{
	each(by_open);
	text("empty path", open("", O_RDONLY));
	result("no path", open(nothing, O_RDONLY));
	text("root", open(root, O_RDONLY));
	text("root with slashes", open(at("//"), O_RDONLY));
	text("beside the tree", open("/proc/self/comm/x", O_RDONLY));
	text("real", open(out("real"), O_RDONLY));
	text("real link into the tree", open(out("into-file"), O_RDONLY));
	text("real folder's link into the tree", open(out("into/a"), O_RDONLY));
	text("real and up", open(out("folder/../real"), O_RDONLY));
	text("real, into the tree, and up", open(out("into/../file"), O_RDONLY));
}

static int by_open64(const char *path)
{
	return open64(path, O_RDONLY | O_NONBLOCK);
}

CASE(open64)
{
	each(by_open64);
}

static int by_openat(const char *path)
{
	return openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
}

static void from_directories(int (*call)(int, const char *, int, ...))
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);
	int real = open(out("folder"), O_RDONLY | O_DIRECTORY);
	int file = open(at("file"), O_RDONLY);

	text("below a directory", call(dir, "a", O_RDONLY));
	text("deeper", call(dir, "sub/deep/leaf", O_RDONLY));
	text("up", call(dir, "../file", O_RDONLY));
	text("link that goes up", call(dir, "up", O_RDONLY));
	text("missing", call(dir, "missing", O_RDONLY));
	text("empty path", call(dir, "", O_RDONLY));
	text("dot", call(dir, ".", O_RDONLY));
	text("absolute", call(dir, at("file"), O_RDONLY));
	text("absolute and real", call(dir, out("real"), O_RDONLY));
	text("from a real directory", call(real, "file", O_RDONLY));
	text("from a real directory, up", call(real, "../real", O_RDONLY));
	text("from a real directory into the tree", call(real, "../into/a", O_RDONLY));
	text("from a real directory, absolute", call(real, at("file"), O_RDONLY));
	text("from a file", call(file, "a", O_RDONLY));
	text("from a file, absolute", call(file, at("file"), O_RDONLY));
	text("from nothing", call(77, "a", O_RDONLY));
	text("from nothing, absolute", call(77, at("file"), O_RDONLY));
	result("no path", call(dir, nothing, O_RDONLY));
	text("working directory", call(AT_FDCWD, at("dir/a"), O_RDONLY));
	close(dir);
	text("from what was closed", call(dir, "a", O_RDONLY));
}

CASE(openat)
{
	each(by_openat);
	from_directories(openat);
}

CASE(openat64)
{
	from_directories(openat64);
}

static int by_open_2(const char *path)
{
	return __open_2(path, O_RDONLY | O_NONBLOCK);
}

static int by_open64_2(const char *path)
{
	return __open64_2(path, O_RDONLY | O_NONBLOCK);
}

CASE(open_2)
{
	if (!__open_2 || !__open64_2)
		show("not in this libc\n");
	else {
		each(by_open_2);
		each(by_open64_2);
	}
}

CASE(openat_2)
{
	if (!__openat_2 || !__openat64_2) {
		show("not in this libc\n");
		return;
	}
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);
	text("below", __openat_2(dir, "a", O_RDONLY));
	text("up", __openat_2(dir, "../file", O_RDONLY));
	text("missing", __openat_2(dir, "missing", O_RDONLY));
	text("64 below", __openat64_2(dir, "a", O_RDONLY));
	text("64 absolute", __openat64_2(AT_FDCWD, at("file"), O_RDONLY));
	text("64 missing", __openat64_2(dir, "missing", O_RDONLY));
}

static long openat2(int dirfd, const char *path, unsigned long flags, unsigned long resolve)
{
	struct how how = {.flags = flags, .resolve = resolve};

	return syscall(SYS_openat2, dirfd, path, &how, sizeof how);
}

static int by_openat2(const char *path)
{
	return (int)openat2(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0);
}

/* Through libc's syscall(), as programs do for calls that libc has not. */
CASE(openat2)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	each(by_openat2);
	text("below", (int)openat2(dir, "a", O_RDONLY, 0));
	result("unknown flag", openat2(dir, "a", 1UL << 62, 0));
}

/* Rules for the way to a file: the shim knows none, and says so, for which callers are prepared. */
CASE(openat2_resolve)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	text("beneath", (int)openat2(dir, "sub/deep/leaf", O_RDONLY, BENEATH));
	text("not beneath", (int)openat2(dir, "../file", O_RDONLY, BENEATH));
	text("a link that leaves", (int)openat2(dir, "up", O_RDONLY, BENEATH));
	text("as root", (int)openat2(dir, "/a", O_RDONLY, IN_ROOT));
	text("no links", (int)openat2(dir, "up", O_RDONLY, NO_SYMLINKS));
	text("no links on the way", (int)openat2(AT_FDCWD, at("to-dir/a"), O_RDONLY, NO_SYMLINKS));
	text("links that are none", (int)openat2(dir, "a", O_RDONLY, NO_SYMLINKS));
}

/* The system calls themselves, through libc's syscall(). */
CASE(syscall)
{
	int dir = (int)syscall(SYS_openat, AT_FDCWD, at("dir"), O_RDONLY | O_DIRECTORY);
	char buffer[16];

	text("openat", (int)syscall(SYS_openat, dir, "a", O_RDONLY));
	text("missing", (int)syscall(SYS_openat, dir, "missing", O_RDONLY));
#ifdef SYS_open
	text("open", (int)syscall(SYS_open, at("file"), O_RDONLY));
#endif
	int fd = (int)syscall(SYS_openat, AT_FDCWD, at("small"), O_RDONLY);
	result("pread64", syscall(SYS_pread64, fd, buffer, 4, 2));
	result("close", syscall(SYS_close, fd));
	result("close again", syscall(SYS_close, fd));
}

/* Rings open files behind every wrapper's back: there are none, or the tree is real. */
CASE(io_uring)
{
	struct {
		char reserved[256];
	} parameters = {{0}};

	result("io_uring_setup of no size", syscall(SYS_io_uring_setup, 0, &parameters));
}

static void line_of(const char *what, FILE *stream)
{
	char line[80];

	if (!stream)
		show("%s: %s\n", what, errno_name(errno));
	else {
		errno = 0;
		if (fgets(line, sizeof line, stream))
			show("%s: %s", what, line);
		else
			show("%s: no line, %s\n", what, errno_name(errno));
		fclose(stream);
	}
}

static void streams(FILE *(*call)(const char *, const char *))
{
	line_of("plain", call(at("file"), "r"));
	line_of("binary", call(at("file"), "rb"));
	line_of("closed on exec", call(at("file"), "re"));
	line_of("mapped", call(at("file"), "rm"));
	line_of("empty", call(at("empty"), "r"));
	line_of("directory", call(at("dir"), "r"));
	line_of("missing", call(at("missing"), "r"));
	line_of("missing folder", call(at("missing/x"), "r"));
	line_of("through a link", call(at("to-dir/a"), "r"));
	line_of("dangling", call(at("dangling"), "r"));
	line_of("loop", call(at("loop"), "r"));
	line_of("real", call(out("real"), "r"));
	line_of("real, into the tree", call(out("into/a"), "r"));
	line_of("no mode", call(at("file"), "q"));
}

CASE(fopen)
{
	FILE *stream = fopen(at("small"), "re");
	char buffer[8] = "";

	streams(fopen);
	stream = fopen(at("small"), "re");
	result("on exec", fcntl(fileno(stream), F_GETFD));
	result("flags", fcntl(fileno(stream), F_GETFL) & O_ACCMODE);
	result("seek", fseek(stream, -4, SEEK_END));
	result("tell", ftell(stream));
	result("read", (long)fread(buffer, 1, 8, stream));
	show("%s\n", buffer);
	fclose(stream);
}

CASE(fopen64)
{
	streams(fopen64);
}

static void reopened(FILE *(*call)(const char *, const char *, FILE *))
{
	FILE *stream = fopen(out("real"), "r");

	stream = call(at("file"), "r", stream);
	line_of("from real to the tree", stream);
	line_of("from the tree to real", call(out("real"), "r", fopen(at("file"), "r")));
	line_of("in the tree", call(at("dir/a"), "r", fopen(at("file"), "r")));
	line_of("missing", call(at("missing"), "r", fopen(at("file"), "r")));
	stream = fopen(at("file"), "r");
	line_of("no path", call(nothing, "r", stream));
}

CASE(freopen)
{
	reopened(freopen);
}

CASE(freopen64)
{
	reopened(freopen64);
}

CASE(fdopen)
{
	line_of("plain", fdopen(open(at("file"), O_RDONLY), "r"));
	line_of("to write", fdopen(open(at("file"), O_RDONLY), "w"));
}

/* Nobody is at the other end. */
CASE(fifo)
{
	struct stat found;
	int fd = open(at("fifo"), O_RDONLY | O_NONBLOCK);

	facts("to read", fd < 0 ? -1 : fstat(fd, &found), &found);
	result("to write", open(at("fifo"), O_WRONLY | O_NONBLOCK));
	result("both", open(at("fifo"), O_RDWR | O_NONBLOCK) < 0 ? -1 : 0);
}

/* As user 1000, who may open less; only root can become that. */
CASE(as_another)
{
	if (geteuid() == 0 && (setgid(1000) || setuid(1000)))
		show("cannot become another\n");
	if (geteuid() == 1000) {
		text("readable", open(at("file"), O_RDONLY));
		text("owner only", open(at("private"), O_RDONLY));
		text("nobody", open(at("closed"), O_RDONLY));
		text("only to execute", open(at("execute"), O_RDONLY));
		text("in a closed directory", open(at("locked/inside"), O_RDONLY));
		text("closed directory", open(at("locked"), O_RDONLY));
		result("search", access(at("locked/inside"), F_OK));
	}
}

/* Names that no list of letters has. */
CASE(names)
{
	static const char *const odd[] = {"with space", "new\nline", "\xff\xfe", "\303\251", "-dash", "...", "back\\slash", "*", "a", "A"};
	char longest[300] = "names/";

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		char path[64];

		snprintf(path, sizeof path, "names/%s", odd[i]);
		text("name", open(at(path), O_RDONLY));
	}
	memset(longest + 6, 'n', 255);
	text("255 bytes", open(at(longest), O_RDONLY));
	longest[261] = 'n';
	text("256 bytes", open(at(longest), O_RDONLY));
	text("256 bytes below a missing one", open(at(strcat(strcpy(longest, "x/"), "n")), O_RDONLY));
}
