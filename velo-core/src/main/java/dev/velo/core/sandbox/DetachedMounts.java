package dev.velo.core.sandbox;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.util.Map;

/** Adds mounts to a plan that nobody sees until they are attached. */
record DetachedMounts(PlanBuilder plan) {
    /** What no mount of a sandbox gives. */
    static final long NO_PRIVILEGES = MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV;

    private static final byte[] NOTHING = {};

    /** One of what is at this path. */
    PlanEntry clone(byte[] path) {
        return clone(path, 0);
    }

    /** One of what is at this path, with the mounts below it. */
    PlanEntry cloneAll(byte[] path) {
        return clone(path, MountCalls.AT_RECURSIVE);
    }

    private PlanEntry clone(byte[] path, int flags) {
        return plan.openTree(
                PlanArgument.AT_FDCWD, path, MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC | flags);
    }

    /** A new file system. */
    PlanEntry fileSystem(String type, Map<String, String> parameters, long attributes) {
        PlanEntry context = plan.fsopen(type, MountCalls.FSOPEN_CLOEXEC);
        parameters.forEach((key, value) -> plan.fsconfigString(context.result(), key, PathBytes.of(value)));
        plan.fsconfigCommand(context.result(), MountCalls.FSCONFIG_CMD_CREATE);
        return plan.fsmount(context.result(), MountCalls.FSMOUNT_CLOEXEC, (int) attributes);
    }

    /** Sets attributes of a mount. */
    void set(PlanEntry mount, MountAttributes attributes) {
        plan.mountSetattr(mount.result(), NOTHING, FileCalls.AT_EMPTY_PATH, attributes);
    }

    /** Sets attributes of a mount and of those below it. */
    void setAll(PlanEntry mount, MountAttributes attributes) {
        plan.mountSetattr(mount.result(), NOTHING, FileCalls.AT_EMPTY_PATH | MountCalls.AT_RECURSIVE, attributes);
    }

    /** Attaches a mount to what is at this path. */
    void attach(PlanEntry mount, byte[] place) {
        plan.moveMount(mount.result(), NOTHING, PlanArgument.AT_FDCWD, place, MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
    }
}
