/*
 * Adds to the tree of tree.sh what a shell makes badly: odd ROOT OUTSIDE [SEEN], SEEN being where ROOT will be seen. The folder
 * OUTSIDE, which stays real, is made too.
 *
 * ROOT/
 *   page           4,096 bytes                          large    5 MiB and 7 bytes, no two blocks alike
 *   sparse         3 MiB; "x" at 1 MiB, else holes      same     as file, but an inode of its own
 *   private        0400                                 execute  0111, a script
 *   setuid         04755 (for root only)                third    one more name of hard
 *   attributed     user.velo "value", user.empty "", user.long of 2,000 bytes, where the file system has them
 *   thousand/      f000 to f999, each with its name as text
 *   deep/          d/d/… 30 times, in the last one "bottom"
 *   names/         and "with space", "new\nline", "\xff\xfe", "\303\251", 255 times n, "-dash", "...", "back\\slash", "*", "a", "A"
 *   scripts/       plain, word, nested, nobody, loop: see scripts()
 *   links/
 *     file         -> ../file                           dir        -> ../dir
 *     dangling     -> nowhere/at/all                    slash      -> ../dir/
 *     ping         -> pong, pong -> ping                absolute   -> SEEN/file
 *     home         -> SEEN                              up         -> ../..
 *     out          -> OUTSIDE                           out-file   -> OUTSIDE/real
 *     back         -> OUTSIDE/into/a (out, and in again)
 *     through      -> dir/sub/deep (a link in the middle)
 *     dot          -> .                                 long       4,000 bytes: "./" again and again, then ../file
 *     c00          -> ../file; c01 -> c00, … c49 -> c48: the kernel follows 40
 *
 * OUTSIDE/
 *   real           "real\n"                             folder/  file "in folder\n"
 *   into           -> SEEN/dir                          into-file -> SEEN/file
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static char root[PATH_MAX];
static const char *outside;
static const char *seen;

static void need(int result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "odd: %s: %s\n", what, strerror(errno));
		exit(1);
	}
}

static void bytes(const char *name, const char *text, size_t length, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	need(fd, name);
	while (length > 0) {
		ssize_t written = write(fd, text, length);

		need((int)written, name);
		text += written;
		length -= (size_t)written;
	}
	need(fchmod(fd, mode), name);
	close(fd);
}

static void file(const char *name, const char *text, mode_t mode)
{
	bytes(name, text, strlen(text), mode);
}

static void folder(const char *name)
{
	if (mkdir(name, 0755) < 0 && errno != EEXIST)
		need(-1, name);
}

static void enter(const char *name)
{
	need(chdir(name), name);
}

static void soft(const char *target, const char *name)
{
	need(symlink(target, name), name);
}

/* A link to a path below some folder. */
static void soft_below(const char *base, const char *rest, const char *name)
{
	char target[2 * PATH_MAX];

	snprintf(target, sizeof target, "%s%s", base, rest);
	soft(target, name);
}

static void files(void)
{
	enum { PAGE = 4096, LARGE = 5 * 1024 * 1024 + 7 };
	static char large[LARGE];

	for (size_t i = 0; i < LARGE; i++)
		large[i] = (char)(i % 251 + (i >> 12) * 7);
	bytes("page", large, PAGE, 0640);
	bytes("large", large, LARGE, 0644);
	file("sparse", "", 0644);
	need(truncate("sparse", 3 << 20), "sparse");
	int fd = open("sparse", O_WRONLY);
	need(fd < 0 || pwrite(fd, "x", 1, 1 << 20) != 1 ? -1 : 0, "sparse");
	close(fd);
	file("same", "text of a file\n", 0644);
	file("private", "private\n", 0400);
	file("execute", "#!/bin/sh\nexit 3\n", 0111);
	if (geteuid() == 0)
		file("setuid", "#!/bin/true\n", 04755);
	need(link("hard", "third"), "third");
}

static void folders(void)
{
	char name[16];

	folder("thousand");
	enter("thousand");
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "f%03d", i);
		file(name, name, 0644);
	}
	enter(root);
	folder("deep");
	enter("deep");
	for (int i = 0; i < 30; i++) {
		folder("d");
		enter("d");
	}
	file("bottom", "bottom\n", 0644);
	enter(root);
}

static void names(void)
{
	static const char *const odd[] = {"with space", "new\nline", "\xff\xfe", "\303\251", "-dash", "...", "back\\slash", "*", "a", "A"};
	char longest[256];

	folder("names");
	enter("names");
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		file(odd[i], odd[i], 0644);
	memset(longest, 'n', 255);
	longest[255] = 0;
	file(longest, "longest\n", 0644);
	enter(root);
}

static void links(void)
{
	char name[16], target[4096] = "";

	folder("links");
	enter("links");
	soft("../file", "file");
	soft("../dir", "dir");
	soft("../dir/", "slash");
	soft("nowhere/at/all", "dangling");
	soft("pong", "ping");
	soft("ping", "pong");
	soft(".", "dot");
	soft("../..", "up");
	soft("dir/sub/deep", "through");
	soft_below(seen, "/file", "absolute");
	soft_below(seen, "", "home");
	soft_below(outside, "", "out");
	soft_below(outside, "/real", "out-file");
	soft_below(outside, "/into/a", "back");
	for (size_t length = 0; length + 7 < 4000; length += 2)
		memcpy(target + length, "./", 3);
	strcat(target, "../file");
	soft(target, "long");
	soft("../file", "c00");
	for (int i = 1; i < 50; i++) {
		snprintf(target, sizeof target, "c%02d", i - 1);
		snprintf(name, sizeof name, "c%02d", i);
		soft(target, name);
	}
	enter(root);
}

static void script(const char *name, const char *interpreter, const char *text)
{
	char whole[3 * PATH_MAX];

	snprintf(whole, sizeof whole, "#!%s\n%s", interpreter, text);
	file(name, whole, 0755);
}

/* plain is run by sh, word by sh with an argument, nested by plain, nobody by what is not there, loop by itself. */
static void scripts(void)
{
	char path[2 * PATH_MAX];

	folder("scripts");
	enter("scripts");
	script("plain", "/bin/sh", "echo \"plain $# $1\"\n");
	script("word", "/bin/sh -e", "echo \"word $- $1\"\nfalse\necho not here\n");
	snprintf(path, sizeof path, "%s/scripts/plain inner", seen);
	script("nested", path, "");
	snprintf(path, sizeof path, "%s/scripts/nothing", seen);
	script("nobody", path, "");
	snprintf(path, sizeof path, "%s/scripts/loop", seen);
	script("loop", path, "");
	file("bare", "echo \"bare $1\"\n", 0755);
	file("forbidden", "#!/bin/sh\necho no\n", 0644);
	enter(root);
}

/* File systems without them leave the files as they are. */
static void attributes(void)
{
	char value[2000];

	file("attributed", "attributed\n", 0644);
	memset(value, 'v', sizeof value);
	if (setxattr("attributed", "user.velo", "value", 5, 0) == 0) {
		need(setxattr("attributed", "user.empty", "", 0, 0), "user.empty");
		need(setxattr("attributed", "user.long", value, sizeof value, 0), "user.long");
		need(setxattr("deep", "user.deep", "d", 1, 0), "user.deep");
	}
}

static void surroundings(void)
{
	folder(outside);
	enter(outside);
	file("real", "real\n", 0644);
	folder("folder");
	file("folder/file", "in folder\n", 0644);
	soft_below(seen, "/dir", "into");
	soft_below(seen, "/file", "into-file");
}

/* Times that no clock gives, different ones for different names. */
static int stamp(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	struct timespec times[2];
	unsigned number = 0;

	(void)stat;
	(void)type;
	(void)where;
	for (const char *c = path + strlen(root); *c; c++)
		number = number * 31 + (unsigned char)*c;
	times[0].tv_sec = times[1].tv_sec = 1000000000 + (time_t)(number % 500000000);
	times[0].tv_nsec = times[1].tv_nsec = (long)(number % 1000000000);
	/* of several names the last one counts: readdir's order must not */
	if (S_ISREG(stat->st_mode) && stat->st_nlink > 1)
		times[1].tv_sec = times[1].tv_nsec = 7;
	need(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), path);
	return 0;
}

int main(int count, char **words)
{
	if (count < 3 || count > 4 || words[1][0] != '/' || words[2][0] != '/') {
		fprintf(stderr, "usage: odd ROOT OUTSIDE [SEEN], all absolute\n");
		return 2;
	}
	snprintf(root, sizeof root, "%s", words[1]);
	outside = words[2];
	seen = words[count - 1 < 3 ? 1 : 3];
	umask(0);
	enter(root);
	files();
	folders();
	names();
	links();
	scripts();
	attributes();
	need(nftw(root, stamp, 64, FTW_PHYS | FTW_DEPTH), root);
	surroundings();
	return 0;
}
