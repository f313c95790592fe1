package dev.velo.core.sandbox;

/** Why a group of calls is restricted. */
enum Topic {
    MOUNTS("what is mounted where is Velo's; nothing that it hides comes into sight again"),
    NAMESPACES(
            "a user namespace of its own gives a process all capabilities in it, and with them far more of the kernel to attack; "
                    + "`clone3` has its flags in memory, where no filter sees them, and libc takes `clone` instead"),
    PROCESSES(
            "reaching into another process, or its descriptors, borrows what it may do; pid 1 of the sandbox is Velo's own"),
    KEYS("the kernel's keyrings know no namespaces"),
    ATTACK_SURFACE("large parts of the kernel, with a long record of holes, for which there are other ways"),
    KERNEL("the machine's, not the command's"),
    CLOCK("the machine's clock"),
    NAMES("the sandbox's names are given with it"),
    HANDLES("a handle of a file names it past every mount and every directory"),
    MEMORY_POLICY("on which memory nodes pages lie is the machine's to say"),
    OBSOLETE("no program of today needs them, and some are gone from the kernel"),
    PERSONALITY("other personalities take protection away, such as that of random addresses"),
    TERMINAL(
            "typing into the terminal that the command was given, which lives on after it (CVE-2016-10124, CVE-2017-5226)"),
    SOCKETS(
            "other families reach past the network namespace, as to the hypervisor, or are seldom used and seldom looked at; "
                    + "programs take this as a kernel without them");

    private final String why;

    Topic(String why) {
        this.why = why;
    }

    /** A clause for people. */
    String why() {
        return why;
    }
}
