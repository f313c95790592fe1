package dev.velo.core.sandbox;

import dev.velo.ffm.Architecture;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.OptionalInt;

/** What a sandbox's processes may never do again. */
final class Privileges {
    private static final byte[] FILTER =
            SeccompFilter.of(Architecture.current()).toBytes();
    private static final OptionalInt LAST = last();

    private Privileges() {}

    /**
     * Adds what drops them, for good: what follows in the plan may execute programs, and little else.
     *
     * @param assume adds what makes the process the sandbox's user; that takes capabilities, as the bounding set does, and ends them
     */
    static void drop(PlanBuilder plan, Runnable assume) throws IOException {
        plan.what("cannot drop the sandbox's privileges");
        int last = LAST.isPresent() ? LAST.getAsInt() : Capabilities.last();
        for (int capability = 0; capability <= last; capability++) {
            plan.dropBoundingCapability(capability);
        }
        plan.clearAmbientCapabilities();
        // a kernel without keys, or a container that forbids them, has none to leave
        plan.joinNewSessionKeyring().ignoringErrors();
        assume.run();
        plan.what("cannot drop the sandbox's privileges");
        plan.capset(0, 0, 0);
        plan.noNewPrivileges();
    }

    /** Adds the filter of system calls, for a process without new privileges. */
    static void filter(PlanBuilder plan, SandboxOptions.Calls calls) {
        if (calls == SandboxOptions.Calls.FILTERED) {
            plan.what("cannot filter the sandbox's system calls; --seccomp off does without");
            plan.seccomp(FILTER);
        }
    }

    /** The kernel does not change while this process runs. */
    private static OptionalInt last() {
        try {
            return OptionalInt.of(Capabilities.last());
        } catch (IOException e) {
            // to be told to who wants to drop them
            return OptionalInt.empty();
        }
    }
}
