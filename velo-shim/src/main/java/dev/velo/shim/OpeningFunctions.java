package dev.velo.shim;

import static dev.velo.shim.Access.ANY;
import static dev.velo.shim.Access.GO;
import static dev.velo.shim.Access.HOLD;
import static dev.velo.shim.Access.OPEN;
import static dev.velo.shim.Access.START;

import java.util.List;

/** What opens files, keeps them open, moves the working directory and starts programs. */
final class OpeningFunctions {
    private static final String FLAGS = "velo_open_at(path, flags)";
    private static final String ANSWER = "velo_open_path(&place, path, flags)";

    private OpeningFunctions() {}

    static List<Interposed> rows() {
        Rows rows = new Rows();
        files(rows);
        streams(rows);
        descriptors(rows);
        workingDirectory(rows);
        programs(rows);
        spawns(rows);
        rows.byHand(ANY, "long syscall(long number, ...)", "syscall.c", "opening:syscall");
        return rows.list();
    }

    private static void files(Rows rows) {
        rows.atPath(OPEN, "int open(const char *path, int flags, ...)", FLAGS, ANSWER, "opening:open")
                .twin("open64", "opening:open64")
                .atPath(
                        OPEN,
                        "int openat(int dirfd, const char *path, int flags, ...)",
                        FLAGS,
                        ANSWER,
                        "opening:openat")
                .twin("openat64", "opening:openat64")
                .atPath(OPEN, "int __open_2(const char *path, int flags)", FLAGS, ANSWER, "opening:open_2")
                .in("glibc")
                .twin("__open64_2", "opening:open_2")
                .atPath(
                        OPEN,
                        "int __openat_2(int dirfd, const char *path, int flags)",
                        FLAGS,
                        ANSWER,
                        "opening:openat_2")
                .in("glibc")
                .twin("__openat64_2", "opening:openat_2")
                .atPath(
                        OPEN,
                        "int creat(const char *path, mode_t mode)",
                        "velo_open_at(path, O_WRONLY | O_CREAT | O_TRUNC)",
                        "velo_open_path(&place, path, O_WRONLY | O_CREAT | O_TRUNC)",
                        "writes:creat")
                .twin("creat64", "writes:creat_64");
    }

    private static void streams(Rows rows) {
        rows.byHand(OPEN, "FILE *fopen(const char *path, const char *mode)", "opening.c", "opening:fopen")
                .twin("fopen64", "opening:fopen64")
                .byHand(
                        OPEN,
                        "FILE *freopen(const char *path, const char *mode, FILE *stream)",
                        "opening.c",
                        "opening:freopen")
                .twin("freopen64", "opening:freopen64")
                .byHand(HOLD, "int fclose(FILE *stream)", "opening.c", "opening:fopen");
    }

    private static void descriptors(Rows rows) {
        rows.byHand(HOLD, "int close(int fd)", "descriptors.c", "descriptors:close")
                .byHand(HOLD, "int dup(int fd)", "descriptors.c", "descriptors:dup")
                .byHand(HOLD, "int dup2(int fd, int wanted)", "descriptors.c", "descriptors:dup2")
                .byHand(HOLD, "int dup3(int fd, int wanted, int flags)", "descriptors.c", "descriptors:dup3")
                .byHand(HOLD, "int fcntl(int fd, int command, ...)", "descriptors.c", "descriptors:fcntl")
                .twin("fcntl64", "descriptors:fcntl64")
                .in("glibc 2.28")
                .byHand(
                        HOLD,
                        "int close_range(unsigned first, unsigned last, int flags)",
                        "descriptors.c",
                        "descriptors:close_range")
                .in("glibc 2.34")
                .byHand(HOLD, "void closefrom(int first)", "descriptors.c", "descriptors:closefrom")
                .in("glibc 2.34")
                .byHand(HOLD, "off_t lseek(int fd, off_t offset, int whence)", "descriptors.c", "descriptors:lseek")
                .twin("lseek64", "descriptors:lseek")
                .byHand(
                        HOLD,
                        "void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)",
                        "descriptors.c",
                        "descriptors:mmap")
                .twin("mmap64", "held:mmap64");
    }

    private static void workingDirectory(Rows rows) {
        String paths = "paths.c";
        rows.byHand(GO, "int chdir(const char *path)", "working.c", "working:chdir")
                .byHand(GO, "int fchdir(int fd)", "working.c", "working:fchdir")
                .atPath(GO, "int chroot(const char *path)", "VELO_FOLLOW", "velo_change_root(&place)", "working:chroot")
                .byHand(GO, "char *getcwd(char *buffer, size_t size)", paths, "working:getcwd")
                .byHand(GO, "char *__getcwd_chk(char *buffer, size_t size, size_t room)", paths, "working:getcwd_chk")
                .in("glibc")
                .byHand(GO, "char *getwd(char *buffer)", paths, "working:getwd")
                .in("glibc")
                .byHand(GO, "char *__getwd_chk(char *buffer, size_t room)", paths, "working:getcwd_chk")
                .in("glibc")
                .byHand(GO, "char *get_current_dir_name(void)", paths, "working:get_current_dir_name")
                .byHand(GO, "char *realpath(const char *path, char *resolved)", paths, "paths:resolve_absolute")
                .byHand(
                        GO,
                        "char *__realpath_chk(const char *path, char *resolved, size_t room)",
                        paths,
                        "paths:checked")
                .in("glibc")
                .byHand(GO, "char *canonicalize_file_name(const char *path)", paths, "paths:resolve_allocates")
                .in("glibc");
    }

    private static void programs(Rows rows) {
        String exec = "exec.c";
        rows.byHand(
                        START,
                        "int execve(const char *path, char *const arguments[], char *const environment[])",
                        exec,
                        "programs:execve")
                .byHand(
                        START,
                        "int execveat(int dirfd, const char *path, char *const arguments[], char *const environment[], int flags)",
                        exec,
                        "programs:execveat")
                .in("glibc 2.34")
                .byHand(
                        START,
                        "int fexecve(int fd, char *const arguments[], char *const environment[])",
                        exec,
                        "programs:fexecve")
                .byHand(START, "int execv(const char *path, char *const arguments[])", exec, "programs:execv")
                .byHand(START, "int execvp(const char *name, char *const arguments[])", exec, "programs:execvp")
                .byHand(
                        START,
                        "int execvpe(const char *name, char *const arguments[], char *const environment[])",
                        exec,
                        "programs:execvpe")
                .byHand(START, "int execl(const char *path, const char *first, ...)", exec, "programs:execl")
                .byHand(START, "int execlp(const char *name, const char *first, ...)", exec, "programs:execlp")
                .byHand(START, "int execle(const char *path, const char *first, ...)", exec, "programs:execle")
                .byHand(START, "int system(const char *command)", exec, "programs:system")
                .byHand(START, "FILE *popen(const char *command, const char *mode)", exec, "programs:popen");
    }

    private static void spawns(Rows rows) {
        String spawn = "spawn.c";
        String rest =
                ", const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const arguments[], "
                        + "char *const environment[])";
        String actions = "int posix_spawn_file_actions_";
        String on = "(posix_spawn_file_actions_t *actions";
        rows.byHand(
                ANY,
                "int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size)",
                "threads.c",
                "crowds:small_stacks");
        rows.byHand(ANY, "void *dlmopen(long namespace, const char *file, int mode)", "dlmopen.c", "libraries:dlmopen")
                .in("glibc");
        rows.byHand(START, "int posix_spawn(pid_t *pid, const char *path" + rest, spawn, "spawning:posix_spawn")
                .byHand(START, "int posix_spawnp(pid_t *pid, const char *name" + rest, spawn, "spawning:posix_spawnp")
                .byHand(START, actions + "init" + on + ")", spawn, "spawning:addopen")
                .byHand(START, actions + "destroy" + on + ")", spawn, "spawning:addopen")
                .byHand(
                        START,
                        actions + "addopen" + on + ", int fd, const char *path, int flags, mode_t mode)",
                        spawn,
                        "spawning:addopen")
                .byHand(START, actions + "addclose" + on + ", int fd)", spawn, "spawning:addclose")
                .byHand(START, actions + "adddup2" + on + ", int fd, int wanted)", spawn, "spawning:adddup2")
                .byHand(START, actions + "addclosefrom_np" + on + ", int first)", spawn, "spawning:addclose")
                .in("glibc 2.34")
                .byHand(START, actions + "addtcsetpgrp_np" + on + ", int fd)", spawn, "spawning:addclose")
                .in("glibc 2.35")
                .byHand(START, actions + "addchdir_np" + on + ", const char *path)", spawn, "spawning:addchdir_np")
                .in("glibc 2.29, musl")
                .byHand(START, actions + "addfchdir_np" + on + ", int fd)", spawn, "spawning:addfchdir_np")
                .in("glibc 2.29, musl");
    }
}
