/* Every call that tells what a file is, by path and by descriptor, and that they agree. */
#include "facts.h"

#include <dlfcn.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

/* As linux/stat.h has it: not every libc knows statx. */
struct large_stat {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, unused;
	uint64_t ino, size, blocks, attributes_mask;
	struct {
		int64_t sec;
		uint32_t nsec;
		int32_t unused;
	} atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t more[14];
};
enum { TYPE = 1, ATIME = 0x20, BASIC_STATS = 0x7ff, FORCE_SYNC = 0x2000, SYNC_TYPE = 0x6000 };
static const unsigned RESERVED = 0x80000000u;

static const char *volatile nothing;

static const char *const paths[] = {
	"", "/", "file", "empty", "script", "closed", "private", "execute", "hard", "hard2", "third", "page", "large", "sparse", "fifo",
	"dir", "dir/", "dir/.", "dir/..", "dir/sub/..", "locked", "link", "link/", "chain", "to-dir", "to-dir/", "to-dir/a", "slash",
	"absolute", "dangling", "dangling/", "loop", "loop1/x", "missing", "missing/x", "file/", "file/x", "dir/root", "dir/up",
	"links/long", "links/home", "links/home/file", "links/out-file", "links/back", "links/through", "links/dot/dot/dot/file",
	"links/c39", "links/c40", "names/\xff\xfe", "names/new\nline", "names/...", "locked/inside", "thousand/f999", "dir/empty",
};

/* The modes of setuid files are shown apart: trees that are not trusted lose that bit. */
static void each(int (*call)(const char *path, struct stat *stat))
{
	struct stat stat;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		facts(paths[i], call(at(paths[i]), &stat), &stat);
	result("empty path", call("", &stat));
	result("real", call(out("real"), &stat));
	result("real, into the tree", call(out("into/a"), &stat));
	result("real, into the tree, missing", call(out("into/missing"), &stat));
	result("no path", call(nothing, &stat));
}

static int by_stat(const char *path, struct stat *found)
{
	return stat(path, found);
}

static int by_lstat(const char *path, struct stat *found)
{
	return lstat(path, found);
}

CASE(stat)
{
	each(by_stat);
}

CASE(lstat)
{
	each(by_lstat);
}

CASE(setuid)
{
	struct stat stat;

	facts("setuid", lstat(at("setuid"), &stat), &stat);
}

static void copy64(struct stat *to, const struct stat64 *from)
{
	memset(to, 0, sizeof *to);
	to->st_dev = from->st_dev;
	to->st_ino = from->st_ino;
	to->st_mode = from->st_mode;
	to->st_nlink = from->st_nlink;
	to->st_uid = from->st_uid;
	to->st_gid = from->st_gid;
	to->st_size = from->st_size;
	to->st_mtim = from->st_mtim;
}

static int by_stat64(const char *path, struct stat *found)
{
	struct stat64 large;
	int answer = stat64(path, &large);

	if (!answer)
		copy64(found, &large);
	return answer;
}

static int by_lstat64(const char *path, struct stat *found)
{
	struct stat64 large;
	int answer = lstat64(path, &large);

	if (!answer)
		copy64(found, &large);
	return answer;
}

CASE(stat64)
{
	each(by_stat64);
}

CASE(lstat64)
{
	each(by_lstat64);
}

static int by_fstatat(const char *path, struct stat *found)
{
	return fstatat(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
}

static void from_directories(int (*call)(int, const char *, struct stat *, int))
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);
	int real = open(out(""), O_RDONLY | O_DIRECTORY);
	int file = open(at("file"), O_RDONLY);
	struct stat found;

	facts("below", call(dir, "a", &found, 0), &found);
	facts("dot", call(dir, ".", &found, 0), &found);
	facts("up", call(dir, "../file", &found, 0), &found);
	facts("a link", call(dir, "up", &found, 0), &found);
	facts("a link itself", call(dir, "up", &found, AT_SYMLINK_NOFOLLOW), &found);
	facts("itself", call(dir, "", &found, AT_EMPTY_PATH), &found);
	facts("a file itself", call(file, "", &found, AT_EMPTY_PATH), &found);
	result("empty path", call(dir, "", &found, 0));
	result("missing", call(dir, "missing", &found, 0));
	result("from a file", call(file, "a", &found, 0));
	result("from nothing", call(77, "a", &found, 0));
	facts("absolute from nothing", call(77, at("file"), &found, 0), &found);
	facts("from a real directory into the tree", call(real, "into/a", &found, 0), &found);
	result("from a real directory", call(real, "real", &found, 0));
	result("wrong flag", call(dir, "a", &found, 0x8000000));
}

CASE(fstatat)
{
	each(by_fstatat);
	from_directories(fstatat);
}

static int at64(int dirfd, const char *path, struct stat *found, int flags)
{
	struct stat64 large;
	int answer = fstatat64(dirfd, path, &large, flags);

	if (!answer)
		copy64(found, &large);
	return answer;
}

CASE(fstatat64)
{
	from_directories(at64);
}

static void by_descriptor(int (*call)(int, struct stat *))
{
	static const char *const names[] = {"file", "empty", "large", "sparse", "dir", "dir/empty", "hard2", "", "closed", "private"};
	struct stat found, before;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		int fd = open(at(names[i]), O_RDONLY | O_NONBLOCK);

		facts(names[i], call(fd, &found), &found);
		if (stat(at(names[i]), &before) == 0)
			agree(names[i], &before, &found);
		if (fd >= 0 && close(fd) == 0)
			result("closed", call(fd, &found));
	}
	int link = open(at("link"), O_PATH | O_NOFOLLOW);
	facts("the link itself", call(link, &found), &found);
	result("nothing", call(77, &found));
}

CASE(fstat)
{
	by_descriptor(fstat);
}

static int by_fstat64(int fd, struct stat *found)
{
	struct stat64 large;
	int answer = fstat64(fd, &large);

	if (!answer)
		copy64(found, &large);
	return answer;
}

CASE(fstat64)
{
	by_descriptor(by_fstat64);
}

static int from_statx(const struct large_stat *large, struct stat *found)
{
	memset(found, 0, sizeof *found);
	found->st_dev = makedev(large->dev_major, large->dev_minor);
	found->st_ino = large->ino;
	found->st_mode = large->mode;
	found->st_nlink = large->nlink;
	found->st_uid = large->uid;
	found->st_gid = large->gid;
	found->st_size = (off_t)large->size;
	found->st_mtim.tv_sec = large->mtime.sec;
	found->st_mtim.tv_nsec = large->mtime.nsec;
	return 0;
}

static int (*statx_call)(int, const char *, int, unsigned, struct large_stat *);

static int at_by_statx(int dirfd, const char *path, struct stat *found, int flags)
{
	struct large_stat large;

	return statx_call(dirfd, path, flags, BASIC_STATS, &large) ? -1 : from_statx(&large, found);
}

static int by_statx(const char *path, struct stat *found)
{
	return at_by_statx(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
}

CASE(statx)
{
	struct large_stat large;

	statx_call = dlsym(RTLD_DEFAULT, "statx");
	if (!statx_call) {
		show("not in this libc\n");
		return;
	}
	each(by_statx);
	from_directories(at_by_statx);
	result("type only", statx_call(AT_FDCWD, at("file"), 0, TYPE, &large));
	show("type %o\n", (unsigned)large.mode & S_IFMT);
	result("wrong mask", statx_call(AT_FDCWD, at("file"), 0, RESERVED, &large));
	result("fresh", statx_call(AT_FDCWD, at("file"), FORCE_SYNC, BASIC_STATS, &large));
	result("wrong sync", statx_call(AT_FDCWD, at("file"), SYNC_TYPE, BASIC_STATS, &large));
	/* file systems without times of access do not promise them */
	show("all but that time: %d\n", ((large.mask | ATIME) & BASIC_STATS) == BASIC_STATS);
}

static int at_by_syscall(int dirfd, const char *path, struct stat *found, int flags)
{
	struct large_stat large;

	return syscall(SYS_statx, dirfd, path, flags, BASIC_STATS, &large) ? -1 : from_statx(&large, found);
}

static int by_syscall(const char *path, struct stat *found)
{
	return at_by_syscall(AT_FDCWD, path, found, 0);
}

/* As libuv calls it. */
CASE(statx_by_syscall)
{
	each(by_syscall);
	from_directories(at_by_syscall);
#ifdef SYS_newfstatat
	struct stat found;
	facts("newfstatat", (int)syscall(SYS_newfstatat, AT_FDCWD, at("file"), &found, 0), &found);
#endif
}

/* What programs that were linked before glibc 2.33 call; found by name, for they cannot be linked to any more. */
#ifdef __x86_64__
enum { VERSION = 1 };
#else
enum { VERSION = 0 };
#endif

CASE(xstat)
{
	static const char *const calls[] = {"__xstat", "__xstat64", "__lxstat", "__lxstat64"};
	struct stat found;

	for (size_t i = 0; i < 4; i++) {
		int (*call)(int, const char *, struct stat *) = dlsym(RTLD_DEFAULT, calls[i]);

		if (!call) {
			show("%s: not in this libc\n", calls[i]);
			continue;
		}
		facts(calls[i], call(VERSION, at("file"), &found), &found);
		facts(calls[i], call(VERSION, at("link"), &found), &found);
		facts(calls[i], call(VERSION, at("dir"), &found), &found);
		facts(calls[i], call(VERSION, at("missing"), &found), &found);
		result("real", call(VERSION, out("real"), &found));
	}
}

CASE(fxstat)
{
	static const char *const calls[] = {"__fxstat", "__fxstat64"};
	struct stat found, same;
	int fd = open(at("file"), O_RDONLY);

	for (size_t i = 0; i < 2; i++) {
		int (*call)(int, int, struct stat *) = dlsym(RTLD_DEFAULT, calls[i]);

		if (!call) {
			show("%s: not in this libc\n", calls[i]);
			continue;
		}
		facts(calls[i], call(VERSION, fd, &found), &found);
		if (stat(at("file"), &same) == 0)
			agree(calls[i], &same, &found);
		result("nothing", call(VERSION, 77, &found));
	}
}

CASE(fxstatat)
{
	static const char *const calls[] = {"__fxstatat", "__fxstatat64"};
	struct stat found;
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	for (size_t i = 0; i < 2; i++) {
		int (*call)(int, int, const char *, struct stat *, int) = dlsym(RTLD_DEFAULT, calls[i]);

		if (!call) {
			show("%s: not in this libc\n", calls[i]);
			continue;
		}
		facts(calls[i], call(VERSION, dir, "a", &found, 0), &found);
		facts(calls[i], call(VERSION, dir, "up", &found, AT_SYMLINK_NOFOLLOW), &found);
		facts(calls[i], call(VERSION, dir, "missing", &found, 0), &found);
		facts(calls[i], call(VERSION, 77, "a", &found, 0), &found);
	}
}
