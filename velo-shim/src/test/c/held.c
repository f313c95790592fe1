/* Every call that would change the tree through a descriptor of one of its files or directories. */
#include "facts.h"

#include <dlfcn.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>

extern int posix_fallocate64(int, off_t, off_t) __attribute__((weak));
extern int fallocate64(int, int, off_t, off_t) __attribute__((weak));

/* The call on a file, an empty file, a directory, a path, a copy of a descriptor, and nothing. */
static void each(int (*call)(int fd))
{
	int file = open(at("file"), O_RDONLY);

	result("file", call(file));
	result("empty", call(open(at("empty"), O_RDONLY)));
	result("large", call(open(at("large"), O_RDONLY)));
	result("hard link", call(open(at("hard2"), O_RDONLY)));
	result("directory", call(open(at("dir"), O_RDONLY)));
	result("root", call(open(root, O_RDONLY)));
	result("path", call(open(at("file"), O_PATH)));
	result("path of a directory", call(open(at("dir"), O_PATH)));
	result("copy", call(dup(file)));
	result("copy by fcntl", call(fcntl(file, F_DUPFD_CLOEXEC, 100)));
	result("from outside", call(open(out("into/a"), O_RDONLY)));
	result("from nothing", call(77));
	text("as it was", open(at("file"), O_RDONLY));
}

#define EACH(name, expression)                          \
	static int by_##name(int fd)                    \
	{                                               \
		return (int)(expression);               \
	}                                               \
	CASE(name)                                      \
	{                                               \
		each(by_##name);                        \
	}

static struct iovec vector = {"x", 1};

EACH(write, write(fd, "x", 1))
EACH(pwrite, pwrite(fd, "x", 1, 0))
EACH(writev, writev(fd, &vector, 1))
EACH(ftruncate, ftruncate(fd, 0))
EACH(ftruncate_64, ftruncate64(fd, 100))
EACH(fallocate, fallocate(fd, 0, 0, 4096))
EACH(fallocate_64, fallocate64 ? fallocate64(fd, 0, 0, 4096) : 0)
EACH(posix_fallocate, posix_fallocate(fd, 0, 4096))
EACH(posix_fallocate_64, posix_fallocate64 ? posix_fallocate64(fd, 0, 4096) : 0)
EACH(fchmod, fchmod(fd, 0600))
EACH(fchown, fchown(fd, geteuid(), getegid()))
EACH(fchownat, fchownat(fd, "", geteuid(), getegid(), AT_EMPTY_PATH))
EACH(futimens, futimens(fd, NULL))
EACH(futimes, futimes(fd, NULL))
EACH(utimensat, utimensat(fd, "", NULL, AT_EMPTY_PATH))
EACH(fsetxattr, fsetxattr(fd, "user.new", "x", 1, 0))
EACH(fremovexattr, fremovexattr(fd, "user.velo"))
EACH(syscall, syscall(SYS_fchmod, fd, 0600))

CASE(flock)
{
	int file = open(at("file"), O_RDONLY);

	result("file", flock(file, LOCK_EX | LOCK_NB));
	result("the same again", flock(open(at("file"), O_RDONLY), LOCK_EX | LOCK_NB));
	result("another", flock(open(at("same"), O_RDONLY), LOCK_EX | LOCK_NB));
	result("path", flock(open(at("file"), O_PATH), LOCK_EX | LOCK_NB));
	result("unlock", flock(file, LOCK_UN));
	result("shared", flock(open(at("file"), O_RDONLY), LOCK_SH | LOCK_NB));
}

/* Those of trees are all one to the kernel. */
CASE(flock_directories)
{
	result("directory", flock(open(at("dir"), O_RDONLY), LOCK_EX | LOCK_NB));
	result("root", flock(open(root, O_RDONLY), LOCK_EX | LOCK_NB));
}

static int by_lock(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_SETLK, &lock);
}

static int by_read_lock(int fd)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_SETLK, &lock);
}

CASE(fcntl_lock)
{
	each(by_lock);
	each(by_read_lock);
}

static int map(int fd, int protection, int flags, void *(*call)(void *, size_t, int, int, int, off_t))
{
	char *mapped = call(NULL, 4096, protection, flags, fd, 0);

	if (mapped == MAP_FAILED)
		return -1;
	munmap(mapped, 4096);
	return 0;
}

CASE(mmap)
{
	int file = open(at("page"), O_RDONLY);

	result("shared, to write", map(file, PROT_READ | PROT_WRITE, MAP_SHARED, mmap));
	result("private, to write", map(file, PROT_READ | PROT_WRITE, MAP_PRIVATE, mmap));
	result("shared, to read", map(file, PROT_READ, MAP_SHARED, mmap));
	char *mapped = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
	result("made writable", mprotect(mapped, 4096, PROT_READ | PROT_WRITE));
	result("directory", map(open(at("dir"), O_RDONLY), PROT_READ, MAP_PRIVATE, mmap));
	result("path", map(open(at("page"), O_PATH), PROT_READ, MAP_PRIVATE, mmap));
	char *own = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	own[0] = '#';
	sum("as it was", open(at("page"), O_RDONLY));
}

CASE(mmap64)
{
	int file = open(at("page"), O_RDONLY);

	result("shared, to write", map(file, PROT_READ | PROT_WRITE, MAP_SHARED, mmap64));
	result("shared, to read", map(file, PROT_READ, MAP_SHARED, mmap64));
}

/* Bytes that would be moved into the tree by the kernel itself. */
CASE(moved_by_the_kernel)
{
	int file = open(at("file"), O_RDONLY), real = open(out("real"), O_RDONLY), pipes[2];
	off_t from = 0, to = 0;

	result("sendfile", sendfile(file, real, &from, 3));
	result("copy_file_range", copy_file_range(real, &from, file, &to, 3, 0));
	result("pipe", pipe(pipes));
	result("write", write(pipes[1], "xyz", 3));
	result("splice", splice(pipes[0], NULL, file, &to, 3, 0));
	text("as it was", open(at("file"), O_RDONLY));
}

/* A descriptor is opened anew by its link in /proc, and changed by it. */
CASE(by_proc)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", open(at("file"), O_RDONLY));
	result("open", open(path, O_RDWR));
	result("truncate", truncate(path, 0));
	result("chmod", chmod(path, 0600));
	result("chown", chown(path, geteuid(), getegid()));
	result("utimes", utimes(path, NULL));
	result("access", access(path, W_OK));
	result("setxattr", setxattr(path, "user.new", "x", 1, 0));
	given("fopen", fopen(path, "w"));
	snprintf(path, sizeof path, "/proc/self/fd/%d/new", open(at("dir"), O_RDONLY));
	result("create", open(path, O_CREAT | O_WRONLY, 0644));
	result("mkdir", mkdir(path, 0755));
	text("as it was", open(at("file"), O_RDONLY));
}

CASE(streams)
{
	FILE *stream = fopen(at("file"), "r");

	result("write", fputs("x", stream) == EOF ? -1 : 0);
	clearerr(stream);
	given("fdopen", fdopen(open(at("file"), O_RDONLY), "r+"));
	text("as it was", open(at("file"), O_RDONLY));
}

/* Root may write to any file, whatever its mode: the file behind a descriptor must not be one that could be. */
CASE(memory)
{
	char path[64];
	int fd = open(at("file"), O_RDONLY);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (int flags = 0; flags < 2; flags++)
		result("open", open(path, flags ? O_WRONLY : O_WRONLY | O_TRUNC));
	result("seals can be asked for", fcntl(fd, F_GETFL) & O_ACCMODE);
}
