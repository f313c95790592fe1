package dev.velo.core.sandbox;

import dev.velo.core.sandbox.ArgumentTest.AnyBit;
import dev.velo.core.sandbox.ArgumentTest.NoneOf;
import dev.velo.core.sandbox.ArgumentTest.OneOf;
import dev.velo.ffm.Architecture;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that a command in a sandbox may not make, or not with every argument. All others of {@link UnknownCalls} it may.
 *
 * <p>Source of numbers: {@code asm/unistd_64.h} for x86-64 and {@code asm-generic/unistd.h} for aarch64; a test compares them.
 */
enum RestrictedCall {
    MOUNT(165, 40, Topic.MOUNTS),
    UMOUNT2(166, 39, Topic.MOUNTS),
    PIVOT_ROOT(155, 41, Topic.MOUNTS),
    CHROOT(161, 51, Topic.MOUNTS),
    OPEN_TREE(428, 428, Topic.MOUNTS),
    OPEN_TREE_ATTR(467, 467, Topic.MOUNTS),
    MOVE_MOUNT(429, 429, Topic.MOUNTS),
    FSOPEN(430, 430, Topic.MOUNTS),
    FSCONFIG(431, 431, Topic.MOUNTS),
    FSMOUNT(432, 432, Topic.MOUNTS),
    FSPICK(433, 433, Topic.MOUNTS),
    MOUNT_SETATTR(442, 442, Topic.MOUNTS),

    SETNS(308, 268, Topic.NAMESPACES),
    UNSHARE(
            272,
            97,
            Topic.NAMESPACES,
            Verdict.EPERM,
            new AnyBit(0, ~Flags.SHARED_AMONG_THREADS),
            "with a flag that is not about what threads share, as all `CLONE_NEW*` are"),
    CLONE(56, 220, Topic.NAMESPACES, Verdict.EPERM, new AnyBit(0, Flags.NEW_NAMESPACES), "with a flag `CLONE_NEW*`"),
    CLONE3(435, 435, Topic.NAMESPACES, Verdict.ENOSYS, null, ""),

    PTRACE(101, 117, Topic.PROCESSES),
    PROCESS_VM_READV(310, 270, Topic.PROCESSES),
    PROCESS_VM_WRITEV(311, 271, Topic.PROCESSES),
    PROCESS_MADVISE(440, 440, Topic.PROCESSES),
    KCMP(312, 272, Topic.PROCESSES),
    PIDFD_GETFD(438, 438, Topic.PROCESSES),

    ADD_KEY(248, 217, Topic.KEYS),
    REQUEST_KEY(249, 218, Topic.KEYS),
    KEYCTL(250, 219, Topic.KEYS),

    BPF(321, 280, Topic.ATTACK_SURFACE),
    USERFAULTFD(323, 282, Topic.ATTACK_SURFACE),
    PERF_EVENT_OPEN(298, 241, Topic.ATTACK_SURFACE),
    IO_URING_SETUP(425, 425, Topic.ATTACK_SURFACE),
    IO_URING_ENTER(426, 426, Topic.ATTACK_SURFACE),
    IO_URING_REGISTER(427, 427, Topic.ATTACK_SURFACE),
    FANOTIFY_INIT(300, 262, Topic.ATTACK_SURFACE),
    MODIFY_LDT(154, Flags.NONE, Topic.ATTACK_SURFACE),

    KEXEC_LOAD(246, 104, Topic.KERNEL),
    KEXEC_FILE_LOAD(320, 294, Topic.KERNEL),
    INIT_MODULE(175, 105, Topic.KERNEL),
    FINIT_MODULE(313, 273, Topic.KERNEL),
    DELETE_MODULE(176, 106, Topic.KERNEL),
    REBOOT(169, 142, Topic.KERNEL),
    SWAPON(167, 224, Topic.KERNEL),
    SWAPOFF(168, 225, Topic.KERNEL),
    IOPL(172, Flags.NONE, Topic.KERNEL),
    IOPERM(173, Flags.NONE, Topic.KERNEL),
    ACCT(163, 89, Topic.KERNEL),
    QUOTACTL(179, 60, Topic.KERNEL),
    QUOTACTL_FD(443, 443, Topic.KERNEL),
    SYSLOG(103, 116, Topic.KERNEL),
    VHANGUP(153, 58, Topic.KERNEL),

    SETTIMEOFDAY(164, 170, Topic.CLOCK),
    CLOCK_SETTIME(227, 112, Topic.CLOCK),
    ADJTIMEX(159, 171, Topic.CLOCK),
    CLOCK_ADJTIME(305, 266, Topic.CLOCK),

    SETHOSTNAME(170, 161, Topic.NAMES),
    SETDOMAINNAME(171, 162, Topic.NAMES),

    NAME_TO_HANDLE_AT(303, 264, Topic.HANDLES),
    OPEN_BY_HANDLE_AT(304, 265, Topic.HANDLES),

    GET_MEMPOLICY(239, 236, Topic.MEMORY_POLICY),
    SET_MEMPOLICY(238, 237, Topic.MEMORY_POLICY),
    SET_MEMPOLICY_HOME_NODE(450, 450, Topic.MEMORY_POLICY),
    MBIND(237, 235, Topic.MEMORY_POLICY),
    MOVE_PAGES(279, 239, Topic.MEMORY_POLICY),
    MIGRATE_PAGES(256, 238, Topic.MEMORY_POLICY),

    USELIB(134, Flags.NONE, Topic.OBSOLETE),
    USTAT(136, Flags.NONE, Topic.OBSOLETE),
    SYSFS(139, Flags.NONE, Topic.OBSOLETE),
    _SYSCTL(156, Flags.NONE, Topic.OBSOLETE),
    CREATE_MODULE(174, Flags.NONE, Topic.OBSOLETE),
    GET_KERNEL_SYMS(177, Flags.NONE, Topic.OBSOLETE),
    QUERY_MODULE(178, Flags.NONE, Topic.OBSOLETE),
    NFSSERVCTL(180, 42, Topic.OBSOLETE),
    LOOKUP_DCOOKIE(212, 18, Topic.OBSOLETE),

    PERSONALITY(
            135,
            92,
            Topic.PERSONALITY,
            Verdict.EPERM,
            new NoneOf(0, List.of(0, 0x8, 0x20000, 0x20008, -1)),
            "unless it asks (0xffffffff), or is `PER_LINUX` or `PER_LINUX32`, each with or without `UNAME26`"),
    IOCTL(
            16,
            29,
            Topic.TERMINAL,
            Verdict.EPERM,
            new OneOf(1, List.of(Flags.TIOCSTI, Flags.TIOCLINUX)),
            "with `TIOCSTI` or `TIOCLINUX`"),
    SOCKET(41, 198, Topic.SOCKETS, Verdict.EAFNOSUPPORT, Flags.OTHER_FAMILIES, Flags.OTHER_FAMILIES_TEXT),
    SOCKETPAIR(53, 199, Topic.SOCKETS, Verdict.EAFNOSUPPORT, Flags.OTHER_FAMILIES, Flags.OTHER_FAMILIES_TEXT);

    private final int x86;
    private final int arm;
    private final Topic topic;

    @SuppressWarnings("ImmutableEnumChecker") // of records and lists that nobody changes
    private final Rule rule;

    private final String when;

    RestrictedCall(int x86, int arm, Topic topic) {
        this(x86, arm, topic, Verdict.EPERM, null, "");
    }

    RestrictedCall(int x86, int arm, Topic topic, Verdict verdict, @Nullable ArgumentTest test, String when) {
        this.x86 = x86;
        this.arm = arm;
        this.topic = topic;
        this.rule = new Rule(verdict, test);
        this.when = when;
    }

    /** The number of the call; negative if the architecture has none. */
    int number(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86;
            case AARCH64 -> arm;
        };
    }

    Rule rule() {
        return rule;
    }

    Topic topic() {
        return topic;
    }

    /** For people: with which arguments the call is denied; "" for all. */
    String when() {
        return when;
    }

    /** The call as manual pages spell it. */
    String callName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Constants apart, since those of an enum come after its elements. */
    private static final class Flags {
        static final int NONE = -1;

        /** {@code CLONE_VM}, {@code FS}, {@code FILES}, {@code SIGHAND}, {@code THREAD} and {@code SYSVSEM}. */
        static final long SHARED_AMONG_THREADS = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000;

        /** All but {@code CLONE_NEWTIME}, which stands in the exit signal's bits and means nothing here: {@code clone} has 32 flags. */
        static final long NEW_NAMESPACES = 0x7e020000;

        static final int TIOCSTI = 0x5412;
        static final int TIOCLINUX = 0x541c;

        /** Not {@code AF_UNSPEC}, {@code AF_UNIX}, {@code AF_INET}, {@code AF_INET6}, {@code AF_NETLINK}. */
        static final ArgumentTest OTHER_FAMILIES = new NoneOf(0, List.of(0, 1, 2, 10, 16));

        static final String OTHER_FAMILIES_TEXT =
                "of another family than `AF_UNIX`, `AF_INET`, `AF_INET6`, `AF_NETLINK` and `AF_UNSPEC`";
    }
}
