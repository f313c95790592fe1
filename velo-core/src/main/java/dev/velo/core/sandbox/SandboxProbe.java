package dev.velo.core.sandbox;

import dev.velo.core.present.NamespaceAdvice;
import dev.velo.core.present.UnavailableException;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;

/** Whether this user can have sandboxes on this machine. */
public final class SandboxProbe {
    private SandboxProbe() {}

    /** Makes what a sandbox cannot be without, in a process that ends at once; throws the reason why it cannot be had. */
    public static void require() throws UnavailableException {
        try (UserNamespace users = UserNamespace.isNeeded() ? UserNamespace.ofRange() : null) {
            PlanBuilder plan = new PlanBuilder();
            begin(plan, users == null ? new Identity.Single(0, 0) : new Identity.Range(0, 0, users));
            try (SpawnedProcess process = ProcessCalls.spawn(plan.build())) {
                process.waitFor();
            }
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            String advice = reason.contains(NamespaceAdvice.text()) ? "" : NamespaceAdvice.text();
            throw new UnavailableException(reason + advice, e);
        }
    }

    private static void begin(PlanBuilder plan, Identity identity) {
        SandboxNamespaces.begin(plan, identity, SandboxOptions.Network.NONE);
        // its sentence tells a failure of the namespaces themselves
        plan.umask(0);
        identity.begin(plan);
        new SystemDirectories(plan).openProc();
        identity.enter(plan);
        identity.makeNamespaces(plan, SandboxNamespaces.flags(SandboxOptions.Network.NONE));
        SandboxNamespaces.forbidFurther(plan);
    }
}
