/* Ways to files that were not given. */
#include "attack.h"
#include <dirent.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

/* read PATH...: any of them can be read. */
static enum result read_any(char **words)
{
	for (; *words != 0; words++) {
		char byte;
		int fd = open(*words, O_RDONLY | O_NONBLOCK);

		if (fd >= 0 && read(fd, &byte, 1) >= 0)
			return SUCCEEDED;
	}
	return REFUSED;
}

/* write PATH...: any of them can be made or written to. */
static enum result write_any(char **words)
{
	for (; *words != 0; words++) {
		int fd = open(*words, O_WRONLY | O_CREAT | O_APPEND, 0666);

		if (fd >= 0 && write(fd, "x", 1) == 1)
			return SUCCEEDED;
	}
	return REFUSED;
}

/* Whether a file of this name is to be had from a directory, or from above it. */
static int climb(int directory, const char *name)
{
	int at = openat(directory, ".", O_PATH | O_DIRECTORY);

	for (int i = 0; at >= 0 && i < 40; i++) {
		int up = openat(at, "..", O_PATH | O_DIRECTORY);

		if (faccessat(at, name, F_OK, 0) == 0) {
			close(at);
			return 1;
		}
		close(at);
		at = up;
	}
	return 0;
}

static int climb_from(const char *path, const char *name)
{
	int directory = open(path, O_PATH | O_DIRECTORY);
	int found = directory >= 0 && climb(directory, name);

	if (directory >= 0)
		close(directory);
	return found;
}

/* The directories that a process stands in, or has open. */
static int climb_from_process(const char *process, const char *name)
{
	static const char *const links[] = {"root", "cwd"};
	char path[512];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "/proc/%s/%s", process, links[i]);
		if (climb_from(path, name))
			return 1;
	}
	for (int fd = 0; fd < 256; fd++) {
		snprintf(path, sizeof path, "/proc/%s/fd/%d", process, fd);
		if (climb_from(path, name))
			return 1;
	}
	return 0;
}

/* climb NAME: a path relative to the machine's root leads to that file, by any directory that can be reached. */
static enum result climb_out(char **words)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	if (processes == 0)
		return broken("/proc");
	for (int fd = 0; fd < 256; fd++)
		if (is_open(fd) && climb(fd, words[0]))
			return SUCCEEDED;
	while ((entry = readdir(processes)) != 0)
		if ((strcmp(entry->d_name, "self") == 0 || atoi(entry->d_name) > 0) &&
		    climb_from_process(entry->d_name, words[0]))
			return SUCCEEDED;
	/* out of a root that is below the working directory, if that may still be chosen */
	if (mkdir("/tmp/below", 0700) == 0 && chroot("/tmp/below") == 0 && climb(AT_FDCWD, words[0]))
		return SUCCEEDED;
	return succeeded_if(climb(AT_FDCWD, words[0]));
}

/* descriptors [N...]: there are others than the standard streams, and than these. */
static enum result descriptors(char **words)
{
	for (int fd = 3; fd < 65536; fd++) {
		int expected = 0;

		for (char **word = words; *word != 0; word++)
			expected |= atoi(*word) == fd;
		if (is_open(fd) && !expected) {
			char path[64], target[512] = "";

			snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
			if (readlink(path, target, sizeof target - 1) >= 0)
				fprintf(stderr, "descriptor %d: %s\n", fd, target);
			return SUCCEEDED;
		}
	}
	return REFUSED;
}

/* table PLACE...: something is mounted elsewhere than at or below these. The root is a place of its own. */
static enum result table(char **words)
{
	static char line[65536];
	FILE *file = fopen("/proc/self/mountinfo", "re");

	if (file == 0)
		return broken("mountinfo");
	while (fgets(line, sizeof line, file) != 0) {
		char point[4096];
		int expected = 0;

		if (sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1)
			return broken(line);
		for (char **word = words; *word != 0; word++) {
			size_t length = strlen(*word);

			expected |= strncmp(point, *word, length) == 0 && (point[length] == 0 || point[length] == '/');
		}
		if (!expected && strcmp(point, "/") != 0) {
			fputs(line, stderr);
			return SUCCEEDED;
		}
	}
	return REFUSED;
}

/* handle PATH: the root of PATH's file system by its number, past all mounts: the inode 2 of ext4, 128 of xfs and 256 of btrfs. */
static enum result handle(char **words)
{
	static const uint32_t roots[] = {2, 128, 256, 1};
	int mount = open(words[0], O_RDONLY);

	if (mount < 0)
		return broken(words[0]);
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		struct {
			uint32_t bytes;
			int32_t type;
			uint32_t number, generation;
		} wanted = {8, 1, roots[i], 0};

		if (syscall(SYS_open_by_handle_at, mount, &wanted, O_RDONLY) >= 0)
			return SUCCEEDED;
	}
	return REFUSED;
}

/* device PATH: a device node there can be opened. */
static enum result device(char **words)
{
	struct stat status;

	if (stat(words[0], &status) != 0 || !(S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)))
		return broken(words[0]);
	return outcome(open(words[0], O_RDONLY | O_NONBLOCK));
}

/* mknod PATH: a device node can be made there, /dev/null's. */
static enum result make_device(char **words)
{
	return outcome(mknod(words[0], S_IFCHR | 0666, makedev(1, 3)));
}

const struct attack file_attacks[] = {
	{"read", read_any},     {"write", write_any},   {"climb", climb_out}, {"descriptors", descriptors},
	{"table", table},       {"handle", handle},     {"device", device},   {"mknod", make_device},
	{0, 0},
};
