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
        String open = "diropen.c";
        rows.byHand(LIST, "DIR *opendir(const char *path)", open, "directories:list_root")
                .byHand(LIST, "DIR *fdopendir(int fd)", open, "directories:stream_of_descriptor")
                .byHand(LIST, "struct dirent *readdir(DIR *stream)", dir, "directories:list_root")
                .twin("readdir64", "twins:readdir64")
                .byHand(
                        LIST,
                        "int readdir_r(DIR *stream, struct dirent *entry, struct dirent **result)",
                        dir,
                        "directories:list_reentrant")
                .twin("readdir64_r", "twins:readdir64")
                .byHand(LIST, "int closedir(DIR *stream)", open, "directories:list_root")
                .byHand(LIST, "void rewinddir(DIR *stream)", dir, "directories:seek")
                .byHand(LIST, "long telldir(DIR *stream)", dir, "directories:seek")
                .byHand(LIST, "void seekdir(DIR *stream, long position)", dir, "directories:seek")
                .byHand(LIST, "int dirfd(DIR *stream)", dir, "directories:descriptor_of_stream");
    }

    private static void lists(Rows rows) {
        String order = ", struct dirent ***list, int (*wanted)(const struct dirent *), "
                + "int (*order)(const struct dirent **, const struct dirent **))";
        rows.byHand(LIST, "int scandir(const char *path" + order, "scandir.c", "walks:scandir")
                .twin("scandir64", "twins:scandir64")
                .byHand(LIST, "int scandirat(int dirfd, const char *path" + order, "scandir.c", "walks:scandirat")
                .in("glibc")
                .twin("scandirat64", "twins:scandirat64")
                .byHand(
                        LIST,
                        "ssize_t getdents64(int fd, void *buffer, size_t size)",
                        "getdents.c",
                        "directories:list_by_getdents64")
                .in("glibc 2.30, musl")
                .byHand(
                        LIST,
                        "ssize_t getdirentries(int fd, char *buffer, size_t size, off_t *base)",
                        "getdents.c",
                        "directories:list_by_getdents64")
                .in("glibc")
                .twin("getdirentries64", "twins:getdirentries64")
                .byHand(
                        LIST,
                        "int getdents(int fd, struct dirent *buffer, size_t size)",
                        "getdents.c",
                        "twins:getdents")
                .in("musl");
    }

    private static void walks(Rows rows) {
        String each = "int (*function)(const char *, const struct stat *, int";
        rows.byHand(LIST, "int ftw(const char *path, " + each + "), int descriptors)", "ftw.c", "walks:ftw")
                .twin("ftw64", "twins:ftw64")
                .byHand(
                        LIST,
                        "int nftw(const char *path, " + each + ", struct FTW *), int descriptors, int flags)",
                        "ftw.c",
                        "walks:nftw_physical")
                .twin("nftw64", "twins:nftw64")
                .byHand(
                        LIST,
                        "FTS *fts_open(char *const *paths, int options, int (*order)(const FTSENT **, const FTSENT **))",
                        "fts.c",
                        "walks:fts_physical")
                .in("glibc")
                .twin("fts64_open", "twins:fts64")
                .byHand(LIST, "FTSENT *fts_read(FTS *fts)", "fts.c", "walks:fts_physical")
                .in("glibc")
                .twin("fts64_read", "twins:fts64")
                .byHand(LIST, "FTSENT *fts_children(FTS *fts, int instruction)", "fts.c", "walks:fts_children")
                .in("glibc")
                .twin("fts64_children", "twins:fts64")
                .byHand(LIST, "int fts_set(FTS *fts, FTSENT *node, int instruction)", "fts.c", "walks:fts_instructions")
                .in("glibc")
                .twin("fts64_set", "twins:fts64")
                .byHand(LIST, "int fts_close(FTS *fts)", "fts.c", "walks:fts_physical")
                .in("glibc")
                .twin("fts64_close", "twins:fts64");
    }

    private static void patterns(Rows rows) {
        rows.byHand(
                        LIST,
                        "int glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)",
                        "glob.c",
                        "walks:glob_absolute")
                .twin("glob64", "twins:glob64")
                .byHand(
                        LIST,
                        "int wordexp(const char *text, wordexp_t *result, int flags)",
                        "wordexp.c",
                        "walks:wordexp");
    }
}
