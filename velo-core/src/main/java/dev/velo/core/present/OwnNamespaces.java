package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;

/** The namespaces in which a command sees mounts of its own, and whether they can be had. */
final class OwnNamespaces {
    /** What could be had once is not asked for again: a later refusal is told by the launch itself. */
    private static volatile boolean known;

    private OwnNamespaces() {}

    /** Adds to the child section of a plan: a mount namespace, and for who is not root a user namespace, in which the user stays itself. */
    static void enter(PlanBuilder plan) {
        User user = User.current();
        long namespaces = PlanBuilder.CLONE_NEWNS;
        if (!user.isRoot()) {
            namespaces |= PlanBuilder.CLONE_NEWUSER;
            plan.what("cannot map your user into a namespace of its own; --mode copy works without");
            plan.writeFile(PathBytes.of("/proc/self/setgroups"), PathBytes.of("deny"));
            plan.writeFile(PathBytes.of("/proc/self/uid_map"), PathBytes.of(user.uid() + " " + user.uid() + " 1\n"));
            plan.writeFile(PathBytes.of("/proc/self/gid_map"), PathBytes.of(user.gid() + " " + user.gid() + " 1\n"));
        }
        plan.namespaces(namespaces);
        plan.what("cannot separate the mounts of this run from the system's; --mode copy works without");
        plan.mount(null, PathBytes.of("/"), null, MountCalls.MS_REC | MountCalls.MS_SLAVE, null);
    }

    /** Tries it, once, in a process that ends at once, which takes less than a millisecond; throws the reason why they cannot be had. */
    static void require() throws UnavailableException {
        if (known) {
            return;
        }
        PlanBuilder probe = new PlanBuilder();
        enter(probe);
        try (SpawnedProcess process = ProcessCalls.spawn(probe.build())) {
            process.waitFor();
            known = true;
        } catch (IOException e) {
            throw new UnavailableException(
                    "a mount namespace of its own cannot be had (" + e.getMessage() + ")" + NamespaceAdvice.text(), e);
        }
    }
}
