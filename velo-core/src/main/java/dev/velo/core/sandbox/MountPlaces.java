package dev.velo.core.sandbox;

import dev.velo.core.present.ShownTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where mounts go in the root of a sandbox: what is missing on the way there is made. Links are followed as the command will follow
 * them, but for those of {@code /proc} that lead to what a process has open: the one that does this has descriptors of the machine yet.
 */
final class MountPlaces {
    private static final byte[] SLASH = PathBytes.of("/");
    private static final byte[] HERE = PathBytes.of(".");
    private static final byte[] NOTHING = {};
    private static final int USUAL = 0755;
    private static final int DIRECTORY = FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC;

    private final PlanBuilder plan;
    private final ShownTree root;
    private final Times times;
    private final List<byte[]> made = new ArrayList<>();

    /** What becomes of the time of a directory in which something is made. */
    enum Times {
        KEPT,
        CHANGED
    }

    MountPlaces(PlanBuilder plan, ShownTree root, Times times) {
        this.plan = plan;
        this.root = root;
        this.times = times;
    }

    /** The paths at which something is made to be mounted over. */
    List<byte[]> made() {
        return made;
    }

    /** Adds what puts a mount of a directory to this absolute path. */
    void attachDirectory(PlanEntry mount, byte[] place) throws IOException {
        attach(mount, walk(makeMissing(place), place));
    }

    /** Adds what puts a mount of a file to this absolute path. */
    void attachFile(PlanEntry mount, byte[] place) throws IOException {
        byte[] around = PathBytes.parent(place);
        MissingDirectories missing = makeMissing(around);
        PlanEntry directory = walk(missing, around);
        made.add(place);
        byte[] name = PathBytes.lastName(place);
        int flags = FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_CLOEXEC | FileCalls.O_WRONLY;
        PlanEntry file = open(directory.result(), name, flags, 0644).ignoringErrors();
        plan.close(file.result()).onlyIf(file);
        keepTime(missing);
        attach(
                mount,
                open(directory.result(), name, FileCalls.O_PATH | FileCalls.O_CLOEXEC, 0)
                        .path(place));
        plan.close(directory.result());
    }

    private MissingDirectories makeMissing(byte[] place) throws IOException {
        MissingDirectories missing = MissingDirectories.of(root, place);
        made.addAll(missing.paths());
        return missing;
    }

    /** Goes there step by step; also what the root's tree has may be missing where something is mounted over it. */
    private PlanEntry walk(MissingDirectories missing, byte[] place) {
        PlanEntry at = open(PlanArgument.AT_FDCWD, SLASH, DIRECTORY, 0);
        for (byte[] name : PathBytes.names(place)) {
            plan.mkdirat(at.result(), name, USUAL).ignoringErrors();
            PlanEntry next = open(at.result(), name, DIRECTORY, 0).path(place);
            plan.close(at.result());
            at = next;
        }
        if (!missing.paths().isEmpty()) {
            keepTime(missing);
        }
        return at;
    }

    private PlanEntry open(PlanArgument directory, byte[] path, int flags, int mode) {
        return plan.openat2(directory, path, flags, mode, FileCalls.RESOLVE_NO_MAGICLINKS);
    }

    private void attach(PlanEntry mount, PlanEntry place) {
        int both = MountCalls.MOVE_MOUNT_F_EMPTY_PATH | MountCalls.MOVE_MOUNT_T_EMPTY_PATH;
        plan.moveMount(mount.result(), NOTHING, place.result(), NOTHING, both);
        plan.close(place.result());
    }

    private void keepTime(MissingDirectories missing) {
        if (times == Times.KEPT) {
            PlanEntry parent =
                    open(PlanArgument.AT_FDCWD, missing.parent(), DIRECTORY, 0).ignoringErrors();
            plan.utimensat(parent.result(), HERE, missing.parentSeconds(), missing.parentNanos())
                    .ignoringErrors()
                    .onlyIf(parent);
            plan.close(parent.result()).onlyIf(parent);
        }
    }
}
