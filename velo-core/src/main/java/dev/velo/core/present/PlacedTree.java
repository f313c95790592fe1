package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.io.IOException;

/**
 * A tree, where a command is to see it, and what becomes of what the command writes there.
 *
 * @param tree to be seen somewhere; whoever made it closes it
 * @param at absolute path
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record PlacedTree(ShownTree tree, byte[] at, LaunchOptions.Writes writes) {
    /** Adds to a plan's setup what keeps the tree and its upper, and the folders on the way to its place; and to its cleanup that they go. */
    void prepare(PlanBuilder plan, Upper.Company company) throws IOException {
        plan.setup();
        tree.hold(plan);
        plan.what(null);
        if (writes instanceof LaunchOptions.Writes.Kept kept) {
            kept.upper().hold(plan, company);
        }
        PlaceFolders.prepare(plan, at);
    }

    /** Adds to the child section, which is in namespaces of its own, what shows the tree. */
    void show(PlanBuilder plan) throws ErrnoException {
        switch (writes) {
            case LaunchOptions.Writes.Refused refused -> bind(plan);
            case LaunchOptions.Writes.Discarded discarded -> overlayInMemory(plan);
            case LaunchOptions.Writes.Kept kept -> overlayKept(plan, kept.upper());
        }
    }

    private void bind(PlanBuilder plan) {
        plan.what("cannot show the tree at " + PathBytes.show(at));
        PlanEntry clone = plan.openTree(
                PlanArgument.AT_FDCWD, tree.tree(), MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC);
        plan.mountSetattr(
                clone.result(), new byte[0], FileCalls.AT_EMPTY_PATH, MountAttributes.setting(ErofsMount.ATTRIBUTES));
        plan.moveMount(clone.result(), new byte[0], PlanArgument.AT_FDCWD, at, MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
    }

    private void overlayInMemory(PlanBuilder plan) throws ErrnoException {
        plan.what("cannot mount memory for what the command writes");
        plan.mount(
                PathBytes.of("velo"),
                tree.scratch(),
                "tmpfs",
                MountCalls.MS_NOSUID | MountCalls.MS_NODEV,
                PathBytes.of("mode=0700"));
        byte[] upper = PathBytes.join(tree.scratch(), PathBytes.of("upper"));
        byte[] work = PathBytes.join(tree.scratch(), PathBytes.of("work"));
        plan.mkdirat(PlanArgument.AT_FDCWD, upper, 0700);
        plan.mkdirat(PlanArgument.AT_FDCWD, work, 0700);
        likeRoot(plan, upper);
        overlay(plan, upper, work);
    }

    private void overlayKept(PlanBuilder plan, Upper upper) throws ErrnoException {
        if (upper.fresh()) {
            likeRoot(plan, upper.upper());
        }
        overlay(plan, upper.upper(), upper.work());
    }

    private void likeRoot(PlanBuilder plan, byte[] upper) throws ErrnoException {
        RootLooks.of(tree.tree()).give(plan, upper, RootLooks.Owner.forUser());
    }

    private void overlay(PlanBuilder plan, byte[] upper, byte[] work) {
        plan.what("cannot lay a writable layer over the tree at " + PathBytes.show(at));
        OverlayOptions.mount(plan, at, tree.tree(), upper, work);
    }
}
