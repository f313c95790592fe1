/*
 * What cases of several programs show of files, on top of cases.h. Also where the real folder beside the tree is, which odd.c made.
 */
#ifndef FACTS_H
#define FACTS_H

#define _LARGEFILE64_SOURCE
#include "cases.h"

#define UNUSED __attribute__((unused))

/* The absolute path of something in the real folder outside of the tree; good for the next 8 calls. */
UNUSED static const char *out(const char *relative)
{
	static char folder[PATH_MAX];
	static char buffers[8][2 * PATH_MAX];
	static unsigned next;
	char *buffer = buffers[next++ % 8];

	if (!*folder) {
		ssize_t length = readlink(at("links/out"), folder, sizeof folder - 1);

		if (length < 0) {
			show("no way out: %s\n", errno_name(errno));
			exit(3);
		}
		folder[length] = 0;
	}
	snprintf(buffer, sizeof buffers[0], "%s%s%s", folder, *relative ? "/" : "", relative);
	return buffer;
}

/* Up to 60 bytes from where the descriptor stands, which is then closed. */
UNUSED static void text(const char *what, int fd)
{
	char buffer[60];
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, sizeof buffer);

	if (length < 0) {
		result(what, -1);
	} else {
		while (length > 0 && buffer[length - 1] == '\n')
			length--;
		show("%s: \"%.*s\"\n", what, (int)length, buffer);
	}
	if (fd >= 0)
		close(fd);
}

/* A number for all bytes of a descriptor, which is then closed. */
UNUSED static void sum(const char *what, int fd)
{
	static unsigned char buffer[65536];
	unsigned long number = 14695981039346656037u, bytes = 0;
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, sizeof buffer);

	while (length > 0) {
		for (ssize_t i = 0; i < length; i++)
			number = (number ^ buffer[i]) * 1099511628211u;
		bytes += (unsigned long)length;
		length = read(fd, buffer, sizeof buffer);
	}
	if (length < 0)
		result(what, -1);
	else
		show("%s: %lu bytes, %016lx\n", what, bytes, number);
	if (fd >= 0)
		close(fd);
}

UNUSED static const char *kind(mode_t mode)
{
	return S_ISREG(mode)    ? "file"
	       : S_ISDIR(mode)  ? "directory"
	       : S_ISLNK(mode)  ? "link"
	       : S_ISFIFO(mode) ? "fifo"
	       : S_ISCHR(mode)  ? "device"
	                        : "other";
}

/* Everything of a stat that is the same in each presentation. */
UNUSED static void facts(const char *what, int answer, const struct stat *stat)
{
	if (answer < 0) {
		result(what, answer);
		return;
	}
	show("%s: %s %04o", what, kind(stat->st_mode), stat->st_mode & 07777);
	if (!S_ISDIR(stat->st_mode))
		show(" %ld bytes, %ld names", (long)stat->st_size, (long)stat->st_nlink);
	show(", %s, %ld.%09ld\n", stat->st_uid == geteuid() && stat->st_gid == getegid() ? "mine" : "not mine",
	     (long)stat->st_mtim.tv_sec, stat->st_mtim.tv_nsec);
}

/* Whether two stats are of one file as programs see it. */
UNUSED static int same_file(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Both stats tell the same in all that cp, tar, git and rm compare. */
UNUSED static void agree(const char *what, const struct stat *one, const struct stat *other)
{
	show("%s: %s%s%s%s%s\n", what, same_file(one, other) ? "same file" : "another file",
	     one->st_mode == other->st_mode ? "" : ", another mode", one->st_size == other->st_size ? "" : ", another size",
	     one->st_mtim.tv_sec == other->st_mtim.tv_sec && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec ? "" : ", another time",
	     one->st_nlink == other->st_nlink ? "" : ", another link count");
}

#endif
