package dev.velo.core.sandbox;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mount namespace in which there is nothing of this machine: an empty directory, read-only, with another one for a mount. A sandbox that
 * begins with a copy of it copies none of this machine's mounts and unmounts none of them, which takes the kernel longer than all
 * that is mounted for the sandbox. Root's, who opens what a sandbox takes of this machine before entering it. In its user namespace no
 * further ones can be made, once and for all sandboxes.
 */
final class BareMounts {
    /** The directory for a mount, whose name leads to one in every other mount namespace as well. */
    static final byte[] PLACE = PathBytes.of("/proc");

    private static final byte[] HERE = PathBytes.of(".");
    private static final int READABLE = 0555;
    private static @Nullable Descriptor shared;

    private BareMounts() {}

    /** The descriptor of one for all sandboxes of this process that are in this user namespace; nobody closes it. */
    static synchronized int ofProcess(UserNamespace users) throws IOException {
        Descriptor known = shared;
        if (known == null) {
            known = NamespaceHolder.open("mnt", start(users), process -> {});
            shared = known;
        }
        return known.fd();
    }

    private static PlanBuilder start(UserNamespace users) {
        PlanBuilder plan = new PlanBuilder();
        plan.umask(0);
        Identity.become(plan, users);
        SandboxNamespaces.forbidFurther(plan);
        plan.what("cannot make a mount namespace for sandboxes");
        plan.unshare(PlanBuilder.CLONE_NEWNS);
        DetachedMounts mounts = new DetachedMounts(plan);
        long attributes = DetachedMounts.NO_PRIVILEGES | MountAttributes.MOUNT_ATTR_NOEXEC;
        PlanEntry root = mounts.fileSystem("tmpfs", Map.of("mode", Integer.toOctalString(READABLE)), attributes);
        mounts.attach(root, PLACE);
        plan.fchdir(root.result());
        plan.mkdirat(PlanArgument.AT_FDCWD, PathBytes.lastName(PLACE), READABLE);
        mounts.set(root, MountAttributes.setting(attributes | MountAttributes.MOUNT_ATTR_RDONLY));
        plan.pivotRoot(HERE, HERE);
        plan.umount(HERE, MountCalls.MNT_DETACH);
        return plan;
    }
}
