package dev.velo.core.present;

import dev.velo.core.store.PublishedFile;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.Syscall;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that show a tree to a command. A farm or a mounted image: in a mount namespace of its own, and a user namespace when
 * not root, the tree is bound read-only, or lies under an overlay, at its path; the runner holds the locks and removes the folders that
 * it had to make. By the preload shim: the command is started with it, and the runner awaits its word.
 */
public final class LaunchPlan {
    /** A loader takes milliseconds; a machine that swaps may take long. */
    private static final int SHIM_PATIENCE_MILLIS = 10_000;

    private final LaunchOptions options;
    private final PlanBuilder plan = new PlanBuilder().prefix("velo: ");
    private final @Nullable Handover handover;

    private LaunchPlan(LaunchOptions options, @Nullable Handover handover) {
        this.options = options;
        this.handover = handover;
    }

    /**
     * The plan that shows a tree; it is for the runner, in this process.
     *
     * @param ahead what is read beside the command while that starts
     */
    public static Plan ofTree(Presented tree, LaunchOptions options, List<FileRange> ahead) throws IOException {
        LaunchPlan launch = new LaunchPlan(options, null);
        launch.present(tree);
        ReadAhead.beside(launch.plan, ahead);
        return launch.plan.build();
    }

    /** The plan that shows a tree; it is for a runner that is a child of this process, and inherits what the tree relies on. */
    public static Plan ofTree(Presented tree, LaunchOptions options, Handover handover) throws IOException {
        LaunchPlan launch = new LaunchPlan(options, handover);
        launch.present(tree);
        return launch.plan.build();
    }

    /**
     * The plan that runs a command in a copy of the tree, without namespaces; the copy is moved to the trash at the end.
     *
     * @param copy absolute path of the copy
     * @param trash absolute path of a directory on the same file system
     */
    public static Plan ofCopy(byte[] copy, byte[] trash, LaunchOptions options) {
        LaunchPlan launch = new LaunchPlan(options, null);
        launch.plan.cleanup();
        launch.plan.call(
                Syscall.RENAMEAT2,
                PlanArgument.AT_FDCWD,
                PlanArgument.string(copy),
                PlanArgument.AT_FDCWD,
                PlanArgument.string(PathBytes.join(trash, PublishedFile.newName())),
                PlanArgument.of(0));
        launch.plan.child();
        launch.command();
        return launch.plan.build();
    }

    private void present(Presented tree) throws IOException {
        switch (tree) {
            case ShownTree shown -> show(shown);
            case PreloadedTree preloaded -> preload(preloaded);
        }
    }

    /** No namespaces, no mounts, no folders: all is in the environment. */
    private void preload(PreloadedTree tree) throws IOException {
        PreloadLaunch launch = PreloadLaunch.of(tree, options, CommandSection.searchPath(options.environment()));
        ProgramSearch.Program program = launch.program();
        plan.setup();
        if (program.takesShim()) {
            tree.hold(plan);
            plan.readiness(
                    tree.readiness(
                            SHIM_PATIENCE_MILLIS,
                            "the preload shim did not take effect in "
                                    + PathBytes.show(options.command().getFirst())
                                    + ", which was ended; velo doctor tells more, and --mode mount and --mode link work without it"));
        }
        plan.child();
        CommandSection.begin(plan, launch.directory(), options.process(), handover);
        plan.execSearch(options.command().getFirst(), program.files(), program.arguments(), launch.environment());
    }

    private void show(ShownTree tree) throws IOException {
        PlacedTree placed = new PlacedTree(tree, options.at(), options.writes());
        placed.prepare(plan, Upper.Company.NONE);
        plan.child();
        OwnNamespaces.enter(plan);
        placed.show(plan);
        command();
    }

    private void command() {
        CommandSection.add(plan, options.workingDirectory(), options.process(), handover);
    }
}
