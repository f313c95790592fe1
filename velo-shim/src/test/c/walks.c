/* Functions of libc that walk through trees by themselves. */
#include "cases.h"

#include <dirent.h>
#include <fnmatch.h>
#include <ftw.h>
#include <glob.h>
#include <stdint.h>
#include <wordexp.h>
#ifdef __GLIBC__
#include <fts.h>
#endif

static char kind(mode_t mode)
{
	return S_ISREG(mode) ? 'f' : S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : S_ISFIFO(mode) ? 'p' : '?';
}

/* ---- scandir ---- */

static int starts_with_l(const struct dirent *entry)
{
	errno = ENOTTY;
	return entry->d_name[0] == 'l';
}

static int nothing(const struct dirent *entry)
{
	return !entry;
}

static int backwards(const struct dirent **one, const struct dirent **other)
{
	return -strcmp((*one)->d_name, (*other)->d_name);
}

static void scan(const char *path, int (*filter)(const struct dirent *), int (*order)(const struct dirent **, const struct dirent **))
{
	struct dirent **list = NULL;
	int count = scandir(path, &list, filter, order);

	result(path, count);
	for (int i = 0; i < count; i++) {
		show("  %s %d\n", list[i]->d_name, list[i]->d_type);
		free(list[i]);
	}
	free(list);
}

CASE(scandir)
{
	scan(at("dir"), NULL, backwards);
	scan(root, starts_with_l, backwards);
	scan(root, nothing, backwards);
	scan(at("dir/empty"), NULL, alphasort);
	scan(at("names"), NULL, alphasort);
	scan(at("many"), NULL, alphasort);
}

CASE(scandir_errors)
{
	scan(at("nothing"), NULL, NULL);
	scan(at("file"), NULL, NULL);
	scan(at("loop"), NULL, NULL);
	scan("", NULL, NULL);
}

#ifdef __GLIBC__
CASE(scandirat)
{
	int fd = open(at("dir"), O_RDONLY | O_DIRECTORY);
	struct dirent **list;

	result("scandirat", scandirat(fd, "sub", &list, NULL, alphasort));
	show("last: %s\n", list[3]->d_name);
	result("out of the directory", scandirat(fd, "../names", &list, NULL, alphasort));
	result("absolute", scandirat(fd, at("names"), &list, NULL, alphasort));
	result("of a real directory", scandirat(open("/", O_PATH), at("names") + 1, &list, NULL, alphasort));
	result("missing", scandirat(fd, "x", &list, NULL, alphasort));
	result("no descriptor", scandirat(987, "x", &list, NULL, alphasort));
	result("of a file", scandirat(open(at("file"), O_RDONLY), "x", &list, NULL, alphasort));
}
#endif

/* ---- ftw, nftw ---- */

static struct lines walked;
static int visits;
static int return_at;
static int returned;

static const char *type_name(int type)
{
	switch (type) {
	case FTW_F:
		return "F";
	case FTW_D:
		return "D";
	case FTW_DNR:
		return "DNR";
	case FTW_NS:
		return "NS";
	case FTW_SL:
		return "SL";
	case FTW_DP:
		return "DP";
	case FTW_SLN:
		return "SLN";
	default:
		return "?";
	}
}

/* Where the process is, if that is in the tree or just above it. */
static const char *here(void)
{
	static char path[PATH_MAX];

	return getcwd(path, sizeof(path)) && !strncmp(path, above, strlen(above)) ? path : "another directory";
}

static int changes_directory;

static int visit(const char *path, const struct stat *stat, int type, struct FTW *position)
{
	struct stat again;
	int has_stat = type != FTW_NS;

	/* Links that lead out of the tree. */
	if (strstr(path, "/outside/") || strstr(path, "/out/"))
		return 0;
	add_line(&walked, "%s %s, %s, level %d, %c%o, in %s", path, type_name(type), path + position->base, position->level,
	         has_stat ? kind(stat->st_mode) : '-', has_stat ? stat->st_mode & 07777 : 0, here());
	if (changes_directory && lstat(path[position->base] ? path + position->base : ".", &again))
		add_line(&walked, "%s is not there", path);
	return ++visits == return_at ? returned : 0;
}

static void walk(const char *path, int descriptors, int flags)
{
	visits = 0;
	changes_directory = flags & FTW_CHDIR;
	result("nftw", nftw(path, visit, descriptors, flags));
	show_sorted(&walked);
	show("in %s\n", here());
}

CASE(nftw_physical)
{
	walk(root, 20, FTW_PHYS);
}

CASE(nftw_depth)
{
	walk(at("dir/"), 20, FTW_PHYS | FTW_DEPTH);
}

CASE(nftw_one_descriptor)
{
	walk(root, 1, FTW_PHYS | FTW_DEPTH);
}

CASE(nftw_changes_directory)
{
	walk(at("dir"), 20, FTW_PHYS | FTW_CHDIR);
	walk(at("dir"), 1, FTW_PHYS | FTW_CHDIR | FTW_DEPTH);
}

CASE(nftw_changes_directory_from_the_tree)
{
	if (result("chdir", chdir(at("dir/sub"))))
		return;
	walk("deep", 5, FTW_PHYS | FTW_CHDIR);
	walk("..", 1, FTW_PHYS | FTW_CHDIR | FTW_DEPTH);
	walk(at("names"), 5, FTW_PHYS | FTW_CHDIR);
	walk(".", 5, FTW_PHYS | FTW_CHDIR);
}

CASE(nftw_follows)
{
	walk(at("many"), 5, 0);
	walk(at("link"), 5, 0);
	walk(at("to-dir/sub/deep"), 5, 0);
	walk(at("dangling"), 5, 0);
	walk(at("dangling"), 5, FTW_PHYS);
	walk(at("to-dir"), 5, FTW_PHYS);
}

CASE(nftw_meets_loop)
{
	visits = 0;
	result("nftw", nftw(root, visit, 10, 0));
}

CASE(nftw_one_file_system)
{
	walk(root, 20, FTW_PHYS | FTW_MOUNT);
}

CASE(nftw_relative)
{
	if (result("chdir", chdir(root)))
		return;
	walk("dir", 20, FTW_PHYS);
	walk("dir/../names", 20, FTW_PHYS);
	walk(".", 3, FTW_PHYS | FTW_DEPTH);
}

CASE(nftw_errors)
{
	walk(at("nothing"), 5, 0);
	walk(at("file/more"), 5, 0);
	walk("", 5, 0);
	walk(at("loop"), 5, 0);
	walk(at("loop"), 5, FTW_PHYS);
}

CASE(nftw_is_told_to_end)
{
	return_at = 3;
	returned = 42;
	visits = 0;
	result("nftw", nftw(root, visit, 5, FTW_PHYS));
	result("visits", visits);
}

#ifdef FTW_ACTIONRETVAL
static int visit_with_action(const char *path, const struct stat *stat, int type, struct FTW *position)
{
	visit(path, stat, type, position);
	if (type == FTW_D && !strcmp(path + position->base, "sub"))
		return FTW_SKIP_SUBTREE;
	if (!strcmp(path + position->base, "255") || !strcmp(path + position->base, "leaf"))
		return FTW_SKIP_SIBLINGS;
	return FTW_CONTINUE;
}

CASE(nftw_with_actions)
{
	result("nftw", nftw(at("dir"), visit_with_action, 5, FTW_PHYS | FTW_ACTIONRETVAL));
	show_sorted(&walked);
	visits = 0;
	result("nftw", nftw(at("dir/sub/deep"), visit_with_action, 5, FTW_PHYS | FTW_ACTIONRETVAL | FTW_DEPTH));
	show_sorted(&walked);
	result("unknown flags", nftw(root, visit, 5, 1 << 20));
}
#endif

/* Nothing but what the tree is in and its root, so that the real directory's other things do not show. */
static int found_tree;

static int look_for_tree(const char *path, const struct stat *stat, int type, struct FTW *position)
{
	if (position->level == 1 && !strcmp(path, root)) {
		found_tree++;
		show("$ROOT %s %c\n", type_name(type), kind(stat->st_mode));
	}
	return found_tree && position->level == 1 && strcmp(path, root) ? 99 : 0;
}

CASE(nftw_from_above)
{
	nftw(above, look_for_tree, 5, FTW_PHYS);
	result("found", found_tree);
}

static int visit_simply(const char *path, const struct stat *stat, int type)
{
	add_line(&walked, "%s %s %c", path, type_name(type), kind(stat->st_mode));
	return 0;
}

CASE(ftw)
{
	result("ftw", ftw(at("names"), visit_simply, 5));
	result("ftw", ftw(at("dir/sub/deep"), visit_simply, 1));
	result("ftw", ftw(at("link"), visit_simply, 1));
	result("ftw", ftw(at("nothing"), visit_simply, 1));
	show_sorted(&walked);
}

/* ---- fts ---- */

#ifdef __GLIBC__
static const char *info_name(int info)
{
	static const char *const names[] = {"0", "D", "DC", "DEFAULT", "DNR", "DOT", "DP", "ERR", "F", "INIT", "NS", "NSOK", "SL", "SLNONE"};

	return info >= 0 && info < 14 ? names[info] : "?";
}

static int by_name(const FTSENT **one, const FTSENT **other)
{
	return strcmp((*one)->fts_name, (*other)->fts_name);
}

static void show_entry(const FTSENT *entry, int options)
{
	int has_stat = !(options & FTS_NOSTAT) && entry->fts_info != FTS_NS && entry->fts_info != FTS_NSOK;
	const char *name = strcmp(entry->fts_name, root + strlen(above) + 1) ? entry->fts_name : "the root";

	show("  %s %d %s (%s by %s) errno %s %c%o\n", info_name(entry->fts_info), entry->fts_level, entry->fts_path, name,
	     entry->fts_accpath, errno_name(entry->fts_errno), has_stat ? kind(entry->fts_statp->st_mode) : '-',
	     has_stat ? entry->fts_statp->st_mode & 07777 : 0);
	if (entry->fts_info == FTS_DC)
		show("    cycle to %s\n", entry->fts_cycle->fts_level ? entry->fts_cycle->fts_name : "the root");
	if (entry->fts_namelen != strlen(entry->fts_name))
		show("    length of the name: %d\n", entry->fts_namelen);
}

/* Links that lead out of the tree are not followed. */
static int leads_out(const FTSENT *entry)
{
	return !strcmp(entry->fts_name, "outside") || !strcmp(entry->fts_name, "out");
}

static void traverse(char *const *paths, int options)
{
	FTS *fts = fts_open(paths, options, by_name);
	FTSENT *entry;

	given("fts_open", fts);
	if (!fts)
		return;
	while ((entry = fts_read(fts))) {
		if (leads_out(entry) && entry->fts_info == FTS_D) {
			fts_set(fts, entry, FTS_SKIP);
			continue;
		}
		if (!leads_out(entry))
			show_entry(entry, options);
		if (!(options & (FTS_NOCHDIR | FTS_LOGICAL)) && entry->fts_info == FTS_D)
			show("    in %s\n", here());
	}
	result("errno", errno);
	result("fts_close", fts_close(fts));
	show("in %s\n", here());
}

static void traverse_one(const char *path, int options)
{
	char *const paths[] = {(char *)(uintptr_t)path, NULL};

	traverse(paths, options);
}

CASE(fts_physical)
{
	traverse_one(root, FTS_PHYSICAL);
}

CASE(fts_without_chdir)
{
	traverse_one(root, FTS_PHYSICAL | FTS_NOCHDIR);
}

CASE(fts_without_stat)
{
	traverse_one(at("dir"), FTS_PHYSICAL | FTS_NOSTAT);
	traverse_one(at("dir"), FTS_PHYSICAL | FTS_NOSTAT | FTS_NOCHDIR);
}

CASE(fts_logical)
{
	traverse_one(root, FTS_LOGICAL);
}

CASE(fts_sees_dots)
{
	traverse_one(at("dir"), FTS_PHYSICAL | FTS_SEEDOT);
	traverse_one(at("dir"), FTS_PHYSICAL | FTS_SEEDOT | FTS_NOCHDIR);
}

CASE(fts_one_file_system)
{
	traverse_one(at("dir"), FTS_PHYSICAL | FTS_XDEV);
}

CASE(fts_follows_arguments)
{
	traverse_one(at("absolute"), FTS_PHYSICAL);
	traverse_one(at("absolute"), FTS_PHYSICAL | FTS_COMFOLLOW);
	traverse_one(at("to-dir"), FTS_PHYSICAL | FTS_COMFOLLOW);
	traverse_one(at("dangling"), FTS_PHYSICAL | FTS_COMFOLLOW);
	traverse_one(at("link"), FTS_PHYSICAL | FTS_COMFOLLOW);
}

CASE(fts_several_arguments)
{
	char *const paths[] = {(char *)(uintptr_t)at("names"), (char *)(uintptr_t)at("nothing"), (char *)(uintptr_t)at("file"),
	                       (char *)(uintptr_t)at("dir/sub/"), NULL};

	traverse(paths, FTS_PHYSICAL);
	traverse(paths, FTS_PHYSICAL | FTS_NOCHDIR);
}

CASE(fts_relative)
{
	if (result("chdir", chdir(at("dir"))))
		return;
	traverse_one(".", FTS_PHYSICAL);
	traverse_one("sub", FTS_PHYSICAL);
	traverse_one("../names", FTS_PHYSICAL | FTS_NOCHDIR);
	traverse_one("../names", FTS_PHYSICAL);
}

CASE(fts_errors)
{
	traverse_one("", FTS_PHYSICAL);
	traverse_one(root, 1 << 20);
	traverse_one(at("file/more"), FTS_PHYSICAL);
	traverse_one(at("loop"), FTS_LOGICAL);
}

CASE(fts_children)
{
	char *const paths[] = {root, NULL};
	FTS *fts = fts_open(paths, FTS_PHYSICAL, by_name);
	FTSENT *entry;

	for (entry = fts_children(fts, 0); entry; entry = entry->fts_link)
		show("argument %s\n", info_name(entry->fts_info));
	while ((entry = fts_read(fts))) {
		show_entry(entry, 0);
		if (entry->fts_info != FTS_D)
			continue;
		if (!strcmp(entry->fts_name, "many"))
			fts_set(fts, entry, FTS_SKIP);
		for (FTSENT *child = fts_children(fts, entry->fts_level % 2 ? FTS_NAMEONLY : 0); child; child = child->fts_link) {
			show("    child %s %s\n", child->fts_name, info_name(child->fts_info));
			if (entry->fts_level == 0 && child->fts_name[0] == 'l' && child->fts_info == FTS_SL)
				fts_set(fts, child, FTS_SKIP);
		}
	}
	errno = 0;
	result("wrong instruction", fts_children(fts, 77) != NULL || errno != EINVAL);
	result("fts_close", fts_close(fts));
}

CASE(fts_instructions)
{
	char *const paths[] = {(char *)(uintptr_t)at("dir"), (char *)(uintptr_t)at("to-dir"), NULL};
	FTS *fts = fts_open(paths, FTS_PHYSICAL, NULL);
	FTSENT *entry;
	struct lines lines = {NULL, 0};
	int again = 0;

	while ((entry = fts_read(fts))) {
		add_line(&lines, "%s %d %s", info_name(entry->fts_info), entry->fts_level, entry->fts_path);
		if (entry->fts_info == FTS_SL && entry->fts_level == 0)
			fts_set(fts, entry, FTS_FOLLOW);
		if (entry->fts_info == FTS_F && !strcmp(entry->fts_name, "leaf") && !again++)
			fts_set(fts, entry, FTS_AGAIN);
		if (entry->fts_info == FTS_SL && !strcmp(entry->fts_name, "up"))
			fts_set(fts, entry, FTS_FOLLOW);
	}
	show_sorted(&lines);
	result("wrong instruction", fts_set(fts, NULL, 99));
	result("fts_close", fts_close(fts));
}

CASE(fts_closed_early)
{
	char *const paths[] = {root, NULL};
	FTS *fts;

	result("chdir", chdir(at("names")));
	fts = fts_open(paths, FTS_PHYSICAL, by_name);
	for (int i = 0; i < 12; i++)
		fts_read(fts);
	fts_children(fts, 0);
	result("fts_close", fts_close(fts));
	show("in %s\n", here());
}

CASE(fts_from_above)
{
	char *const paths[] = {above, NULL};
	FTS *fts = fts_open(paths, FTS_PHYSICAL, NULL);
	FTSENT *entry;

	while ((entry = fts_read(fts))) {
		if (entry->fts_level == 1 && strcmp(entry->fts_path, root))
			fts_set(fts, entry, FTS_SKIP);
		else if (entry->fts_level == 1 || !strcmp(entry->fts_name, "leaf"))
			show("%s %d %s\n", info_name(entry->fts_info), entry->fts_level, entry->fts_path);
	}
	result("fts_close", fts_close(fts));
}
#endif

/* ---- glob, wordexp ---- */

/* They come in the order of the directory. */
static struct lines complaints;

static int complain(const char *path, int error)
{
	add_line(&complaints, "complaint about %s: %s", path, errno_name(error));
	return 0;
}

static void expand(const char *pattern, int flags)
{
	glob_t found = {0};
	int error = glob(pattern, flags, complain, &found);

	show("%s: %d, %zu\n", pattern, error, found.gl_pathc);
	show_sorted(&complaints);
	for (size_t i = 0; !error && i < found.gl_pathc; i++)
		show("  %s\n", found.gl_pathv[i]);
	globfree(&found);
}

CASE(glob_absolute)
{
	static const char *const patterns[] = {
		"*", ".*", "[!o]*/*", "*/", "d*/s*/d*/l*", "dir/[!a-s]*", "dir/\\[odd\\]\\*name", "dir/[[]*", "many/0?5", "file", "nothing",
		"nothing*", "file/*", "loop/*", "to-dir/*", "absolute/s*", "*/sub/../a", "l*k", "dang*", "dir/w*h space", "locked/*",
	};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		expand(at(patterns[i]), 0);
}

CASE(glob_from_above)
{
	char pattern[2 * PATH_MAX];

	snprintf(pattern, sizeof(pattern), "%s/%.3s*/dir/[abc]", above, root + strlen(above) + 1);
	expand(pattern, 0);
}

CASE(glob_relative)
{
	if (result("chdir", chdir(at("dir"))))
		return;
	expand("*", 0);
	expand("../f*", 0);
	expand("sub/*/l*", 0);
	expand("./*", 0);
	expand("", 0);
}

CASE(glob_flags)
{
	expand(at("*"), GLOB_MARK);
	expand(at("link"), GLOB_MARK);
	expand(at("to-dir"), GLOB_MARK);
	expand(at("dir/*"), GLOB_PERIOD);
	expand(at("nothing*"), GLOB_NOCHECK);
	expand(at("nothing/*"), GLOB_ERR);
	expand(at("dir/\\a"), 0);
	expand(at("dir/\\a"), GLOB_NOESCAPE);
}

#ifdef GLOB_BRACE
CASE(glob_gnu_flags)
{
	expand(at("{dir,names,nothing}/{a,b,0*}"), GLOB_BRACE);
	expand(at("*"), GLOB_ONLYDIR | GLOB_MARK);
	expand(at("nothing"), GLOB_NOMAGIC);
	expand(at("nothing*"), GLOB_NOMAGIC);
}
#endif

CASE(glob_tilde)
{
	setenv("HOME", at("dir"), 1);
	expand("~/s*", GLOB_TILDE);
	expand("~", GLOB_TILDE);
	expand("~/s*", 0);
}

CASE(glob_appends)
{
	glob_t found = {.gl_offs = 2};

	result("glob", glob(at("dir/[ab]"), GLOB_DOOFFS, NULL, &found));
	result("glob", glob(at("h*"), GLOB_DOOFFS | GLOB_APPEND, NULL, &found));
	result("glob", glob(at("nothing*"), GLOB_DOOFFS | GLOB_APPEND, NULL, &found));
	result("count", (long)found.gl_pathc);
	show("offset %d\n", !found.gl_pathv[0] && !found.gl_pathv[1]);
	for (size_t i = 0; i < found.gl_pathc + 1; i++)
		show("  %s\n", found.gl_pathv[i + 2] ? found.gl_pathv[i + 2] : "the end");
	globfree(&found);
}

static void words(const char *text, int flags)
{
	wordexp_t expanded = {0};
	int error = wordexp(text, &expanded, flags);

	show("%s: %d\n", text, error);
	if (error)
		return;
	for (size_t i = 0; i < expanded.we_wordc; i++)
		show("  [%s]\n", expanded.we_wordv[i]);
	wordfree(&expanded);
}

CASE(wordexp)
{
	setenv("TREE", root, 1);
	setenv("SPACED", "one two", 1);
	words("$TREE/dir/* plain", 0);
	words("\"$TREE\"/dir/[ab] '*' \"*\" \\* $SPACED", 0);
	words("${TREE}/h* ${UNSET:-x}y", 0);
	words("$TREE/nothing*", 0);
	words("$TREE/dir/$(echo sub)/*", 0);
	words("$((2*3)) `echo a` $(echo '(*)')", 0);
	words("$TREE/* $(echo x)", WRDE_NOCMD);
	words("$TREE/* $UNSET", WRDE_UNDEF);
	words("$TREE/* | x", 0);
	words("$TREE/* \"", 0);
	result("chdir", chdir(at("dir")));
	words("* sub/*", 0);
	words("../f*", 0);
}

CASE(wordexp_appends)
{
	wordexp_t expanded = {.we_offs = 1};

	setenv("TREE", root, 1);
	result("wordexp", wordexp("$TREE/h*", &expanded, WRDE_DOOFFS));
	result("wordexp", wordexp("x $TREE/dir/[ab]", &expanded, WRDE_DOOFFS | WRDE_APPEND));
	for (size_t i = 0; i < expanded.we_wordc + 2; i++)
		show("  %s\n", expanded.we_wordv[i] ? expanded.we_wordv[i] : "nothing");
	result("wordexp", wordexp("$TREE/e*", &expanded, WRDE_REUSE));
	for (size_t i = 0; i < expanded.we_wordc + 1; i++)
		show("  %s\n", expanded.we_wordv[i] ? expanded.we_wordv[i] : "nothing");
	wordfree(&expanded);
}
