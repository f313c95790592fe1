/* Which names are one file: device and inode numbers must agree over every call, and be of one file only. */
#include "facts.h"

#include <dirent.h>

CASE(hard_links)
{
	struct stat one, other;

	if (stat(at("hard"), &one) || stat(at("hard2"), &other))
		show("missing\n");
	agree("two names", &one, &other);
	if (lstat(at("third"), &other) == 0)
		agree("a third", &one, &other);
	if (stat(at("file"), &one) == 0 && stat(at("same"), &other) == 0)
		show("equal contents: %s\n", same_file(&one, &other) ? "same file" : "another file");
	int fd = open(at("hard2"), O_RDONLY);
	if (stat(at("hard"), &one) == 0 && fstat(fd, &other) == 0)
		agree("by descriptor", &one, &other);
}

static int compare(const void *one, const void *other)
{
	ino_t a = *(const ino_t *)one, b = *(const ino_t *)other;

	return a < b ? -1 : a > b;
}

/* A thousand files have a thousand numbers, readdir's among them, and one device. */
CASE(unique)
{
	static ino_t numbers[2000];
	size_t count = 0, different = 1, disagreeing = 0, devices = 0;
	struct stat root_stat, found;
	struct dirent *entry;
	DIR *directory = opendir(at("thousand"));

	stat(root, &root_stat);
	while (directory && (entry = readdir(directory)) && count < 2000) {
		if (fstatat(dirfd(directory), entry->d_name, &found, 0))
			continue;
		if (entry->d_name[0] == '.')
			continue;
		disagreeing += found.st_ino != entry->d_ino;
		devices += found.st_dev != root_stat.st_dev;
		numbers[count++] = found.st_ino;
	}
	qsort(numbers, count, sizeof *numbers, compare);
	for (size_t i = 1; i < count; i++)
		different += numbers[i] != numbers[i - 1];
	show("%zu files, %zu numbers, %zu disagree with readdir, %zu on other devices\n", count, different, disagreeing, devices);
}

/* The same through every way to a file. */
CASE(ways)
{
	static const char *const ways[] = {"dir/a", "to-dir/a", "slash/a", "dir/../dir/a", "dir//a", "dir/root/dir/a", "links/home/dir/a",
					   "links/dir/a", "absolute/a", "dir/sub/back/dir/a"};
	struct stat first, found;

	stat(at("dir/a"), &first);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (stat(at(ways[i]), &found))
			result(ways[i], -1);
		else
			agree(ways[i], &first, &found);
	}
	if (stat(out("into/a"), &found) == 0)
		agree("from outside", &first, &found);
	if (chdir(at("dir/sub")) == 0 && stat("../a", &found) == 0)
		agree("from a working directory", &first, &found);
}

/* The numbers stay when a file is opened, read, and opened again, and in another process. */
CASE(stable)
{
	struct stat before, after;

	stat(at("page"), &before);
	sum("page", open(at("page"), O_RDONLY));
	stat(at("page"), &after);
	agree("after reading", &before, &after);
	int one = open(at("page"), O_RDONLY), other = open(at("page"), O_RDONLY);
	if (fstat(one, &before) == 0 && fstat(other, &after) == 0)
		agree("two descriptors", &before, &after);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		stat(at("page"), &after);
		agree("in a child", &before, &after);
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

/* Directories: dot and dot-dot are who they should be; the tree's root is not the folder around it. */
CASE(directories)
{
	struct stat one, other;

	if (stat(at("dir"), &one) == 0 && stat(at("dir/."), &other) == 0)
		show("dot: %d\n", same_file(&one, &other));
	if (stat(at("dir/sub/.."), &other) == 0)
		show("dot-dot: %d\n", same_file(&one, &other));
	if (stat(root, &one) == 0 && stat(at("dir/.."), &other) == 0)
		show("root: %d\n", same_file(&one, &other));
	if (stat(at(".."), &other) == 0)
		show("the folder around it: %d\n", same_file(&one, &other));
	if (stat(above, &one) == 0)
		show("which is above: %d\n", same_file(&one, &other));
	if (stat(at("links/home/."), &one) == 0 && stat(root, &other) == 0)
		show("home: %d\n", same_file(&one, &other));
	int fd = open(at("dir"), O_RDONLY | O_DIRECTORY);
	if (stat(at("dir"), &one) == 0 && fstat(fd, &other) == 0)
		show("by descriptor: %d\n", same_file(&one, &other));
}
