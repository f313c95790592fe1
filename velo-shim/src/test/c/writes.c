/* Every call that would change the tree, by path: each must fail as it does on a file system that is mounted read-only. */
#include "facts.h"

#include <dlfcn.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

extern int lchmod(const char *, mode_t) __attribute__((weak));

static const char *volatile nothing;

static const char *const paths[] = {
	"file", "dir", "dir/empty", "missing", "missing/x", "file/x", "file/", "dir/", "missing/", "link", "to-dir", "to-dir/a", "to-dir/missing",
	"dangling", "loop", "fifo", "links/back", "links/home/missing", "dir/.", "dir/..", "dir/missing/..", "locked/inside",
};

static void each(int (*call)(const char *path))
{
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		result(paths[i], call(at(paths[i])));
	result("empty path", call(""));
	result("no path", call(nothing));
	result("from outside", call(out("into/a")));
	result("from outside, missing", call(out("into/missing")));
}

/* Only whether it was opened. */
static int shut(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

/* A fifo can be opened to write to also where nothing can be written; whoever does so waits for the other side. */
static int waits(const char *path)
{
	return path && strstr(path, "fifo");
}

#define EACH(name, expression)                          \
	static int by_##name(const char *path)          \
	{                                               \
		return expression;                      \
	}                                               \
	CASE(name)                                      \
	{                                               \
		each(by_##name);                        \
	}

EACH(creat, waits(path) ? 0 : shut(creat(path, 0644)))
EACH(creat_64, waits(path) ? 0 : shut(creat64(path, 0644)))
EACH(open_to_write, waits(path) ? 0 : shut(open(path, O_WRONLY | O_NONBLOCK)))
EACH(open_to_update, waits(path) ? 0 : shut(open(path, O_RDWR | O_NONBLOCK)))
EACH(open_to_append, waits(path) ? 0 : shut(open(path, O_WRONLY | O_APPEND | O_NONBLOCK)))
EACH(open_to_create, waits(path) ? 0 : shut(open(path, O_RDONLY | O_CREAT | O_NONBLOCK, 0644)))
EACH(open_to_create_anew, shut(open(path, O_WRONLY | O_CREAT | O_EXCL, 0644)))
EACH(open_to_truncate, waits(path) ? 0 : shut(open(path, O_RDONLY | O_TRUNC | O_NONBLOCK)))
EACH(open_unnamed, shut(open(path, O_WRONLY | O_TMPFILE, 0600)))
EACH(open64_to_write, waits(path) ? 0 : shut(open64(path, O_RDWR | O_NONBLOCK)))
EACH(openat_to_create, waits(path) ? 0 : shut(openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_NONBLOCK, 0644)))
EACH(openat64_to_create, waits(path) ? 0 : shut(openat64(AT_FDCWD, path, O_WRONLY | O_CREAT | O_NONBLOCK, 0644)))
EACH(mkdir, mkdir(path, 0755))
EACH(mkdirat, mkdirat(AT_FDCWD, path, 0755))
EACH(rmdir, rmdir(path))
EACH(unlink, unlink(path))
EACH(unlinkat, unlinkat(AT_FDCWD, path, 0))
EACH(unlinkat_directory, unlinkat(AT_FDCWD, path, AT_REMOVEDIR))
EACH(remove, remove(path))
EACH(symlink, symlink("target", path))
EACH(symlinkat, symlinkat("target", AT_FDCWD, path))
EACH(mkfifo, mkfifo(path, 0600))
EACH(mkfifoat, mkfifoat(AT_FDCWD, path, 0600))
EACH(mknod, mknod(path, S_IFREG | 0600, 0))
EACH(mknodat, mknodat(AT_FDCWD, path, S_IFIFO | 0600, 0))
EACH(link_from, link(path, at("new-name")))
EACH(link_to, link(at("file"), path))
EACH(linkat_to, linkat(AT_FDCWD, at("link"), AT_FDCWD, path, AT_SYMLINK_FOLLOW))
EACH(rename_from, rename(path, at("new-name")))
EACH(rename_to, rename(at("file"), path))
EACH(renameat_to, renameat(AT_FDCWD, at("dir"), AT_FDCWD, path))
EACH(renameat2_to, (int)syscall(SYS_renameat2, AT_FDCWD, at("file"), AT_FDCWD, path, 1 /* RENAME_NOREPLACE */))
EACH(chmod, chmod(path, 0600))
EACH(fchmodat, fchmodat(AT_FDCWD, path, 0600, 0))
EACH(lchmod, lchmod ? lchmod(path, 0600) : 0)
EACH(chown, chown(path, geteuid(), getegid()))
EACH(lchown, lchown(path, geteuid(), getegid()))
EACH(fchownat, fchownat(AT_FDCWD, path, geteuid(), getegid(), AT_SYMLINK_NOFOLLOW))
EACH(utime, utime(path, NULL))
EACH(utimes, utimes(path, NULL))
EACH(lutimes, lutimes(path, NULL))
EACH(utimensat, utimensat(AT_FDCWD, path, NULL, 0))
EACH(utimensat_link, utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW))
EACH(truncate, truncate(path, 0))
EACH(truncate_64, truncate64(path, 0))
EACH(setxattr, setxattr(path, "user.new", "x", 1, 0))
EACH(lsetxattr, lsetxattr(path, "user.new", "x", 1, 0))
EACH(removexattr, removexattr(path, "user.velo"))
EACH(lremovexattr, lremovexattr(path, "user.velo"))
EACH(access, access(path, W_OK))
EACH(faccessat, faccessat(AT_FDCWD, path, W_OK | R_OK, AT_EACCESS))
EACH(eaccess, eaccess(path, W_OK))
EACH(euidaccess, euidaccess(path, W_OK))

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
EACH(futimesat, futimesat(AT_FDCWD, path, NULL))

/* A stream that writes where nothing can be written never begins. */
static int stream(const char *path, const char *mode)
{
	FILE *made = fopen(path, mode);

	return made ? fclose(made) : -1;
}

EACH(fopen_w, waits(path) ? 0 : stream(path, "w"))
EACH(fopen_a, waits(path) ? 0 : stream(path, "a"))
EACH(fopen_update, waits(path) ? 0 : stream(path, "r+"))
EACH(fopen_new, waits(path) ? 0 : stream(path, "wx"))

static int stream64(const char *path, const char *mode)
{
	FILE *made = fopen64(path, mode);

	return made ? fclose(made) : -1;
}

EACH(fopen64_w, waits(path) ? 0 : stream64(path, "w+"))

CASE(freopen)
{
	given("to write", freopen(at("file"), "w", fopen(at("file"), "r")));
	given("to append", freopen(at("file"), "a", fopen(out("real"), "r")));
	given("64", freopen64(at("missing"), "w", fopen(at("file"), "r")));
}

/* Names that are made up: the template says what became of it. */
static void temporary(const char *what, int (*call)(char *))
{
	static const char *const templates[] = {"XXXXXX", "dir/aXXXXXX", "missing/aXXXXXX", "file/aXXXXXX", "aXXX"};

	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		char name[PATH_MAX];

		strcpy(name, at(templates[i]));
		show("%s %s: ", what, templates[i]);
		result("made", shut(call(name)));
	}
}

static int by_mkdtemp(char *name)
{
	return mkdtemp(name) ? 0 : -1;
}

static int by_mkostemp(char *name)
{
	return mkostemp(name, O_CLOEXEC);
}

static int by_mkstemps(char *name)
{
	return mkstemps(strcat(name, ".c"), 2);
}

static int by_mkostemps(char *name)
{
	return mkostemps(strcat(name, ".c"), 2, O_CLOEXEC);
}

CASE(mkdtemp)
{
	temporary("mkdtemp", by_mkdtemp);
}

CASE(mkstemp)
{
	temporary("mkstemp", mkstemp);
	temporary("mkstemp64", mkstemp64);
}

CASE(mkostemp)
{
	temporary("mkostemp", by_mkostemp);
#ifdef mkostemp64
	temporary("mkostemp64", by_mkostemp);
#endif
}

CASE(mkstemps)
{
	temporary("mkstemps", by_mkstemps);
	temporary("mkostemps", by_mkostemps);
}

CASE(mktemp)
{
	char name[PATH_MAX], missing[PATH_MAX];
	char *(*call)(char *) = dlsym(RTLD_DEFAULT, "mktemp");

	strcpy(name, at("dir/aXXXXXX"));
	strcpy(missing, at("aXX"));
	show("in the tree: %d\n", call && *call(name) != 0);
	show("no template: %d\n", call && *call(missing) != 0);
}

/* In glibc before 2.33 mknod was these. */
CASE(xmknod)
{
	int (*by_path)(int, const char *, mode_t, dev_t *) = dlsym(RTLD_DEFAULT, "__xmknod");
	int (*from)(int, int, const char *, mode_t, dev_t *) = dlsym(RTLD_DEFAULT, "__xmknodat");
	dev_t device = 0;

	if (by_path)
		result("__xmknod", by_path(0, at("missing"), S_IFIFO | 0600, &device));
	if (from)
		result("__xmknodat", from(0, AT_FDCWD, at("missing"), S_IFIFO | 0600, &device));
}

/* Nothing goes over the border but as bytes. */
CASE(border)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY), real = open(out("folder"), O_RDONLY | O_DIRECTORY);

	result("rename out", rename(at("file"), out("moved")));
	result("rename in", rename(out("real"), at("moved")));
	result("rename in, over a file", rename(out("real"), at("file")));
	result("rename a folder out", rename(at("dir"), out("moved")));
	result("rename a folder in", rename(out("folder"), at("dir/moved")));
	result("rename what is missing", rename(at("missing"), out("moved")));
	result("rename what is missing in", rename(out("missing"), at("moved")));
	result("rename to a missing folder", rename(at("file"), out("missing/x")));
	result("renameat out", renameat(dir, "a", real, "moved"));
	result("renameat in", renameat(real, "file", dir, "moved"));
	result("renameat2", syscall(SYS_renameat2, dir, "a", real, "moved", 2 /* RENAME_EXCHANGE */));
	result("link out", link(at("file"), out("linked")));
	result("link in", link(out("real"), at("linked")));
	result("link in, over a file", link(out("real"), at("file")));
	result("linkat out", linkat(dir, "a", real, "linked", 0));
	result("linkat in", linkat(real, "file", dir, "linked", 0));
	result("link of what is missing", link(at("missing"), out("linked")));
	int file = open(at("file"), O_RDONLY);
	result("link of a descriptor", linkat(file, "", real, "linked", AT_EMPTY_PATH));
	char path[64];
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	result("link by /proc", linkat(AT_FDCWD, path, real, "linked", AT_SYMLINK_FOLLOW));
	result("nothing was made", access(out("moved"), F_OK));
	result("nothing was linked", access(out("folder/linked"), F_OK));
}

/* The root of the tree is a place like any other, and one that is in use. */
CASE(root)
{
	result("unlink", unlink(root));
	result("remove", remove(at("/")));
	result("mkdir", mkdir(root, 0755));
	result("chmod", chmod(root, 0755));
	result("rename", rename(root, at("dir/root-moved")));
	result("rename to", rename(at("dir"), root));
	result("symlink", symlink("x", root));
	result("utimes", utimes(root, NULL));
	result("open", open(root, O_RDWR));
	result("create", open(root, O_CREAT | O_RDONLY, 0644));
}

/* From working directories and descriptors of both sides. */
CASE(relative)
{
	int dir = open(at("dir"), O_PATH), real = open(out(""), O_PATH);

	result("chdir", chdir(at("dir")));
	result("unlink", unlink("a"));
	result("mkdir", mkdir("new", 0755));
	result("rename", rename("a", "b"));
	result("chmod", chmod("../file", 0600));
	result("truncate", truncate("../file", 0));
	result("openat", openat(dir, "new", O_CREAT | O_WRONLY, 0644));
	result("mkdirat", mkdirat(dir, "../new", 0755));
	result("unlinkat", unlinkat(dir, "a", 0));
	result("fchmodat", fchmodat(dir, "a", 0600, 0));
	result("fchownat", fchownat(dir, "a", geteuid(), getegid(), 0));
	result("utimensat", utimensat(dir, "a", NULL, 0));
	result("symlinkat", symlinkat("x", dir, "new"));
	result("mkfifoat", mkfifoat(dir, "new", 0600));
	result("mknodat", mknodat(dir, "new", S_IFREG | 0600, 0));
	result("futimesat", futimesat(dir, "a", NULL));
	result("from outside", unlinkat(real, "into/a", 0));
	result("from outside, new", mkdirat(real, "into/new", 0755));
	result("the descriptor itself", fchownat(dir, "", geteuid(), getegid(), AT_EMPTY_PATH));
	result("no path", utimensat(dir, nothing, NULL, 0));
}

/* A real link that ends in the tree: who follows it is refused. */
CASE(by_a_link_from_outside)
{
	const char *link = out("into-file");

	result("open", open(link, O_WRONLY));
	result("create", open(link, O_WRONLY | O_CREAT | O_TRUNC, 0644));
	result("create anew", open(link, O_WRONLY | O_CREAT | O_EXCL, 0644));
	result("truncate", truncate(link, 0));
	result("chmod", chmod(link, 0600));
	result("chown", chown(link, geteuid(), getegid()));
	result("utimes", utimes(link, NULL));
	result("utimensat", utimensat(AT_FDCWD, link, NULL, 0));
	result("setxattr", setxattr(link, "user.new", "x", 1, 0));
	result("access", access(link, W_OK));
	result("linkat", linkat(AT_FDCWD, link, AT_FDCWD, out("linked"), AT_SYMLINK_FOLLOW));
	given("fopen", fopen(link, "w"));
}

/* As programs do whose libc has no function for it. */
CASE(syscall)
{
	result("mkdirat", syscall(SYS_mkdirat, AT_FDCWD, at("new"), 0755));
	result("unlinkat", syscall(SYS_unlinkat, AT_FDCWD, at("file"), 0));
	result("renameat2", syscall(SYS_renameat2, AT_FDCWD, at("file"), AT_FDCWD, at("new"), 0));
	result("fchmodat", syscall(SYS_fchmodat, AT_FDCWD, at("file"), 0600));
	result("fchmodat2", syscall(452, AT_FDCWD, at("file"), 0600, 0));
	result("openat", syscall(SYS_openat, AT_FDCWD, at("new"), O_CREAT | O_WRONLY, 0644));
	result("truncate", syscall(SYS_truncate, at("file"), 0));
}

/* By programs that are started, and before they are. */
CASE(started)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	char *words[] = {"true", NULL};

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, at("new"), O_RDWR | O_CREAT, 0644);
	show("file action: %s\n", errno_name(posix_spawn(&child, "/bin/true", &actions, NULL, words, NULL)));
	posix_spawn_file_actions_destroy(&actions);
	result("chdir", chdir(at("dir")));
	result("redirected", system("(echo x > new) 2>/dev/null") != 0);
	result("over a file", system("(echo x >> a) 2>/dev/null") != 0);
	result("touch", system("touch a 2>/dev/null") != 0);
}

/* The real world can be written to as ever: also by paths that lead out of the tree, or through it. */
CASE(outside)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "links/out/new-%ld", (long)getpid());
	result("create", shut(open(at(path), O_CREAT | O_EXCL | O_WRONLY, 0644)));
	result("chmod", chmod(at(path), 0600));
	result("truncate", truncate(at(path), 3));
	result("unlink", unlink(at(path)));
	result("mkdir", mkdir(at(path), 0755));
	result("rmdir", rmdir(at(path)));
	result("gone", access(at(path), F_OK));
}
