package dev.velo.shim;

import static dev.velo.shim.Access.LIST;

import java.util.List;

/** What lists directories and walks trees: rebuilt by hand, since libc's own functions call each other past every wrapper. */
final class ListingFunctions {
    private ListingFunctions() {}

    static List<Interposed> rows() {
        Rows rows = new Rows();
        streams(rows);
        lists(rows);
        walks(rows);
        patterns(rows);
        return rows.list();
    }

    private static void streams(Rows rows) {
        String dir = "dir.c";
        rows.byHand(LIST, "DIR *opendir(const char *path)", dir, "directories:opendir")
                .byHand(LIST, "DIR *fdopendir(int fd)", dir, "directories:fdopendir")
                .byHand(LIST, "struct dirent *readdir(DIR *stream)", dir, "directories:readdir")
                .twin("readdir64", "directories:readdir64")
                .byHand(
                        LIST,
                        "int readdir_r(DIR *stream, struct dirent *entry, struct dirent **result)",
                        dir,
                        "directories:readdir_r")
                .twin("readdir64_r", "directories:readdir64_r")
                .byHand(LIST, "int closedir(DIR *stream)", dir, "directories:opendir")
                .byHand(LIST, "void rewinddir(DIR *stream)", dir, "directories:rewinddir")
                .byHand(LIST, "long telldir(DIR *stream)", dir, "directories:telldir")
                .byHand(LIST, "void seekdir(DIR *stream, long position)", dir, "directories:seekdir")
                .byHand(LIST, "int dirfd(DIR *stream)", dir, "directories:dirfd");
    }

    private static void lists(Rows rows) {
        String order = ", struct dirent ***list, int (*wanted)(const struct dirent *), "
                + "int (*order)(const struct dirent **, const struct dirent **))";
        rows.byHand(LIST, "int scandir(const char *path" + order, "scandir.c", "directories:scandir")
                .twin("scandir64", "directories:scandir64")
                .byHand(LIST, "int scandirat(int dirfd, const char *path" + order, "scandir.c", "directories:scandirat")
                .in("glibc")
                .twin("scandirat64", "directories:scandirat")
                .byHand(
                        LIST,
                        "ssize_t getdents64(int fd, void *buffer, size_t size)",
                        "getdents.c",
                        "directories:getdents64")
                .in("glibc 2.30, musl")
                .byHand(
                        LIST,
                        "ssize_t getdirentries(int fd, char *buffer, size_t size, off_t *base)",
                        "getdents.c",
                        "directories:getdirentries")
                .in("glibc")
                .twin("getdirentries64", "directories:getdirentries")
                .byHand(
                        LIST,
                        "int getdents(int fd, struct dirent *buffer, size_t size)",
                        "getdents.c",
                        "directories:getdents64")
                .in("musl");
    }

    private static void walks(Rows rows) {
        String each = "int (*function)(const char *, const struct stat *, int";
        rows.byHand(LIST, "int ftw(const char *path, " + each + "), int descriptors)", "ftw.c", "walks:ftw")
                .twin("ftw64", "walks:ftw")
                .byHand(
                        LIST,
                        "int nftw(const char *path, " + each + ", struct FTW *), int descriptors, int flags)",
                        "ftw.c",
                        "walks:nftw")
                .twin("nftw64", "walks:nftw")
                .byHand(
                        LIST,
                        "FTS *fts_open(char *const *paths, int options, int (*order)(const FTSENT **, const FTSENT **))",
                        "fts.c",
                        "walks:fts")
                .in("glibc")
                .twin("fts64_open", "walks:fts")
                .byHand(LIST, "FTSENT *fts_read(FTS *fts)", "fts.c", "walks:fts")
                .in("glibc")
                .twin("fts64_read", "walks:fts")
                .byHand(LIST, "FTSENT *fts_children(FTS *fts, int instruction)", "fts.c", "walks:fts")
                .in("glibc")
                .twin("fts64_children", "walks:fts")
                .byHand(LIST, "int fts_set(FTS *fts, FTSENT *node, int instruction)", "fts.c", "walks:fts")
                .in("glibc")
                .twin("fts64_set", "walks:fts")
                .byHand(LIST, "int fts_close(FTS *fts)", "fts.c", "walks:fts")
                .in("glibc")
                .twin("fts64_close", "walks:fts");
    }

    private static void patterns(Rows rows) {
        rows.byHand(
                        LIST,
                        "int glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)",
                        "glob.c",
                        "walks:glob")
                .twin("glob64", "walks:glob")
                .byHand(
                        LIST,
                        "int wordexp(const char *text, wordexp_t *result, int flags)",
                        "wordexp.c",
                        "walks:wordexp");
    }
}
