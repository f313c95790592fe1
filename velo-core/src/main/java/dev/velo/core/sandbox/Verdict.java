package dev.velo.core.sandbox;

import dev.velo.ffm.Errno;

/** What the kernel does with a call: the action of seccomp(2) that a filter returns. */
enum Verdict {
    ALLOW(0x7fff0000),
    EPERM(error(Errno.EPERM)),
    ENOSYS(error(Errno.ENOSYS)),
    EAFNOSUPPORT(error(Errno.EAFNOSUPPORT)),
    KILL_PROCESS(0x80000000);

    private final int action;

    Verdict(int action) {
        this.action = action;
    }

    int action() {
        return action;
    }

    /** {@code SECCOMP_RET_ERRNO} with this errno. */
    private static int error(Errno errno) {
        return 0x00050000 | errno.number();
    }
}
