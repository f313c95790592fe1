package dev.velo.shim;

import static dev.velo.shim.Access.ASK;

import java.util.List;

/** What only asks about a path or a descriptor. */
final class AskingFunctions {
    private static final String AT = "velo_at(flags)";
    private static final String FOLLOW = "VELO_FOLLOW";
    private static final String NOFOLLOW = "VELO_NOFOLLOW";

    private AskingFunctions() {}

    static List<Interposed> rows() {
        Rows rows = new Rows();
        stats(rows);
        oldStats(rows);
        access(rows);
        links(rows);
        fileSystems(rows);
        attributes(rows);
        watches(rows);
        return rows.list();
    }

    private static void stats(Rows rows) {
        rows.atPath(ASK, "int stat(const char *path, struct stat *buf)", FOLLOW, "velo_stat(&place, buf)", "stats:stat")
                .in("glibc 2.33, musl")
                .twin("stat64", "stats:stat64")
                .atPath(
                        ASK,
                        "int lstat(const char *path, struct stat *buf)",
                        NOFOLLOW,
                        "velo_stat(&place, buf)",
                        "stats:lstat")
                .in("glibc 2.33, musl")
                .twin("lstat64", "stats:lstat64")
                .onDescriptor(ASK, "int fstat(int fd, struct stat *buf)", "velo_stat_slot(slot, buf)", "stats:fstat")
                .in("glibc 2.33, musl")
                .twin("fstat64", "stats:fstat64")
                .atPath(
                        ASK,
                        "int fstatat(int dirfd, const char *path, struct stat *buf, int flags)",
                        AT,
                        "velo_stat_at(&place, flags, buf)",
                        "stats:fstatat")
                .in("glibc 2.33, musl")
                .twin("fstatat64", "stats:fstatat64")
                .atPath(
                        ASK,
                        "int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *buf)",
                        AT,
                        "velo_statx(&place, flags, mask, buf)",
                        "stats:statx")
                .in("glibc 2.28, musl 1.2.4");
    }

    /** What programs built for a glibc before 2.33 call instead; later ones keep them for these. */
    private static void oldStats(Rows rows) {
        rows.atPath(
                        ASK,
                        "int __xstat(int version, const char *path, struct stat *buf)",
                        FOLLOW,
                        "velo_stat_old(version, &place, buf)",
                        "stats:xstat")
                .twin("__xstat64", "stats:xstat")
                .atPath(
                        ASK,
                        "int __lxstat(int version, const char *path, struct stat *buf)",
                        NOFOLLOW,
                        "velo_stat_old(version, &place, buf)",
                        "stats:xstat")
                .twin("__lxstat64", "stats:xstat")
                .onDescriptor(
                        ASK,
                        "int __fxstat(int version, int fd, struct stat *buf)",
                        "velo_stat_old_slot(version, slot, buf)",
                        "stats:fxstat")
                .twin("__fxstat64", "stats:fxstat")
                .atPath(
                        ASK,
                        "int __fxstatat(int version, int dirfd, const char *path, struct stat *buf, int flags)",
                        AT,
                        "velo_stat_old_at(version, &place, flags, buf)",
                        "stats:fxstatat")
                .twin("__fxstatat64", "stats:fxstatat");
    }

    private static void access(Rows rows) {
        rows.atPath(
                        ASK,
                        "int access(const char *path, int mode)",
                        FOLLOW,
                        "velo_access(&place, mode, 0)",
                        "access:access")
                .atPath(
                        ASK,
                        "int faccessat(int dirfd, const char *path, int mode, int flags)",
                        AT,
                        "velo_access(&place, mode, flags)",
                        "access:faccessat")
                .atPath(
                        ASK,
                        "int eaccess(const char *path, int mode)",
                        FOLLOW,
                        "velo_access(&place, mode & 7, AT_EACCESS)",
                        "access:eaccess")
                .twin("euidaccess", "access:euidaccess");
    }

    private static void links(Rows rows) {
        rows.byHand(ASK, "ssize_t readlink(const char *path, char *buffer, size_t size)", "links.c", "links:readlink")
                .byHand(
                        ASK,
                        "ssize_t readlinkat(int dirfd, const char *path, char *buffer, size_t size)",
                        "links.c",
                        "links:readlinkat")
                .byHand(
                        ASK,
                        "ssize_t __readlink_chk(const char *path, char *buffer, size_t size, size_t room)",
                        "links.c",
                        "links:readlink_chk")
                .in("glibc")
                .byHand(
                        ASK,
                        "ssize_t __readlinkat_chk(int dirfd, const char *path, char *buffer, size_t size, size_t room)",
                        "links.c",
                        "links:readlinkat_chk")
                .in("glibc");
    }

    private static void fileSystems(Rows rows) {
        rows.atPath(
                        ASK,
                        "int statfs(const char *path, struct statfs *buf)",
                        FOLLOW,
                        "velo_statfs(&place, buf)",
                        "attributes:statfs")
                .twin("statfs64", "attributes:statfs64")
                .onDescriptor(
                        ASK, "int fstatfs(int fd, struct statfs *buf)", "velo_statfs_slot(buf)", "attributes:fstatfs")
                .twin("fstatfs64", "attributes:fstatfs")
                .atPath(
                        ASK,
                        "int statvfs(const char *path, struct statvfs *buf)",
                        FOLLOW,
                        "velo_statvfs(&place, buf)",
                        "attributes:statvfs")
                .twin("statvfs64", "attributes:statvfs")
                .onDescriptor(
                        ASK,
                        "int fstatvfs(int fd, struct statvfs *buf)",
                        "velo_statvfs_slot(buf)",
                        "attributes:fstatvfs")
                .twin("fstatvfs64", "attributes:fstatvfs")
                .byHand(ASK, "long pathconf(const char *path, int name)", "limits.c", "attributes:pathconf");
    }

    private static void attributes(Rows rows) {
        rows.atPath(
                        ASK,
                        "ssize_t getxattr(const char *path, const char *name, void *value, size_t size)",
                        FOLLOW,
                        "velo_get_attribute(&place, name, value, size)",
                        "attributes:getxattr")
                .atPath(
                        ASK,
                        "ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)",
                        NOFOLLOW,
                        "velo_get_attribute(&place, name, value, size)",
                        "attributes:lgetxattr")
                .onDescriptor(
                        ASK,
                        "ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)",
                        "velo_get_attribute_fd(fd, slot, name, value, size)",
                        "attributes:fgetxattr")
                .atPath(
                        ASK,
                        "ssize_t listxattr(const char *path, char *list, size_t size)",
                        FOLLOW,
                        "velo_list_attributes(&place, list, size)",
                        "attributes:listxattr")
                .atPath(
                        ASK,
                        "ssize_t llistxattr(const char *path, char *list, size_t size)",
                        NOFOLLOW,
                        "velo_list_attributes(&place, list, size)",
                        "attributes:llistxattr")
                .onDescriptor(
                        ASK,
                        "ssize_t flistxattr(int fd, char *list, size_t size)",
                        "velo_list_attributes_fd(fd, slot, list, size)",
                        "attributes:flistxattr");
    }

    private static void watches(Rows rows) {
        rows.atPath(
                        ASK,
                        "int name_to_handle_at(int dirfd, const char *path, struct file_handle *handle, int *mount, int flags)",
                        "velo_link_at(flags)",
                        "velo_handle(&place)",
                        "attributes:name_to_handle_at")
                .atPath(
                        ASK,
                        "int inotify_add_watch(int queue, const char *path, uint32_t mask)",
                        "mask & IN_DONT_FOLLOW ? VELO_NOFOLLOW : VELO_FOLLOW",
                        "velo_watch(queue, &place, mask)",
                        "attributes:inotify_add_watch")
                .atPath(
                        ASK,
                        "int fanotify_mark(int queue, unsigned flags, uint64_t mask, int dirfd, const char *path)",
                        "flags & FAN_MARK_DONT_FOLLOW ? VELO_NOFOLLOW : VELO_FOLLOW",
                        "velo_mark(queue, flags, &place)",
                        "attributes:fanotify_mark");
    }
}
