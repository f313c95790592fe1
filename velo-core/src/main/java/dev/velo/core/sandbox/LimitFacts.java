package dev.velo.core.sandbox;

import dev.velo.core.present.MountTable;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.IdentityCalls;
import dev.velo.ffm.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * What decides how limits are held, as this process sees the machine.
 *
 * @param processors those that this process may run on
 * @param isRoot whether this is the user whose processes {@code RLIMIT_NPROC} does not bind
 * @param hardProcesses the hard limit {@code RLIMIT_NPROC}, which cannot be raised; -1 for none
 * @param hardAddressSpace the hard limit {@code RLIMIT_AS}, in bytes; -1 for none
 */
record LimitFacts(Cgroups cgroups, BitSet processors, boolean isRoot, long hardProcesses, long hardAddressSpace) {
    private static final int HARD = 1;

    /** For a run without limits, of which nothing depends on the machine. */
    static LimitFacts unread() {
        return new LimitFacts(Cgroups.of(MountTable.of(""), ""), new BitSet(), false, -1, -1);
    }

    static LimitFacts read() throws IOException {
        return new LimitFacts(
                Cgroups.read(),
                allowed(),
                IdentityCalls.geteuid() == 0 && isMappedToRoot(),
                ProcessCalls.prlimit64(ProcessCalls.RLIMIT_NPROC)[HARD],
                ProcessCalls.prlimit64(ProcessCalls.RLIMIT_AS)[HARD]);
    }

    /** None where a container forbids the question. */
    private static BitSet allowed() {
        try {
            return ProcessCalls.schedGetaffinity();
        } catch (ErrnoException e) {
            return new BitSet();
        }
    }

    /** Whether root is root outside of this user namespace too: the limit exempts the user of the initial one. */
    static boolean isMappedToRoot() {
        try {
            String[] first =
                    Files.readString(Path.of("/proc/self/uid_map")).strip().split("\\s+", 3);
            return first.length > 1 && first[0].equals("0") && first[1].equals("0");
        } catch (IOException e) {
            return true; // a kernel without user namespaces
        }
    }
}
