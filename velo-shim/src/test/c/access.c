/* The calls that ask for permission. */
#include "facts.h"

#include <sys/syscall.h>

static const char *const paths[] = {
	"file", "missing", "file/below", "file/", "dir", "dir/", "link", "dangling", "loop", "to-dir/a", "script", "execute", "private",
	"closed", "locked/inside", "links/out-file", "links/back", "dir/root/file", "",
};
static const struct {
	int mode;
	const char *name;
} modes[] = {{F_OK, "F"}, {R_OK, "R"}, {W_OK, "W"}, {X_OK, "X"}, {R_OK | X_OK, "RX"}, {R_OK | W_OK, "RW"}, {W_OK | X_OK, "WX"}};

/* Asking for W is where a tree that cannot be written differs from one that can: shown by writes.c. */
static void each(int (*call)(const char *path, int mode))
{
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		show("%s:", paths[i]);
		for (size_t j = 0; j < sizeof modes / sizeof *modes; j++)
			if (!(modes[j].mode & W_OK))
				show(" %s %s", modes[j].name, call(at(paths[i]), modes[j].mode) ? errno_name(errno) : "yes");
		show("\n");
	}
	result("wrong mode", call(at("file"), 8));
	result("empty path", call("", F_OK));
	result("real", call(out("real"), R_OK));
	result("real, into the tree", call(out("into/a"), R_OK));
	result("real, missing", call(out("missing"), R_OK));
	result("into the tree, missing", call(out("into/missing"), R_OK));
}

static int become(void)
{
	if (geteuid() == 0 && (setgid(1000) || setuid(1000)))
		show("cannot become another\n");
	return geteuid() == 1000;
}

CASE(access)
{
	each(access);
}

CASE(access_as_another)
{
	if (become())
		each(access);
}

static int by_eaccess(const char *path, int mode)
{
	return eaccess(path, mode);
}

CASE(eaccess)
{
	each(by_eaccess);
}

static int by_euidaccess(const char *path, int mode)
{
	return euidaccess(path, mode);
}

CASE(euidaccess)
{
	each(by_euidaccess);
}

/* Real and effective users differ: access asks for the real one, eaccess for the other. */
CASE(eaccess_as_another)
{
	if (geteuid() == 0 && seteuid(1000) == 0) {
		result("access", access(at("private"), R_OK));
		result("eaccess", eaccess(at("private"), R_OK));
		result("euidaccess", euidaccess(at("private"), R_OK));
		result("faccessat", faccessat(AT_FDCWD, at("private"), R_OK, 0));
		result("faccessat AT_EACCESS", faccessat(AT_FDCWD, at("private"), R_OK, AT_EACCESS));
	}
}

static int by_faccessat(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, 0);
}

CASE(faccessat)
{
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);
	int file = open(at("file"), O_RDONLY);
	int real = open(out(""), O_RDONLY | O_DIRECTORY);

	each(by_faccessat);
	result("below", faccessat(dir, "a", R_OK, 0));
	result("missing", faccessat(dir, "missing", R_OK, 0));
	result("up", faccessat(dir, "../file", R_OK, 0));
	result("from a file", faccessat(file, "a", R_OK, 0));
	result("from nothing", faccessat(77, "a", R_OK, 0));
	result("from a real directory", faccessat(real, "into/a", R_OK, 0));
	result("link itself", faccessat(AT_FDCWD, at("dangling"), F_OK, AT_SYMLINK_NOFOLLOW));
	result("effective", faccessat(dir, "a", R_OK, AT_EACCESS));
	result("wrong flag", faccessat(dir, "a", R_OK, 0x8000000));
}

CASE(faccessat_as_another)
{
	if (become())
		each(by_faccessat);
}

CASE(faccessat2)
{
#ifdef SYS_faccessat2
	int dir = open(at("dir"), O_RDONLY | O_DIRECTORY);

	result("below", syscall(SYS_faccessat2, dir, "a", R_OK, 0));
	result("itself", syscall(SYS_faccessat2, dir, "", R_OK, AT_EMPTY_PATH));
	result("missing", syscall(SYS_faccessat2, dir, "missing", R_OK, AT_EACCESS));
	result("faccessat", syscall(SYS_faccessat, dir, "a", R_OK));
#endif
}
