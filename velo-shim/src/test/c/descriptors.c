/* What can be done with descriptors of files and directories of the tree, and with odd flags and paths on the way to one. */
#include "facts.h"

#include <dirent.h>
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>

extern int close_range(unsigned, unsigned, int) __attribute__((weak));
extern void closefrom(int) __attribute__((weak));

/* Whether descriptors still mean files of the tree. */
static void means(const char *what, int fd)
{
	struct stat found, expected;

	if (fstat(fd, &found))
		result(what, -1);
	else if (stat(at("dir"), &expected) == 0 && same_file(&found, &expected))
		text(what, openat(fd, "a", O_RDONLY));
	else
		show("%s: %s\n", what, kind(found.st_mode));
}

CASE(dup)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), copy = dup(dir);

	means("first", dir);
	means("copy", copy);
	result("close", close(dir));
	means("first, closed", dir);
	means("copy, still", copy);
	result("close", close(copy));
	means("copy, closed", copy);
	result("dup of nothing", dup(77));
	int next = open(at("file"), O_RDONLY);
	text("the number again, from it", openat(next, "a", O_RDONLY));
}

CASE(dup2)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), real = open(out("folder"), O_RDONLY | O_DIRECTORY);

	result("over nothing", dup2(dir, 50));
	means("fifty", 50);
	result("over itself", dup2(50, 50));
	means("fifty", 50);
	result("a real one over it", dup2(real, 50));
	means("fifty", 50);
	text("in the real one", openat(50, "file", O_RDONLY));
	result("over the real one", dup2(dir, real));
	means("the real one", real);
	result("of nothing", dup2(77, 50));
	means("fifty", 50);
	result("to a wrong number", dup2(dir, -1));
}

CASE(dup3)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	result("closed on exec", dup3(dir, 60, O_CLOEXEC));
	result("is it", fcntl(60, F_GETFD));
	means("sixty", 60);
	result("over itself", dup3(60, 60, 0));
	result("wrong flag", dup3(dir, 61, O_APPEND));
	means("sixty-one", 61);
}

CASE(fcntl)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY | O_CLOEXEC), file = open(at("file"), O_RDONLY | O_NONBLOCK | O_NOATIME);
	int copy = fcntl(dir, F_DUPFD, 80);

	result("F_DUPFD", copy);
	means("eighty", 80);
	result("on exec", fcntl(dir, F_GETFD));
	result("copy on exec", fcntl(copy, F_GETFD));
	result("F_DUPFD_CLOEXEC", fcntl(dir, F_DUPFD_CLOEXEC, 80));
	result("on exec", fcntl(81, F_GETFD));
	means("eighty-one", 81);
	result("F_SETFD", fcntl(dir, F_SETFD, 0));
	result("on exec", fcntl(dir, F_GETFD));
	result("flags of a file", fcntl(file, F_GETFL) & (O_ACCMODE | O_NONBLOCK | O_APPEND));
	result("flags of a directory", fcntl(dir, F_GETFL) & (O_ACCMODE | O_DIRECTORY));
	result("F_SETFL", fcntl(file, F_SETFL, 0));
	result("flags", fcntl(file, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	result("of nothing", fcntl(77, F_GETFD));
}

CASE(fcntl64)
{
	int (*call)(int, int, ...) = dlsym(RTLD_DEFAULT, "fcntl64");

	if (call) {
		result("F_DUPFD", call(open(at("dir"), O_RDONLY | O_DIRECTORY), F_DUPFD, 80));
		means("eighty", 80);
	}
}

CASE(close)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	result("once", close(dir));
	result("twice", close(dir));
	int real = open(out("folder"), O_RDONLY | O_DIRECTORY);
	show("the number again: %d\n", real == dir);
	text("is real", openat(real, "file", O_RDONLY));
	text("is not in the tree", openat(real, "a", O_RDONLY));
}

CASE(close_range)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	dup2(dir, 90);
	dup2(dir, 91);
	dup2(dir, 95);
	if (close_range) {
		result("close_range", close_range(90, 92, 0));
		means("ninety", 90);
		means("ninety-five", 95);
		result("on exec", close_range(95, 95, 4 /* CLOSE_RANGE_CLOEXEC */));
		means("ninety-five", 95);
		result("is it", fcntl(95, F_GETFD));
		result("wrong", close_range(95, 94, 0));
	}
	result("by syscall", syscall(SYS_close_range, 95, 95, 0));
	means("ninety-five", 95);
	means("the first", dir);
	int real = open(out("folder"), O_RDONLY);
	dup2(real, 95);
	text("ninety-five is real", openat(95, "file", O_RDONLY));
}

CASE(closefrom)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	dup2(dir, 70);
	if (closefrom) {
		closefrom(71);
		means("seventy", 70);
		closefrom(60);
		means("seventy", 70);
		means("the first", dir);
		int real = open(out("folder"), O_RDONLY);
		dup2(real, 70);
		text("seventy is real", openat(70, "file", O_RDONLY));
	}
}

/* Reading at places, past the end, in pieces. */
CASE(pread)
{
	int fd = open(at("big"), O_RDONLY);
	char buffer[16] = "", other[16] = "";
	struct iovec pieces[2] = {{buffer, 4}, {other, 4}};

	result("pread", pread(fd, buffer, 9, 5000));
	show("%s\n", buffer);
	result("past the end", pread(fd, buffer, 9, 1 << 20));
	result("over the end", pread(fd, buffer, 9, 9997));
	result("negative", pread(fd, buffer, 9, -1));
	result("pread64", pread64(fd, buffer, 9, 10));
	show("%s\n", buffer);
	result("readv", readv(fd, pieces, 2));
	show("%.4s %.4s\n", buffer, other);
	result("where", lseek(fd, 0, SEEK_CUR));
	result("directory", pread(open(at("dir"), O_RDONLY), buffer, 1, 0));
	result("path", read(open(at("big"), O_PATH), buffer, 1));
}

CASE(lseek)
{
	int fd = open(at("sparse"), O_RDONLY), dir = open(at("dir"), O_RDONLY);

	result("end", lseek(fd, 0, SEEK_END));
	result("past it", lseek(fd, 100, SEEK_END));
	result("before the start", lseek(fd, -1, SEEK_SET));
	result("64", lseek64(fd, 1 << 20, SEEK_SET));
	text("there", dup(fd));
	show("holes that are found may differ: %d\n", lseek(fd, 0, SEEK_DATA) <= 1 << 20);
	result("no data past the end", lseek(fd, 4 << 20, SEEK_DATA));
	result("directory", lseek(dir, 0, SEEK_SET));
	result("wrong", lseek(fd, 0, 99));
}

CASE(mmap)
{
	struct stat found;
	int fd = open(at("large"), O_RDONLY);
	unsigned long number = 0;

	fstat(fd, &found);
	const unsigned char *mapped = mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_SHARED, fd, 0);
	result("close", close(fd));
	for (off_t i = 0; i < found.st_size; i++)
		number = number * 31 + mapped[i];
	show("%lx\n", number);
	fd = open(at("small"), O_RDONLY);
	mapped = mmap64(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	show("%.16s, then %d\n", (const char *)mapped, mapped[4095]);
	result("empty", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open(at("empty"), O_RDONLY), 0) == MAP_FAILED ? -1 : 0);
	result("of nothing long", mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0);
}

CASE(sendfile)
{
	int file = open(at("file"), O_RDONLY), sink = open(out(""), O_TMPFILE | O_RDWR, 0600);
	off_t from = 5;

	result("sendfile", sendfile(sink, file, NULL, 4));
	result("at a place", sendfile(sink, file, &from, 100));
	result("moved to", (long)from);
	from = 0;
	result("64", sendfile64(sink, file, &from, 4));
	result("rewind", lseek(sink, 0, SEEK_SET));
	text("came", sink);
	result("directory", sendfile(1, open(at("dir"), O_RDONLY), NULL, 4));
}

CASE(copy_file_range)
{
	int file = open(at("big"), O_RDONLY), sink = open(out(""), O_TMPFILE | O_RDWR, 0600);
	loff_t from = 30, to = 0;

	/* over the border of file systems not every kernel copies */
	long copied = copy_file_range(file, &from, sink, &to, 9, 0);
	show("copied, or another file system: %d\n", copied == 9 || (copied < 0 && errno == EXDEV));
	result("wrong flag", copy_file_range(file, NULL, sink, NULL, 9, 7));
}

CASE(fsync)
{
	result("file", fsync(open(at("file"), O_RDONLY)));
	result("directory", fsync(open(at("dir"), O_RDONLY)));
	result("data of a file", fdatasync(open(at("file"), O_RDONLY)));
	result("nothing", fsync(77));
}

CASE(large_and_empty)
{
	sum("large", open(at("large"), O_RDONLY));
	sum("sparse", open(at("sparse"), O_RDONLY));
	sum("page", open(at("page"), O_RDONLY));
	sum("empty", open(at("empty"), O_RDONLY));
	sum("deep", open(at("deep/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/bottom"), O_RDONLY));
}

/* A thousand descriptors at once, each its own. */
CASE(many)
{
	static int fds[900];
	char name[32], buffer[8];
	int wrong = 0, count = 0;

	for (int i = 0; i < 900; i++) {
		snprintf(name, sizeof name, "thousand/f%03d", i);
		fds[i] = open(at(name), O_RDONLY);
		count += fds[i] >= 0;
	}
	for (int i = 0; i < 900; i++) {
		snprintf(name, sizeof name, "f%03d", i);
		wrong += read(fds[i], buffer, sizeof buffer) != 4 || memcmp(buffer, name, 4);
	}
	show("%d open, %d wrong\n", count, wrong);
	for (int i = 0; i < 900; i++)
		close(fds[i]);
	result("and all can be opened again", open(at("file"), O_RDONLY) < 0 ? -1 : 0);
}
