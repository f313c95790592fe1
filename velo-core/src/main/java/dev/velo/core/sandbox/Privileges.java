package dev.velo.core.sandbox;

import dev.velo.ffm.Architecture;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;

/** What a sandbox's processes may never do again. */
final class Privileges {
    private static final byte[] FILTER = SeccompFilter.of(Architecture.current()).toBytes();

    private Privileges() {}

    /**
     * Adds what drops them, for good: what follows in the plan may execute programs, and little else.
     *
     * @param assume adds what makes the process the sandbox's user; that takes capabilities, as the bounding set does, and ends them
     */
    static void drop(PlanBuilder plan, SandboxOptions.Calls calls, Runnable assume) throws IOException {
        plan.what("cannot drop the sandbox's privileges");
        int last = Capabilities.last();
        for (int capability = 0; capability <= last; capability++) {
            plan.dropBoundingCapability(capability);
        }
        plan.clearAmbientCapabilities();
        assume.run();
        plan.what("cannot drop the sandbox's privileges");
        plan.capset(0, 0, 0);
        plan.noNewPrivileges();
        if (calls == SandboxOptions.Calls.FILTERED) {
            plan.what("cannot filter the sandbox's system calls; --seccomp off does without");
            plan.seccomp(FILTER);
        }
    }
}
