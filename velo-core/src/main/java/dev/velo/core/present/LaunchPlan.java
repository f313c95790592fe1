package dev.velo.core.present;

import dev.velo.core.store.PublishedFile;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Statx;
import dev.velo.ffm.Syscall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that show a tree to a command. A farm or a mounted image: in a mount namespace of its own, and a user namespace when
 * not root, the tree is bound read-only, or lies under an overlay, at its path; the runner holds the locks and removes the folders that
 * it had to make. By the preload shim: the command is started with it, and the runner awaits its word.
 */
public final class LaunchPlan {
    private static final byte[] MARK = PathBytes.of("user.velo.made");

    /** A loader takes milliseconds; a machine that swaps may take long. */
    private static final int SHIM_PATIENCE_MILLIS = 10_000;

    private static final int LOCK_SHARED = FileCalls.LOCK_SH;
    private static final int LOCK_EXCLUSIVE_AT_ONCE = FileCalls.LOCK_EX | FileCalls.LOCK_NB;

    private final LaunchOptions options;
    private final PlanBuilder plan = new PlanBuilder().prefix("velo: ");
    private final @Nullable Handover handover;
    private final String at;

    private LaunchPlan(LaunchOptions options, @Nullable Handover handover) {
        this.options = options;
        this.handover = handover;
        this.at = PathBytes.show(options.at());
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
        plan.setup();
        tree.hold(plan);
        plan.what(null);
        if (options.writes() instanceof LaunchOptions.Writes.Kept kept) {
            kept.upper().hold(plan);
        }
        makeMissingFolders();
        plan.child();
        OwnNamespaces.enter(plan);
        switch (options.writes()) {
            case LaunchOptions.Writes.Refused refused -> bind(tree);
            case LaunchOptions.Writes.Discarded discarded -> overlayInMemory(tree);
            case LaunchOptions.Writes.Kept kept -> overlayKept(tree, kept.upper());
        }
        command();
    }

    private PlanEntry open(byte[] path, int flags) {
        return plan.openat(PlanArgument.AT_FDCWD, path, flags | FileCalls.O_CLOEXEC, 0600);
    }

    /**
     * Folders on the way to the tree's place are made, and removed at the end if they are empty again. They carry a mark, so that
     * the last of several runs at one place removes what the first has made; and each run holds a shared lock on the place, because
     * removing a folder would take the tree away from another run that shows one there.
     */
    private void makeMissingFolders() throws IOException {
        List<byte[]> own = new ArrayList<>();
        for (byte[] path = options.at(); isOwn(path); path = PathBytes.parent(path)) {
            own.addFirst(path);
        }
        for (byte[] folder : own) {
            makeFolder(folder);
        }
        PlanEntry place =
                open(options.at(), FileCalls.O_RDONLY | FileCalls.O_DIRECTORY).ignoringErrors();
        plan.flock(place.result(), LOCK_SHARED).onlyIf(place).ignoringErrors();
        plan.cleanup();
        PlanEntry alone = plan.flock(place.result(), LOCK_EXCLUSIVE_AT_ONCE);
        for (byte[] folder : own.reversed()) {
            plan.unlinkat(PlanArgument.AT_FDCWD, folder, FileCalls.AT_REMOVEDIR)
                    .onlyIf(alone)
                    .ignoringErrors();
        }
    }

    private static void makeFolder(byte[] folder) throws IOException {
        try {
            LinkCalls.mkdirat(FileCalls.AT_FDCWD, folder, 0755);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EEXIST) {
                throw new UnavailableException(
                        "cannot make " + PathBytes.show(folder) + ", where the tree shall appear ("
                                + e.errno().text() + "); choose a place with --at",
                        e);
            }
        }
        try {
            AttributeCalls.lsetxattr(folder, MARK, new byte[0]);
        } catch (ErrnoException e) {
            // without a mark the folder is only left behind if several runs share it
        }
    }

    /** Whether a folder on the way is missing, or was made by another run. */
    private static boolean isOwn(byte[] path) throws IOException {
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, path, 0, new Statx());
            AttributeCalls.lgetxattr(path, MARK);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES || e.errno() == Errno.ENOTDIR) {
                throw new UnavailableException(
                        PathBytes.show(path) + " cannot be looked at ("
                                + e.errno().text() + "); choose a place with --at",
                        e);
            }
            return e.errno() == Errno.ENOENT;
        }
    }

    private void bind(ShownTree shown) {
        plan.what("cannot show the tree at " + at);
        PlanEntry tree = plan.openTree(
                PlanArgument.AT_FDCWD, shown.tree(), MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC);
        plan.mountSetattr(
                tree.result(), new byte[0], FileCalls.AT_EMPTY_PATH, MountAttributes.setting(ErofsMount.ATTRIBUTES));
        plan.moveMount(
                tree.result(), new byte[0], PlanArgument.AT_FDCWD, options.at(), MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
    }

    private void overlayInMemory(ShownTree tree) throws ErrnoException {
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
        likeRoot(tree, upper);
        overlay(tree, upper, work);
    }

    private void overlayKept(ShownTree tree, Upper upper) throws ErrnoException {
        if (upper.fresh()) {
            likeRoot(tree, upper.upper());
        }
        overlay(tree, upper.upper(), upper.work());
    }

    private void likeRoot(ShownTree tree, byte[] upper) throws ErrnoException {
        RootLooks.Owner owner = User.current().isRoot() ? RootLooks.Owner.OF_TREE : RootLooks.Owner.OF_MAKER;
        RootLooks.of(tree.tree()).give(plan, upper, owner);
    }

    private void overlay(ShownTree tree, byte[] upper, byte[] work) {
        plan.what("cannot lay a writable layer over the tree at " + at);
        plan.mount(
                PathBytes.of("velo"),
                options.at(),
                "overlay",
                MountCalls.MS_NOSUID | MountCalls.MS_NODEV,
                OverlayOptions.of(tree.tree(), upper, work));
    }

    private void command() {
        CommandSection.add(plan, options.workingDirectory(), options.process(), handover);
    }
}
