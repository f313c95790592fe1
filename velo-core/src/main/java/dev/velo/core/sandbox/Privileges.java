package dev.velo.core.sandbox;

import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;

/** What a sandbox's processes may never do again. */
final class Privileges {
    private Privileges() {}

    /** Adds what drops them, for good: what follows in the plan may execute programs, and little else. */
    static void drop(PlanBuilder plan, SandboxOptions.Calls calls) {
        plan.what("cannot drop the sandbox's privileges");
        plan.prctl(ProcessCalls.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }
}
