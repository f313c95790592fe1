package dev.velo.shim;

import static dev.velo.shim.Access.CHANGE;

import java.util.List;

/** What would change the tree: each meets EROFS, or what the kernel says before it, and EXDEV over the border. */
final class ChangingFunctions {
    private static final String FOLLOW = "VELO_FOLLOW";
    private static final String NOFOLLOW = "VELO_NOFOLLOW";
    private static final String NAME = "VELO_NOFOLLOW | VELO_CREATE";
    private static final String REFUSE = "velo_refuse(&place)";
    private static final String REFUSE_FD = "velo_refuse_fd(fd)";

    private ChangingFunctions() {}

    static List<Interposed> rows() {
        Rows rows = new Rows();
        creations(rows);
        removals(rows);
        pairs(rows);
        modes(rows);
        times(rows);
        lengths(rows);
        attributes(rows);
        madeUpNames(rows);
        sockets(rows);
        return rows.list();
    }

    private static void creations(Rows rows) {
        String make = "velo_make_node(&place, path, mode)";
        rows.atPath(
                        CHANGE,
                        "int mkdir(const char *path, mode_t mode)",
                        NAME,
                        "velo_create(&place, path, 1)",
                        "writes:mkdir")
                .atPath(
                        CHANGE,
                        "int mkdirat(int dirfd, const char *path, mode_t mode)",
                        NAME,
                        "velo_create(&place, path, 1)",
                        "writes:mkdirat")
                .atPath(CHANGE, "int mknod(const char *path, mode_t mode, dev_t device)", NAME, make, "writes:mknod")
                .in("glibc 2.33, musl")
                .atPath(
                        CHANGE,
                        "int mknodat(int dirfd, const char *path, mode_t mode, dev_t device)",
                        NAME,
                        make,
                        "writes:mknodat")
                .in("glibc 2.33, musl")
                .atPath(
                        CHANGE,
                        "int __xmknod(int version, const char *path, mode_t mode, dev_t *device)",
                        NAME,
                        make,
                        "writes:xmknod")
                .atPath(
                        CHANGE,
                        "int __xmknodat(int version, int dirfd, const char *path, mode_t mode, dev_t *device)",
                        NAME,
                        make,
                        "writes:xmknod")
                .atPath(
                        CHANGE,
                        "int mkfifo(const char *path, mode_t mode)",
                        NAME,
                        "velo_create(&place, path, 0)",
                        "writes:mkfifo")
                .atPath(
                        CHANGE,
                        "int mkfifoat(int dirfd, const char *path, mode_t mode)",
                        NAME,
                        "velo_create(&place, path, 0)",
                        "writes:mkfifoat")
                .atPath(
                        CHANGE,
                        "int symlink(const char *target, const char *path)",
                        NAME,
                        "velo_make_link(&place, path, target)",
                        "writes:symlink")
                .atPath(
                        CHANGE,
                        "int symlinkat(const char *target, int dirfd, const char *path)",
                        NAME,
                        "velo_make_link(&place, path, target)",
                        "writes:symlinkat");
    }

    private static void removals(Rows rows) {
        rows.atPath(CHANGE, "int unlink(const char *path)", NAME, "velo_remove(&place, path, 0)", "writes:unlink")
                .atPath(
                        CHANGE,
                        "int unlinkat(int dirfd, const char *path, int flags)",
                        NAME,
                        "velo_remove(&place, path, flags)",
                        "writes:unlinkat")
                .atPath(
                        CHANGE,
                        "int rmdir(const char *path)",
                        NAME,
                        "velo_remove(&place, path, AT_REMOVEDIR)",
                        "writes:rmdir")
                .atPath(CHANGE, "int remove(const char *path)", NAME, "velo_remove_any(&place, path)", "writes:remove");
    }

    private static void pairs(Rows rows) {
        String pairs = "pairs.c";
        rows.byHand(CHANGE, "int rename(const char *from, const char *to)", pairs, "writes:rename_from")
                .byHand(
                        CHANGE,
                        "int renameat(int from_dir, const char *from, int to_dir, const char *to)",
                        pairs,
                        "writes:renameat_to")
                .byHand(
                        CHANGE,
                        "int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)",
                        pairs,
                        "writes:renameat2_to")
                .in("glibc 2.28")
                .byHand(CHANGE, "int link(const char *from, const char *to)", pairs, "writes:link_from")
                .byHand(
                        CHANGE,
                        "int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)",
                        pairs,
                        "writes:linkat_to");
    }

    private static void modes(Rows rows) {
        String at = "velo_at(flags)";
        rows.atPath(CHANGE, "int chmod(const char *path, mode_t mode)", FOLLOW, REFUSE, "writes:chmod")
                .onDescriptor(CHANGE, "int fchmod(int fd, mode_t mode)", REFUSE_FD, "held:fchmod")
                .atPath(
                        CHANGE,
                        "int fchmodat(int dirfd, const char *path, mode_t mode, int flags)",
                        at,
                        "velo_change_mode(&place, flags)",
                        "writes:fchmodat")
                .atPath(
                        CHANGE,
                        "int lchmod(const char *path, mode_t mode)",
                        NOFOLLOW,
                        "velo_change_mode(&place, AT_SYMLINK_NOFOLLOW)",
                        "writes:lchmod")
                .atPath(CHANGE, "int chown(const char *path, uid_t owner, gid_t group)", FOLLOW, REFUSE, "writes:chown")
                .atPath(
                        CHANGE,
                        "int lchown(const char *path, uid_t owner, gid_t group)",
                        NOFOLLOW,
                        REFUSE,
                        "writes:lchown")
                .onDescriptor(CHANGE, "int fchown(int fd, uid_t owner, gid_t group)", REFUSE_FD, "held:fchown")
                .atPath(
                        CHANGE,
                        "int fchownat(int dirfd, const char *path, uid_t owner, gid_t group, int flags)",
                        at,
                        "velo_change_owner(&place, flags)",
                        "writes:fchownat");
    }

    private static void times(Rows rows) {
        String old = "velo_touch_old(&place, times)";
        String array = "const struct timeval times[2]";
        rows.atPath(CHANGE, "int utime(const char *path, const struct utimbuf *times)", FOLLOW, REFUSE, "writes:utime")
                .atPath(CHANGE, "int utimes(const char *path, " + array + ")", FOLLOW, old, "writes:utimes")
                .atPath(CHANGE, "int lutimes(const char *path, " + array + ")", NOFOLLOW, old, "writes:lutimes")
                .onDescriptor(CHANGE, "int futimes(int fd, " + array + ")", REFUSE_FD, "held:futimes")
                .onDescriptor(
                        CHANGE,
                        "int futimens(int fd, const struct timespec times[2])",
                        "velo_touch_fd(fd, times)",
                        "held:futimens")
                .byHand(
                        CHANGE,
                        "int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)",
                        "touch.c",
                        "writes:utimensat")
                .byHand(
                        CHANGE,
                        "int futimesat(int dirfd, const char *path, " + array + ")",
                        "touch.c",
                        "writes:futimesat");
    }

    private static void lengths(Rows rows) {
        rows.atPath(
                        CHANGE,
                        "int truncate(const char *path, off_t length)",
                        FOLLOW,
                        "velo_truncate(&place, length)",
                        "writes:truncate")
                .twin("truncate64", "writes:truncate_64")
                .onDescriptor(CHANGE, "int ftruncate(int fd, off_t length)", "velo_truncate_fd(fd)", "held:ftruncate")
                .twin("ftruncate64", "held:ftruncate_64");
    }

    private static void attributes(Rows rows) {
        String value = "const char *name, const void *value, size_t size, int flags)";
        rows.atPath(CHANGE, "int setxattr(const char *path, " + value, FOLLOW, REFUSE, "writes:setxattr")
                .atPath(CHANGE, "int lsetxattr(const char *path, " + value, NOFOLLOW, REFUSE, "writes:lsetxattr")
                .onDescriptor(CHANGE, "int fsetxattr(int fd, " + value, REFUSE_FD, "held:fsetxattr")
                .atPath(
                        CHANGE,
                        "int removexattr(const char *path, const char *name)",
                        FOLLOW,
                        REFUSE,
                        "writes:removexattr")
                .atPath(
                        CHANGE,
                        "int lremovexattr(const char *path, const char *name)",
                        NOFOLLOW,
                        REFUSE,
                        "writes:lremovexattr")
                .onDescriptor(CHANGE, "int fremovexattr(int fd, const char *name)", REFUSE_FD, "held:fremovexattr");
    }

    private static void madeUpNames(Rows rows) {
        String names = "names.c";
        rows.byHand(CHANGE, "char *mktemp(char *template)", names, "writes:mktemp")
                .byHand(CHANGE, "char *mkdtemp(char *template)", names, "writes:mkdtemp")
                .byHand(CHANGE, "int mkstemp(char *template)", names, "writes:mkstemp")
                .twin("mkstemp64", "writes:mkstemp")
                .byHand(CHANGE, "int mkostemp(char *template, int flags)", names, "writes:mkostemp")
                .twin("mkostemp64", "twins:made_up_names")
                .byHand(CHANGE, "int mkstemps(char *template, int suffix)", names, "writes:mkstemps")
                .twin("mkstemps64", "twins:made_up_names")
                .byHand(CHANGE, "int mkostemps(char *template, int suffix, int flags)", names, "writes:mkstemps")
                .twin("mkostemps64", "twins:made_up_names");
    }

    private static void sockets(Rows rows) {
        String address = "(int fd, const struct sockaddr *address, socklen_t length)";
        rows.byHand(CHANGE, "int bind" + address, "sockets.c", "sockets:bind")
                .byHand(CHANGE, "int connect" + address, "sockets.c", "sockets:connect");
    }
}
