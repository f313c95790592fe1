package dev.velo.ffm;

import java.util.Locale;

/**
 * The system calls that Velo makes, with their numbers.
 *
 * <p>Source: {@code asm/unistd_64.h} for x86-64 and {@code asm-generic/unistd.h} for aarch64.
 */
public enum Syscall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    PREAD64(17, 67),
    PWRITE64(18, 68),
    PWRITEV(296, 70),
    FSYNC(74, 82),
    FDATASYNC(75, 83),
    SYNC_FILE_RANGE(277, 84),
    FTRUNCATE(77, 46),
    FALLOCATE(285, 47),
    FADVISE64(221, 223),
    CACHESTAT(451, 451),
    SENDFILE(40, 71),
    COPY_FILE_RANGE(326, 285),
    IOCTL(16, 29),
    SOCKET(41, 198),
    FCNTL(72, 25),
    DUP3(292, 24),
    PIPE2(293, 59),
    OPENAT(257, 56),
    OPENAT2(437, 437),
    STATX(332, 291),
    STATFS(137, 43),
    FSTATFS(138, 44),
    GETDENTS64(217, 61),
    READLINKAT(267, 78),
    FACCESSAT(269, 48),
    FACCESSAT2(439, 439),
    FLOCK(73, 32),
    MEMFD_CREATE(319, 279),
    LINKAT(265, 37),
    UNLINKAT(263, 35),
    RENAMEAT2(316, 276),
    MKDIRAT(258, 34),
    SYMLINKAT(266, 36),
    MKNODAT(259, 33),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    FCHOWNAT(260, 54),
    UTIMENSAT(280, 88),
    FSETXATTR(190, 7),
    LSETXATTR(189, 6),
    SETXATTRAT(463, 463),
    FGETXATTR(193, 10),
    LGETXATTR(192, 9),
    GETXATTRAT(464, 464),
    FLISTXATTR(196, 13),
    LLISTXATTR(195, 12),
    LISTXATTRAT(465, 465),
    FREMOVEXATTR(199, 16),
    MMAP(9, 222),
    MUNMAP(11, 215),
    MPROTECT(10, 226),
    MADVISE(28, 233),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    MOUNT_SETATTR(442, 442),
    PIVOT_ROOT(155, 41),
    CLONE(56, 220),
    CLONE3(435, 435),
    UNSHARE(272, 97),
    SETNS(308, 268),
    EXECVE(59, 221),
    EXECVEAT(322, 281),
    WAITID(247, 95),
    PIDFD_OPEN(434, 434),
    PIDFD_SEND_SIGNAL(424, 424),
    KILL(62, 129),
    TGKILL(234, 131),
    EXIT(60, 93),
    EXIT_GROUP(231, 94),
    GETPID(39, 172),
    GETUID(102, 174),
    GETEUID(107, 175),
    GETGID(104, 176),
    GETEGID(108, 177),
    GETGROUPS(115, 158),
    SETRESUID(117, 147),
    SETRESGID(119, 149),
    SETGROUPS(116, 159),
    UMASK(95, 166),
    CHDIR(80, 49),
    FCHDIR(81, 50),
    CHROOT(161, 51),
    SETSID(112, 157),
    SETPGID(109, 154),
    RT_SIGACTION(13, 134),
    RT_SIGPROCMASK(14, 135),
    RT_SIGTIMEDWAIT(128, 137),
    PRCTL(157, 167),
    PRLIMIT64(302, 261),
    CLOCK_GETTIME(228, 113),
    SCHED_SETAFFINITY(203, 122),
    SCHED_GETAFFINITY(204, 123),
    UNAME(63, 160),
    GETRUSAGE(98, 165),
    IOPRIO_SET(251, 30),
    PERSONALITY(135, 92),
    SETHOSTNAME(170, 161),
    CLOSE_RANGE(436, 436),
    CAPSET(126, 91),
    KEYCTL(250, 219),
    SECCOMP(317, 277);

    private final int number;
    private final String callName;

    Syscall(int x86, int arm) {
        this.number = Architecture.current() == Architecture.X86_64 ? x86 : arm;
        this.callName = name().toLowerCase(Locale.ROOT);
    }

    /** The number of this call on this machine's architecture. */
    public int number() {
        return number;
    }

    /** The call as manual pages spell it. */
    public String callName() {
        return callName;
    }
}
