/* Directory streams and lists of directories by descriptor. */
#include "cases.h"

#include <dirent.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/syscall.h>

static char letter(unsigned char type)
{
	switch (type) {
	case DT_REG:
		return 'f';
	case DT_DIR:
		return 'd';
	case DT_LNK:
		return 'l';
	case DT_FIFO:
		return 'p';
	default:
		return '?';
	}
}

static int count_entries(DIR *stream)
{
	int count = 0;

	while (readdir(stream))
		count++;
	return count;
}

static void list(DIR *stream)
{
	struct lines lines = {NULL, 0};
	struct dirent *entry;

	errno = 0;
	while ((entry = readdir(stream)))
		add_line(&lines, "%c %s", letter(entry->d_type), entry->d_name);
	if (errno)
		result("readdir", -1);
	show_sorted(&lines);
}

static void list_path(const char *path)
{
	DIR *stream = opendir(path);

	given(path, stream);
	if (stream) {
		list(stream);
		result("closedir", closedir(stream));
	}
}

static void open_only(const char *path)
{
	DIR *stream = opendir(path);

	given(path, stream);
	if (stream)
		closedir(stream);
}

/* A directory with other things in it is only asked whether the tree is there. */
static void look_for_tree(const char *path)
{
	const char *name = root + strlen(above) + 1;
	DIR *stream = opendir(path);
	struct dirent *entry;
	int found = 0;
	char type = 0;

	given(path, stream);
	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		if (!strcmp(entry->d_name, name)) {
			found++;
			type = letter(entry->d_type);
		}
	}
	show("the tree is there: %d %c\n", found, type);
	closedir(stream);
}

CASE(list_root)
{
	list_path(root);
}

CASE(list_directories)
{
	list_path(at("dir"));
	list_path(at("dir/empty"));
	list_path(at("names"));
	list_path(at("dir/sub/deep/"));
}

CASE(list_many)
{
	list_path(at("many"));
}

CASE(list_by_links)
{
	list_path(at("to-dir"));
	list_path(at("slash"));
	list_path(at("slash/"));
	list_path(at("absolute/sub"));
	list_path(at("dir/sub/back/dir/sub"));
}

CASE(list_relative)
{
	result("chdir", chdir(at("dir")));
	list_path("sub");
	list_path(".");
	list_path("../names");
	list_path("./sub//../empty/.");
	list_path("sub/back/dir/empty");
}

CASE(list_above)
{
	look_for_tree(above);
	look_for_tree(at(".."));
	look_for_tree(at("dir/../.."));
	look_for_tree(at("out"));
	result("chdir", chdir(root));
	look_for_tree("..");
	result("chdir", chdir(above));
	look_for_tree(".");
}

CASE(list_above_by_descriptor)
{
	int fd = opened("open", open(above, O_RDONLY | O_DIRECTORY));
	DIR *stream = fdopendir(fd);
	const char *name = root + strlen(above) + 1;
	struct dirent *entry;
	int found = 0;

	given("fdopendir", stream);
	for (int round = 0; round < 2; round++) {
		while ((entry = readdir(stream)))
			found += !strcmp(entry->d_name, name);
		show("found %d, the same descriptor %d\n", found, dirfd(stream) == fd);
		rewinddir(stream);
	}
	result("closedir", closedir(stream));
}

CASE(seek_above)
{
	DIR *stream = opendir(above);
	const char *name = root + strlen(above) + 1;
	struct dirent *entry;
	long before = telldir(stream);
	int found = 0;

	while ((entry = readdir(stream)) && strcmp(entry->d_name, name))
		before = telldir(stream);
	seekdir(stream, before);
	entry = readdir(stream);
	show("again: %d\n", entry && !strcmp(entry->d_name, name));
	before = telldir(stream);
	while (readdir(stream))
		;
	seekdir(stream, before);
	while ((entry = readdir(stream)))
		found += !strcmp(entry->d_name, name);
	show("behind it: %d\n", found);
	closedir(stream);
}

CASE(open_errors)
{
	char longer[PATH_MAX + 100];
	static const char *const paths[] = {
		"nothing", "nothing/more", "file", "file/", "file/more", "link", "dangling", "loop", "loop1", "dir/up",
		"closed", "fifo", "locked", "locked/.", "locked/inside", "chain/", "dir/nothing/..", "empty/..",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		open_only(at(paths[i]));
	open_only("");
	memset(longer, 'x', sizeof(longer));
	longer[300] = 0;
	given("name too long", opendir(at(longer)));
	longer[300] = 'x';
	longer[sizeof(longer) - 1] = 0;
	given("path too long", opendir(longer));
}

CASE(errno_stays)
{
	DIR *stream;

	errno = ENOTTY;
	stream = opendir(at("dir"));
	show("opendir: %s\n", errno_name(errno));
	count_entries(stream);
	show("readdir: %s\n", errno_name(errno));
	show("readdir at the end: %d", readdir(stream) != NULL);
	show(" %s\n", errno_name(errno));
	rewinddir(stream);
	seekdir(stream, telldir(stream));
	show("seekdir: %s\n", errno_name(errno));
	dirfd(stream);
	show("dirfd: %s\n", errno_name(errno));
	closedir(stream);
	show("closedir: %s\n", errno_name(errno));
}

CASE(entries_are_sound)
{
	DIR *stream = opendir(at("dir"));
	struct dirent *entry;

	while ((entry = readdir(stream))) {
		struct stat stat;
		size_t least = offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1;

		if (fstatat(dirfd(stream), entry->d_name, &stat, AT_SYMLINK_NOFOLLOW))
			result(entry->d_name, -1);
		else if (stat.st_ino != entry->d_ino)
			show("%s: another inode\n", entry->d_name);
		else if ((mode_t)DTTOIF(entry->d_type) != (stat.st_mode & S_IFMT))
			show("%s: another type\n", entry->d_name);
		if (entry->d_reclen < least || entry->d_reclen > sizeof(*entry) || entry->d_reclen % 8)
			show("%s: length %d\n", entry->d_name, entry->d_reclen);
		if (entry->d_off != telldir(stream))
			show("%s: another position\n", entry->d_name);
	}
	closedir(stream);
	show("done\n");
}

CASE(descriptor_of_stream)
{
	DIR *stream = opendir(at("dir"));
	struct stat stat_one;
	struct stat stat_other;
	int fd;

	readdir(stream);
	fd = opened("dirfd", dirfd(stream));
	show("again the same: %d\n", fd == dirfd(stream));
	result("FD_CLOEXEC", fcntl(fd, F_GETFD));
	show("directory: %d\n", (fcntl(fd, F_GETFL) & (O_ACCMODE | O_DIRECTORY)) == (O_RDONLY | O_DIRECTORY));
	result("fstat", fstat(fd, &stat_one));
	result("stat", stat(at("dir"), &stat_other));
	show("the same: %d\n", stat_one.st_ino == stat_other.st_ino && stat_one.st_dev == stat_other.st_dev);
	opened("openat", openat(fd, "a", O_RDONLY));
	opened("openat ..", openat(fd, "../file", O_RDONLY));
	result("fchdir", fchdir(fd));
	result("access", access("sub/deep/leaf", R_OK));
	show("the rest: %d\n", count_entries(stream));
	result("closedir", closedir(stream));
	result("closed", fcntl(fd, F_GETFD));
}

CASE(stream_of_descriptor)
{
	int fd = opened("open", open(at("dir/sub"), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	DIR *stream = fdopendir(fd);

	given("fdopendir", stream);
	show("the same: %d\n", dirfd(stream) == fd);
	list(stream);
	result("closedir", closedir(stream));
	result("closed", fcntl(fd, F_GETFD));
}

CASE(stream_of_relative_descriptor)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY);
	int inner = opened("openat", openat(fd, "dir/sub/deep", O_RDONLY));
	DIR *stream = fdopendir(inner);

	list(stream);
	closedir(stream);
	result("still open", fcntl(fd, F_GETFD));
}

CASE(stream_of_duplicate)
{
	int fd = open(at("dir"), O_RDONLY | O_DIRECTORY);

	for (int round = 0; round < 2; round++) {
		DIR *stream = fdopendir(dup(fd));

		show("entries: %d\n", count_entries(stream));
		rewinddir(stream);
		closedir(stream);
	}
}

CASE(stream_of_descriptor_errors)
{
	given("file", fdopendir(open(at("file"), O_RDONLY)));
	given("closed", fdopendir(987));
	given("negative", fdopendir(-1));
	given("path only", fdopendir(open(at("dir"), O_PATH | O_DIRECTORY)));
}

CASE(seek)
{
	DIR *stream = opendir(at("many"));
	static char names[600][8];
	static long positions[600];
	struct dirent *entry;
	int count = 0;
	int wrong = 0;

	for (positions[0] = telldir(stream); (entry = readdir(stream)); positions[count] = telldir(stream))
		snprintf(names[count++], sizeof(names[0]), "%.7s", entry->d_name);
	show("entries: %d\n", count);
	for (int i = count - 1; i >= 0; i -= 7) {
		seekdir(stream, positions[i]);
		entry = readdir(stream);
		wrong += !entry || strcmp(entry->d_name, names[i]);
	}
	show("wrong: %d\n", wrong);
	seekdir(stream, positions[count]);
	show("at the end: %d\n", readdir(stream) == NULL);
	rewinddir(stream);
	entry = readdir(stream);
	show("at the beginning: %d\n", entry && !strcmp(entry->d_name, names[0]));
	closedir(stream);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
CASE(list_reentrant)
{
	DIR *stream = opendir(at("dir"));
	struct lines lines = {NULL, 0};
	struct dirent entry;
	struct dirent *found;

	while (!readdir_r(stream, &entry, &found) && found)
		add_line(&lines, "%c %s %d", letter(found->d_type), found->d_name, found == &entry);
	show_sorted(&lines);
	result("at the end", readdir_r(stream, &entry, &found));
	show("nothing: %d\n", found == NULL);
	closedir(stream);
}

static unsigned char seen[500];

static void *read_shared(void *stream)
{
	struct dirent entry;
	struct dirent *found;

	while (!readdir_r(stream, &entry, &found) && found)
		if (found->d_name[0] != '.')
			__atomic_add_fetch(&seen[atoi(found->d_name)], 1, __ATOMIC_RELAXED);
	return NULL;
}
#pragma GCC diagnostic pop

CASE(threads_share_a_stream)
{
	DIR *stream = opendir(at("many"));
	pthread_t threads[8];
	int wrong = 0;

	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, read_shared, stream);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 500; i++)
		wrong += seen[i] != 1;
	show("wrong: %d\n", wrong);
	closedir(stream);
}

static void *read_own(void *wrong)
{
	for (int round = 0; round < 50; round++) {
		DIR *stream = opendir(at("dir/sub"));

		if (!stream || count_entries(stream) != 4 || closedir(stream))
			__atomic_add_fetch((int *)wrong, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

CASE(threads_with_streams)
{
	pthread_t threads[16];
	int wrong = 0;

	for (int i = 0; i < 16; i++)
		pthread_create(&threads[i], NULL, read_own, &wrong);
	for (int i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	show("wrong: %d\n", wrong);
}

CASE(hundreds_of_streams)
{
	static DIR *streams[300];
	int wrong = 0;

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 300; i++)
			streams[i] = opendir(i % 2 ? root : at("dir/sub"));
		for (int i = 0; i < 300; i++)
			wrong += !streams[i] || !readdir(streams[i]);
		for (int i = 0; i < 300; i++)
			wrong += count_entries(streams[i]) != (i % 2 ? 26 : 4) - 1;
		for (int i = 299; i >= 0; i -= 2)
			wrong += closedir(streams[i]);
		for (int i = 0; i < 300; i += 2)
			wrong += closedir(streams[i]);
	}
	show("wrong: %d\n", wrong);
}

CASE(child_reads_on)
{
	DIR *stream = opendir(at("dir"));
	int count = 0;
	int status = 0;
	pid_t child;

	while (count < 4 && readdir(stream))
		count++;
	child = fork();
	if (!child)
		_exit(count_entries(stream));
	waitpid(child, &status, 0);
	show("the child: %d\n", WEXITSTATUS(status));
	show("the parent: %d\n", count_entries(stream));
	closedir(stream);
}

static void list_raw(const char *path, size_t size)
{
	int fd = open(path, O_RDONLY);
	struct lines lines = {NULL, 0};
	char *buffer = aligned_alloc(16, 65536);
	long got;

	while ((got = syscall(SYS_getdents64, fd, buffer, size)) > 0) {
		for (long done = 0; done < got;) {
			struct dirent *entry = (struct dirent *)(void *)(buffer + done);

			add_line(&lines, "%c %s", letter(entry->d_type), entry->d_name);
			done += entry->d_reclen;
		}
	}
	result("getdents64", got);
	show_sorted(&lines);
	result("lseek", lseek(fd, 0, SEEK_SET));
	show("again: %d\n", syscall(SYS_getdents64, fd, buffer, size) > 0);
	close(fd);
	free(buffer);
}

CASE(raw_lists)
{
	list_raw(at("dir"), 65536);
	list_raw(at("dir/sub"), 32);
	list_raw(at("names"), 512);
	list_raw(at("file"), 1024);
}

CASE(raw_list_too_small)
{
	char buffer[64] __attribute__((aligned(16)));
	int fd = open(at("names"), O_RDONLY);

	result("8 bytes", syscall(SYS_getdents64, fd, buffer, 8));
	result("24 bytes", syscall(SYS_getdents64, fd, buffer, 24));
	result("24 bytes", syscall(SYS_getdents64, fd, buffer, 24));
	result("closed", syscall(SYS_getdents64, 987, buffer, 64));
}

CASE(raw_list_above)
{
	char *buffer = aligned_alloc(16, 1 << 20);
	int fd = open(above, O_RDONLY);
	const char *name = root + strlen(above) + 1;
	int found = 0;
	long got;

	while ((got = syscall(SYS_getdents64, fd, buffer, 1 << 20)) > 0) {
		for (long done = 0; done < got;) {
			struct dirent *entry = (struct dirent *)(void *)(buffer + done);

			found += !strcmp(entry->d_name, name);
			done += entry->d_reclen;
		}
	}
	show("found: %d\n", found);
	free(buffer);
}

#ifdef __GLIBC__
CASE(list_by_getdents64)
{
	char buffer[4096] __attribute__((aligned(16)));
	int fd = open(at("dir/empty"), O_RDONLY);
	off_t base = 99;

	show("entries: %d\n", getdents64(fd, buffer, sizeof(buffer)) > 0);
	result("at the end", getdents64(fd, buffer, sizeof(buffer)));
	lseek(fd, 0, SEEK_SET);
	show("entries: %d\n", getdirentries(fd, buffer, sizeof(buffer), &base) > 0);
	result("base", base);
}
#endif
