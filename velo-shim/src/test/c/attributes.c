/* What is asked of files beside stat: extended attributes, the file system they are on, limits, handles, watches. */
#include "facts.h"

#include <dlfcn.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

static const char *const paths[] = {"attributed", "deep",     "file", "empty", "link",   "to-dir",     "",          "missing",
				    "missing/x",  "file/x", "dangling", "loop", "dir/up", "links/home", "links/back", "locked/inside"};

static void value(const char *what, const char *text, ssize_t length)
{
	if (length < 0)
		result(what, length);
	else
		show("%s: %zd bytes, \"%.*s\"\n", what, length, length > 8 ? 8 : (int)length, text);
}

static void gets(ssize_t (*call)(const char *, const char *, void *, size_t))
{
	static char buffer[70000];

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		value(paths[i], buffer, call(at(paths[i]), "user.velo", buffer, sizeof buffer));
	value("of a directory", buffer, call(at("deep"), "user.deep", buffer, sizeof buffer));
	value("empty", buffer, call(at("attributed"), "user.empty", buffer, sizeof buffer));
	value("long", buffer, call(at("attributed"), "user.long", buffer, sizeof buffer));
	result("its size", call(at("attributed"), "user.long", NULL, 0));
	result("too small", call(at("attributed"), "user.long", buffer, 10));
	result("missing", call(at("attributed"), "user.missing", buffer, sizeof buffer));
	result("no such room", call(at("attributed"), "nothing.velo", buffer, sizeof buffer));
	result("no name", call(at("attributed"), "", buffer, sizeof buffer));
	result("no name in the room", call(at("attributed"), "user.", buffer, sizeof buffer));
	result("trusted", call(at("attributed"), "trusted.velo", buffer, sizeof buffer));
	result("security", call(at("attributed"), "security.velo", buffer, sizeof buffer));
	result("capabilities", call(at("script"), "security.capability", buffer, sizeof buffer));
	result("access list", call(at("attributed"), "system.posix_acl_access", buffer, sizeof buffer));
	result("default access list", call(at("dir"), "system.posix_acl_default", buffer, sizeof buffer));
	result("real", call(out("real"), "user.velo", buffer, sizeof buffer));
	result("from outside", call(out("into/a"), "user.velo", buffer, sizeof buffer));
}

CASE(getxattr)
{
	gets(getxattr);
}

CASE(lgetxattr)
{
	gets(lgetxattr);
}

/* The names, sorted, without those that the kernel makes up for each file system. */
static void names(const char *what, char *list, ssize_t length)
{
	struct lines lines = {NULL, 0};

	if (length < 0) {
		result(what, length);
		return;
	}
	show("%s:\n", what);
	for (const char *name = list; name < list + length; name += strlen(name) + 1)
		if (strncmp(name, "user.", 5) == 0)
			add_line(&lines, "%s", name);
	show_sorted(&lines);
}

static void lists(ssize_t (*call)(const char *, char *, size_t))
{
	char buffer[4096];

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		names(paths[i], buffer, call(at(paths[i]), buffer, sizeof buffer));
	result("size", call(at("attributed"), NULL, 0));
	result("too small", call(at("attributed"), buffer, 3));
	result("from outside", call(out("into/a"), buffer, sizeof buffer));
}

CASE(listxattr)
{
	lists(listxattr);
}

CASE(llistxattr)
{
	lists(llistxattr);
}

CASE(fgetxattr)
{
	char buffer[4096];
	int file = open(at("attributed"), O_RDONLY), dir = open(at("deep"), O_RDONLY), path = open(at("attributed"), O_PATH);

	value("file", buffer, fgetxattr(file, "user.velo", buffer, sizeof buffer));
	value("long", buffer, fgetxattr(file, "user.long", buffer, sizeof buffer));
	value("missing", buffer, fgetxattr(file, "user.missing", buffer, sizeof buffer));
	value("too small", buffer, fgetxattr(file, "user.velo", buffer, 2));
	value("directory", buffer, fgetxattr(dir, "user.deep", buffer, sizeof buffer));
	value("path", buffer, fgetxattr(path, "user.velo", buffer, sizeof buffer));
	value("nothing", buffer, fgetxattr(77, "user.velo", buffer, sizeof buffer));
	value("without any", buffer, fgetxattr(open(at("file"), O_RDONLY), "user.velo", buffer, sizeof buffer));
}

CASE(flistxattr)
{
	char buffer[4096];

	names("file", buffer, flistxattr(open(at("attributed"), O_RDONLY), buffer, sizeof buffer));
	names("directory", buffer, flistxattr(open(at("deep"), O_RDONLY), buffer, sizeof buffer));
	names("without any", buffer, flistxattr(open(at("file"), O_RDONLY), buffer, sizeof buffer));
	names("path", buffer, flistxattr(open(at("attributed"), O_PATH), buffer, sizeof buffer));
	names("nothing", buffer, flistxattr(77, buffer, sizeof buffer));
}

/* Of a file system only that it answers, and alike for all that is on it. */
static struct statfs first;

static void on_file_system(const char *what, int answer, const struct statfs *found)
{
	if (answer)
		result(what, answer);
	else
		show("%s: %s, names of %ld\n", what,
		     memcmp(&found->f_fsid, &first.f_fsid, sizeof first.f_fsid) == 0 && found->f_type == first.f_type ? "same" : "another",
		     (long)found->f_namelen);
}

CASE(statfs)
{
	struct statfs found;

	statfs(root, &first);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		on_file_system(paths[i], statfs(at(paths[i]), &found), &found);
	on_file_system("from outside", statfs(out("into/a"), &found), &found);
	result("outside", statfs(out("real"), &found));
	result("proc", statfs("/proc/self", &found));
	show("is proc: %d\n", found.f_type == 0x9fa0);
}

CASE(statfs64)
{
	struct statfs64 found;

	statfs(root, &first);
	result("file", statfs64(at("file"), &found));
	show("same: %d\n", found.f_type == first.f_type);
	result("missing", statfs64(at("missing"), &found));
}

CASE(fstatfs)
{
	struct statfs found;
	struct statfs64 large;

	statfs(root, &first);
	on_file_system("file", fstatfs(open(at("file"), O_RDONLY), &found), &found);
	on_file_system("directory", fstatfs(open(at("dir"), O_RDONLY), &found), &found);
	on_file_system("path", fstatfs(open(at("file"), O_PATH), &found), &found);
	on_file_system("empty", fstatfs(open(at("empty"), O_RDONLY), &found), &found);
	result("nothing", fstatfs(77, &found));
	result("64", fstatfs64(open(at("file"), O_RDONLY), &large));
	show("same: %d\n", large.f_type == first.f_type);
}

CASE(statvfs)
{
	struct statvfs found, whole;
	struct statvfs64 large;

	result("root", statvfs(root, &whole));
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		int answer = statvfs(at(paths[i]), &found);

		if (answer)
			result(paths[i], answer);
		else
			show("%s: %s, names of %lu\n", paths[i], found.f_fsid == whole.f_fsid ? "same" : "another", found.f_namemax);
	}
	result("64", statvfs64(at("file"), &large));
	result("64 missing", statvfs64(at("missing"), &large));
}

CASE(fstatvfs)
{
	struct statvfs found;
	struct statvfs64 large;

	result("file", fstatvfs(open(at("file"), O_RDONLY), &found));
	result("directory", fstatvfs(open(at("dir"), O_RDONLY), &found));
	result("nothing", fstatvfs(77, &found));
	result("64", fstatvfs64(open(at("dir"), O_RDONLY), &large));
}

/* Shown apart, for real copies are on file systems that can be written to. */
CASE(read_only)
{
	struct statvfs found;
	struct statfs other;

	if (statvfs(at("dir"), &found) == 0)
		show("statvfs: %d\n", (found.f_flag & ST_RDONLY) != 0);
	if (fstatvfs(open(at("file"), O_RDONLY), &found) == 0)
		show("fstatvfs: %d\n", (found.f_flag & ST_RDONLY) != 0);
	if (statfs(at("file"), &other) == 0)
		show("statfs: %d\n", (other.f_flags & ST_RDONLY) != 0);
	if (fstatfs(open(at("dir"), O_RDONLY), &other) == 0)
		show("fstatfs: %d, no room: %d\n", (other.f_flags & ST_RDONLY) != 0, other.f_bavail == 0);
	if (statvfs(out("real"), &found) == 0)
		show("outside: %d\n", (found.f_flag & ST_RDONLY) != 0);
}

CASE(pathconf)
{
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		errno = 0;
		result(paths[i], pathconf(at(paths[i]), _PC_NAME_MAX));
	}
	result("path", pathconf(at("file"), _PC_PATH_MAX));
	result("pipe", pathconf(at("file"), _PC_PIPE_BUF));
	result("chown", pathconf(at("file"), _PC_CHOWN_RESTRICTED));
	result("truncates", pathconf(at("file"), _PC_NO_TRUNC));
	result("wrong", pathconf(at("file"), 9999));
}

CASE(fpathconf)
{
	result("name", fpathconf(open(at("dir"), O_RDONLY), _PC_NAME_MAX));
	result("path", fpathconf(open(at("file"), O_RDONLY), _PC_PATH_MAX));
	result("nothing", fpathconf(77, _PC_NAME_MAX));
}

/* Whoever gets no handle lives without; a wrong path is a wrong path. */
CASE(name_to_handle_at)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + 128];
	} large = {.handle = {.handle_bytes = 128}};
	int mount;
	int (*call)(int, const char *, struct file_handle *, int *, int) = dlsym(RTLD_DEFAULT, "name_to_handle_at");

	if (!call)
		return;
	long answer = call(AT_FDCWD, at("file"), &large.handle, &mount, 0);
	show("given, or not in this file system: %d\n", answer == 0 || errno == EOPNOTSUPP);
	large.handle.handle_bytes = 128;
	result("missing", call(AT_FDCWD, at("missing"), &large.handle, &mount, 0));
	result("nothing", call(77, "file", &large.handle, &mount, 0));
}

/* What cannot change is watched in vain. */
CASE(inotify_add_watch)
{
	int watches = inotify_init1(IN_NONBLOCK);
	char buffer[4096];

	result("file", inotify_add_watch(watches, at("file"), IN_MODIFY | IN_ATTRIB) < 0 ? -1 : 0);
	result("directory", inotify_add_watch(watches, at("dir"), IN_CREATE | IN_DELETE) < 0 ? -1 : 0);
	result("link", inotify_add_watch(watches, at("link"), IN_MODIFY | IN_DONT_FOLLOW) < 0 ? -1 : 0);
	result("file as directory", inotify_add_watch(watches, at("file"), IN_MODIFY | IN_ONLYDIR) < 0 ? -1 : 0);
	result("missing", inotify_add_watch(watches, at("missing"), IN_MODIFY));
	result("missing/x", inotify_add_watch(watches, at("file/x"), IN_MODIFY));
	result("dangling", inotify_add_watch(watches, at("dangling"), IN_MODIFY));
	result("no mask", inotify_add_watch(watches, at("file"), 0));
	result("nothing", inotify_add_watch(77, at("file"), IN_MODIFY));
	int first = inotify_add_watch(watches, at("page"), IN_MODIFY), second = inotify_add_watch(watches, at("page"), IN_MODIFY);
	show("one watch for one file: %d\n", first == second);
	result("removed", inotify_rm_watch(watches, first));
	while (read(watches, buffer, sizeof buffer) > 0)
		;
	result("no event", read(watches, buffer, sizeof buffer));
}

CASE(fanotify_mark)
{
	int marks = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK, O_RDONLY);

	if (marks < 0) {
		show("not permitted\n");
		return;
	}
	result("file", fanotify_mark(marks, FAN_MARK_ADD, FAN_MODIFY, AT_FDCWD, at("file")));
	result("missing", fanotify_mark(marks, FAN_MARK_ADD, FAN_MODIFY, AT_FDCWD, at("missing")));
	result("real", fanotify_mark(marks, FAN_MARK_ADD, FAN_MODIFY, AT_FDCWD, out("real")));
}
