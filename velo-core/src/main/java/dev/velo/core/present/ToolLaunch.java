package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that run a tool which makes a tree: in namespaces of its own, in which an empty folder, or an earlier tree under a
 * writable layer, stands where the tree will be seen, and all else that the tool writes to its project goes to another layer. The project
 * itself stays as it was. The runner is a child of this process.
 */
public final class ToolLaunch {
    /**
     * Where things are.
     *
     * @param project absolute path of the project, which the tool may write to without effect
     * @param layer an empty upper for that; null where none can be had, so that the tool writes to the project itself
     * @param place absolute path at which the tree is made
     * @param tree the upper that will hold what is made there
     * @param seed the earlier tree to build on; null for none
     */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    public record Places(
            byte[] project,
            @Nullable Upper layer,
            byte[] place,
            Upper tree,
            @Nullable ShownTree seed) {}

    private static final byte[] NOTHING = PathBytes.of("/dev/null");
    private static final int FOLDER_MODE = 0755;

    private final Places places;
    private final PlanBuilder plan = new PlanBuilder().prefix("velo: ");

    private ToolLaunch(Places places) {
        this.places = places;
    }

    /**
     * The plan.
     *
     * @param directory where the tool starts
     * @param output absolute path of a file that its output is appended to; null for the error stream of this process
     */
    public static Plan of(Places places, byte[] directory, CommandProcess process, byte @Nullable [] output)
            throws IOException {
        ToolLaunch launch = new ToolLaunch(places);
        launch.prepare();
        launch.show();
        launch.redirect(output);
        CommandSection.add(launch.plan, directory, process, null);
        return launch.plan.build();
    }

    private void prepare() throws IOException {
        plan.setup();
        if (places.seed() != null) {
            places.seed().hold(plan);
        }
        plan.what(null);
        if (places.layer() == null || !PathBytes.isInside(places.place(), places.project())) {
            PlaceFolders.prepare(plan, places.place());
        }
        plan.child();
        OwnNamespaces.enter(plan);
    }

    private void show() throws ErrnoException {
        Upper layer = places.layer();
        if (layer != null) {
            plan.what("cannot lay a writable layer over the project " + PathBytes.show(places.project()));
            RootLooks.of(places.project()).give(plan, layer.upper(), RootLooks.Owner.forUser());
            OverlayOptions.mount(plan, places.project(), places.project(), layer.upper(), layer.work());
            makeFolders();
        }
        plan.what("cannot show where the tree is made at " + PathBytes.show(places.place()));
        ShownTree seed = places.seed();
        if (seed != null) {
            RootLooks.of(seed.tree()).give(plan, places.tree().upper(), RootLooks.Owner.forUser());
            OverlayOptions.mount(
                    plan,
                    places.place(),
                    seed.tree(),
                    places.tree().upper(),
                    places.tree().work());
            return;
        }
        PlanEntry clone = plan.openTree(
                PlanArgument.AT_FDCWD,
                places.tree().upper(),
                MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC);
        plan.moveMount(
                clone.result(), new byte[0], PlanArgument.AT_FDCWD, places.place(), MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
    }

    /** Within the project the folders on the way to the tree are made in its layer. */
    private void makeFolders() {
        byte[] project = places.project();
        if (!PathBytes.isInside(places.place(), project)) {
            return;
        }
        byte[] path = project;
        byte[] below = PathBytes.rebase(places.place(), project, new byte[0]);
        for (byte[] name : PathBytes.names(below)) {
            path = PathBytes.join(path, name);
            plan.mkdirat(PlanArgument.AT_FDCWD, path, FOLDER_MODE).ignoringErrors();
        }
    }

    private void redirect(byte @Nullable [] output) {
        plan.what("cannot give the tool its streams");
        PlanEntry input = plan.openat(PlanArgument.AT_FDCWD, NOTHING, FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        plan.dup3(input.result(), 0, 0);
        if (output == null) {
            plan.dup3(PlanArgument.of(2), 1, 0);
            return;
        }
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_APPEND | FileCalls.O_CLOEXEC;
        PlanEntry log = plan.openat(PlanArgument.AT_FDCWD, output, flags, 0600);
        for (int stream : List.of(1, 2)) {
            plan.dup3(log.result(), stream, 0);
        }
    }
}
