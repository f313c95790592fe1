/*
 * Changes bytes of what the shim reads, one at a time, and opens every file of the tree each time: flip_store STORE IMAGE TREE COUNT
 * SCRATCH. TREE is the real tree that was ingested; of each file COUNT bytes are changed, spread over it, or all of them if COUNT is
 * 0, in three ways. Prints how often what was refused, and ends with 1 at the first file that has other bytes than the real one.
 *
 * With checks (VELO_VERIFY), as is said in docs/USAGE.md: an image of which any byte has changed is refused; of packs and loose inodes
 * the right bytes come, or EIO. Without: damage ends in an answer or an error, and nobody reads outside of the image. Built with the
 * sources of the shim, the wrappers excepted.
 */
#include "velo.h"
#include "velo_format.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 64, WAYS = 3, SECONDS = 3600, LINKS_IN_A_ROW = 64, MANY = 4096 };

struct velo_config velo_config;

struct bytes {
	unsigned char *at;
	size_t length;
};

struct file {
	char *path; /* in the tree */
	struct bytes content;
};

static struct file files[FILES];
static int file_count;
static const char *tree;
static size_t limit;

void __sanitizer_set_report_fd(void *fd);

int velo_ready_slow(void)
{
	return 1;
}

velo_slot velo_exe(void)
{
	return VELO_NO_SLOT;
}

static void fail(const char *what, const char *which, size_t at)
{
	printf("%s: %s, byte %zu\n", what, which, at);
	exit(1);
}

static struct bytes read_file(const char *path)
{
	struct bytes bytes = { NULL, 0 };
	FILE *file = fopen(path, "rb");
	long length;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		fail("cannot be read", path, 0);
	length = ftell(file);
	rewind(file);
	bytes.length = (size_t)length;
	bytes.at = malloc(bytes.length + 1);
	if (bytes.at == NULL || fread(bytes.at, 1, bytes.length, file) != bytes.length)
		fail("cannot be read", path, 0);
	fclose(file);
	return bytes;
}

static int add_file(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	(void)stat;
	(void)where;
	if (type == FTW_F) {
		if (file_count == FILES)
			fail("too many files", path, 0);
		files[file_count].path = strdup(path + strlen(tree) + 1);
		files[file_count++].content = read_file(path);
	}
	return 0;
}

static unsigned char changed(unsigned char value, int way, size_t at)
{
	switch (way) {
	case 0:
		return value ^ (unsigned char)(1u << at % 8);
	case 1:
		return (unsigned char)~value;
	default:
		return 0;
	}
}

/* 0 if the descriptor has just these bytes. */
static int compare(int fd, const struct bytes *expected)
{
	struct stat stat;
	unsigned char *found = malloc(expected->length + 1);
	int same = found != NULL && fstat(fd, &stat) == 0 && (size_t)stat.st_size == expected->length
	           && pread(fd, found, expected->length + 1, 0) == (ssize_t)expected->length
	           && memcmp(found, expected->at, expected->length) == 0;

	free(found);
	return same ? 0 : -1;
}

/* Opens every file; returns how many were refused. */
static int open_all(const char *what, const char *which, size_t at)
{
	int refused = 0;

	for (int i = 0; i < file_count; i++) {
		velo_slot slot = velo_find(files[i].path, strlen(files[i].path));
		struct velo_inode inode;
		int fd;

		if (slot == VELO_NO_SLOT || velo_inode(slot, &inode) < 0)
			fail("a path is lost", files[i].path, at);
		fd = velo_open_blob(&inode, O_CLOEXEC);
		if (fd < 0) {
			if (fd != -EIO)
				fail("another errno than EIO", which, at);
			refused++;
			continue;
		}
		if (compare(fd, &files[i].content) < 0)
			fail(what, which, at);
		close(fd);
	}
	return refused;
}

/* Asks a damaged image everything; only whether that ends well is of interest. */
static void ask_all(void)
{
	char link[VELO_PATH_MAX];

	for (velo_slot slot = 0; slot < MANY; slot++) {
		struct velo_inode inode;
		struct velo_entry entry;
		struct velo_attribute attribute;
		struct velo_extent extent;
		uint32_t position = 0;
		uint32_t cursor = 0;
		uint64_t offset = 0;

		if (velo_inode(slot == 0 ? VELO_ROOT : slot - 1, &inode) < 0)
			continue;
		velo_digest(&inode);
		velo_link(&inode, link, sizeof link);
		for (int i = 0; i < LINKS_IN_A_ROW && velo_next_entry(slot, &position, &entry) == 1; i++)
			velo_child_node(slot, entry.name, entry.length);
		for (int i = 0; i < LINKS_IN_A_ROW && velo_next_attribute(&inode, &cursor, &attribute) == 1; i++)
			;
		for (int i = 0; i < LINKS_IN_A_ROW && velo_next_extent(&inode, &offset, &extent) == 1; i++)
			;
	}
}

static size_t place_of(size_t number, size_t count, size_t length)
{
	return (size_t)((unsigned __int128)length * number / count);
}

static size_t places(size_t length)
{
	return limit == 0 || limit > length ? length : limit;
}

static void flip_image(const struct bytes *image)
{
	size_t count = places(image->length);
	unsigned char *bytes = malloc(image->length);
	long used = 0;
	long flips = 0;

	if (bytes == NULL)
		fail("no memory for", "the image", image->length);
	memcpy(bytes, image->at, image->length);
	for (size_t i = 0; i < count; i++) {
		size_t at = place_of(i, count, image->length);

		for (int way = 0; way < WAYS; way++) {
			bytes[at] = changed(image->at[at], way, at);
			if (bytes[at] == image->at[at])
				continue;
			flips++;
			velo_config.checks = 1;
			if (velo_image_use(bytes, image->length) == 0)
				fail("a changed image is taken for whole", "image", at);
			velo_config.checks = 0;
			if (velo_image_use(bytes, image->length) == 0) {
				used++;
				ask_all();
			}
		}
		bytes[at] = image->at[at];
	}
	free(bytes);
	printf("image: %ld changes, %ld noticed at open without checks\n", flips, flips - used);
}

static void put(int fd, unsigned char byte, size_t at)
{
	if (pwrite(fd, &byte, 1, (off_t)at) != 1)
		fail("cannot be written", "file", at);
}

/* Changes the bytes of a file of the store, in place. */
static long flip_file(const char *path, const char *wrong, long *refused)
{
	struct bytes sound = read_file(path);
	size_t count = places(sound.length);
	long flips = 0;
	int fd;

	chmod(path, 0600);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		fail("cannot be written", path, 0);
	for (size_t i = 0; i < count; i++) {
		size_t at = place_of(i, count, sound.length);
		unsigned char byte = changed(sound.at[at], (int)(i % WAYS), at);

		if (byte == sound.at[at])
			continue;
		flips++;
		put(fd, byte, at);
		*refused += open_all(wrong, path, at);
		put(fd, sound.at[at], at);
	}
	close(fd);
	free(sound.at);
	return flips;
}

static long flips;
static long refusals;

static int flip_pack(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	(void)stat;
	(void)where;
	if (type == FTW_F)
		flips += flip_file(path, "wrong bytes out of a changed pack", &refusals);
	return 0;
}

static int flip_object(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	(void)where;
	if (type == FTW_F && stat->st_size > 0) {
		flips += flip_file(path, "wrong bytes out of a changed loose inode", &refusals);
		chmod(path, stat->st_mode & 07777);
	}
	return 0;
}

static int remove_file(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	(void)stat;
	if (where->level > 0)
		return type == FTW_DP ? rmdir(path) : unlink(path);
	return 0;
}

static void room(char *buffer, size_t size, const char *name)
{
	snprintf(buffer, size, "%s/%s", velo_config.store, name);
}

int main(int argc, char **argv)
{
	char path[VELO_PATH_MAX];
	struct bytes image;

	if (argc != 6)
		fail("store, image, tree, count and scratch", "usage", 0);
	alarm(SECONDS);
	velo_config.at = "/flip";
	velo_config.at_length = 5;
	velo_config.store = argv[1];
	velo_config.store_length = strlen(argv[1]);
	velo_config.room = argv[5];
	velo_config.room_length = strlen(argv[5]);
	velo_config.ready = 1;
	image = read_file(argv[2]);
	tree = argv[3];
	limit = strtoul(argv[4], NULL, 10);
	nftw(tree, add_file, 16, FTW_PHYS);
	/* what people are told of damage is told very often; what the sanitizer says is not */
	__sanitizer_set_report_fd((void *)(uintptr_t)STDOUT_FILENO);
	if (freopen("/dev/null", "w", stderr) == NULL)
		return 2;

	flip_image(&image);

	velo_config.checks = 1;
	if (velo_image_use(image.at, image.length) != 0 || open_all("wrong bytes", "the sound store", 0) != 0)
		fail("refused", "the sound store", 0);
	room(path, sizeof path, "objects");
	nftw(path, flip_object, 16, FTW_PHYS);
	printf("loose inodes: %ld changes, %ld files refused\n", flips, refusals);

	/* from now on every opening makes a loose inode, of right bytes only, without being asked to check */
	velo_config.checks = 0;
	flips = refusals = 0;
	nftw(path, remove_file, 16, FTW_PHYS | FTW_DEPTH);
	rmdir(path);
	room(path, sizeof path, "packs");
	nftw(path, flip_pack, 16, FTW_PHYS);
	printf("packs: %ld changes, %ld files refused\n", flips, refusals);
	return 0;
}
