package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Architecture;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.Statx;

/** Whether the preload shim takes effect in a program, asked before it is started, and why not. */
final class ProgramCheck {
    private static final byte[] CAPABILITIES = PathBytes.of("security.capability");
    private static final String LIBRARY_CACHE = "/sbin/ldconfig";
    private static final int SET_USER_ID = 04000;
    private static final int SET_GROUP_ID = 02000;
    private static final int GROUP_EXECUTE = 010;
    private static final int BITS = 64;

    private ProgramCheck() {}

    /**
     * Whether a program with this head is let through though nothing can be preloaded into it: {@code ldconfig}, which language
     * runtimes ask where libraries are, reads the system's cache and nothing else. The shim's {@code exec} does the same.
     */
    static boolean isHarmless(byte[] program, ElfHead head) {
        return head.interpreter() == null && PathBytes.show(program).endsWith(LIBRARY_CACHE);
    }

    /** Throws the reason why nothing can be preloaded into a program with this head, if there is one. */
    static void requireDynamic(byte[] program, ElfHead head) throws UnavailableException {
        if (head.bits() != BITS || head.machine() != Architecture.current().machine()) {
            throw refused(program, "is for another machine than the preload shim, " + nameOf(head));
        }
        if (head.isGo()) {
            throw refused(program, "is a Go program, which makes system calls past every library");
        }
        if (head.interpreter() == null) {
            throw refused(program, "is linked statically, so that nothing can be preloaded into it");
        }
    }

    /** Throws if the kernel would have the loader drop what is preloaded: for a program that gains rights by being started. */
    static void requireNoGain(byte[] program, Statx stat, User user) throws UnavailableException {
        boolean asUser = (stat.mode() & SET_USER_ID) != 0 && stat.uid() != user.uid();
        boolean asGroup = (stat.mode() & (SET_GROUP_ID | GROUP_EXECUTE)) == (SET_GROUP_ID | GROUP_EXECUTE)
                && stat.gid() != user.gid();
        if (asUser || asGroup) {
            throw refused(program, "runs with the rights of another user or group, and drops what is preloaded");
        }
        if (!user.isRoot() && hasCapabilities(program)) {
            throw refused(program, "has file capabilities, and drops what is preloaded");
        }
    }

    private static boolean hasCapabilities(byte[] program) {
        try {
            return AttributeCalls.lgetxattr(program, CAPABILITIES).length > 0;
        } catch (ErrnoException e) {
            return false;
        }
    }

    static UnavailableException refused(byte[] program, String why) {
        return new UnavailableException(
                PathBytes.show(program) + " " + why + "; --mode mount and --mode link show the tree to it");
    }

    private static String nameOf(ElfHead head) {
        return head.bits() + " bits, machine " + head.machine();
    }
}
