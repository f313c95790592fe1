package dev.velo.core.sandbox;

import dev.velo.core.present.NamespaceAdvice;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.PlanBuilder;

/** The namespaces of a sandbox. */
final class SandboxNamespaces {
    private SandboxNamespaces() {}

    static long flags(SandboxOptions.Network network) {
        long flags = PlanBuilder.CLONE_NEWNS
                | PlanBuilder.CLONE_NEWPID
                | PlanBuilder.CLONE_NEWIPC
                | PlanBuilder.CLONE_NEWUTS
                | PlanBuilder.CLONE_NEWCGROUP;
        return network == SandboxOptions.Network.NONE ? flags | PlanBuilder.CLONE_NEWNET : flags;
    }

    /** Makes the plan's child begin in those that can be had before it has opened what takes who it was. */
    static void begin(PlanBuilder plan, Identity identity, SandboxOptions.Network network) {
        plan.what("cannot make the namespaces of a sandbox" + NamespaceAdvice.text());
        plan.namespaces(identity.cloned(flags(network)));
    }

    /**
     * Who may not make a user namespace has no capability anywhere, ever: here the limit of the sandbox's own is 0. It counts whatever
     * system calls may be made.
     */
    static void forbidFurther(PlanBuilder plan) {
        plan.what("cannot forbid user namespaces in the sandbox");
        plan.writeFile(PathBytes.of("/proc/sys/user/max_user_namespaces"), PathBytes.of("0"));
    }
}
