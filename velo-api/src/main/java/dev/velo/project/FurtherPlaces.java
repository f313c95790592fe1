package dev.velo.project;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.present.Upper;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.OverlayMarks;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The places beside its own that a tool may fill for a tree: directories in the project that are called as the tree's place, in the
 * folders of the packages of a workspace.
 */
final class FurtherPlaces {
    /** No package is in there. */
    private static final Set<String> PASSED_BY = Set.of(".git", ".velo");

    private static final int PERMISSIONS = 07777;
    private static final int OWNER = 0700;

    private final ProjectTree tree;
    private final Upper layer;

    /** Of this tree, whose tool writes to this layer over the project, and not to the project. */
    FurtherPlaces(ProjectTree tree, Upper layer) {
        this.tree = tree;
        this.layer = layer;
    }

    /** Hides what stands there now from the tool, which would not make it again: in the layer, which nobody has mounted yet. */
    void hide() throws IOException {
        AttributeSet.Attribute mark = OverlayMarks.opaque();
        for (byte[] path : filled(tree.folder(), tree.place())) {
            byte[] hidden = inLayer(path);
            if (makeLike(path, hidden)) {
                AttributeCalls.lsetxattr(hidden, mark.name(), mark.value());
            }
        }
    }

    /**
     * Makes a directory of the layer, and those above it, with the modes that they have in the project; their owner may write. Returns
     * whether it did: somebody else may have deleted them meanwhile.
     */
    private boolean makeLike(byte[] path, byte[] made) throws IOException {
        if (Arrays.equals(made, layer.upper())) {
            return true;
        }
        Statx stat = new Statx();
        if (!makeLike(PathBytes.parent(path), PathBytes.parent(made)) || !Places.look(path, stat)) {
            return false;
        }
        try {
            LinkCalls.mkdirat(FileCalls.AT_FDCWD, made, (stat.mode() & PERMISSIONS) | OWNER);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
        return true;
    }

    /**
     * Those that the tool has filled: paths from the tree's folder on, in order.
     *
     * @throws IOException if one is outside of that folder, where no other project would have it
     */
    List<String> taken() throws IOException {
        List<String> taken = new ArrayList<>();
        byte[] folder = inLayer(tree.folder());
        for (byte[] path : filled(layer.upper(), inLayer(tree.place()))) {
            byte[] below = PathBytes.isInside(path, folder) ? PathBytes.rebase(path, folder, new byte[0]) : new byte[0];
            String name = new String(below, StandardCharsets.UTF_8);
            if (name.isEmpty() || !Arrays.equals(name.getBytes(StandardCharsets.UTF_8), below)) {
                String tool = tree.declaration().ecosystem().name();
                throw new IOException(tool + " filled "
                        + PathBytes.show(PathBytes.rebase(
                                path, layer.upper(), tree.project().folder()))
                        + " too, which is no path below " + PathBytes.show(tree.folder())
                        + ", so that Velo cannot keep it: name the folder of the lockfile in velo.toml, or take the tree"
                        + " out of there and run " + tool + " itself");
            }
            taken.add(name.substring(1));
        }
        taken.sort(null);
        return taken;
    }

    /** Where in the layer such a place is. */
    byte[] inLayer(byte[] path) {
        return PathBytes.rebase(path, tree.project().folder(), layer.upper());
    }

    /** Absolute paths of filled directories below this one that are called as the tree's own, which is passed by. */
    private static List<byte[]> filled(byte[] root, byte[] own) throws ErrnoException {
        byte[] called = PathBytes.lastName(own);
        List<byte[]> found = new ArrayList<>();
        Deque<byte[]> left = new ArrayDeque<>(List.of(root));
        while (!left.isEmpty()) {
            for (byte[] path : directories(left.removeFirst())) {
                byte[] name = PathBytes.lastName(path);
                if (Arrays.equals(path, own) || PASSED_BY.contains(PathBytes.show(name))) {
                    continue;
                }
                if (!Arrays.equals(name, called)) {
                    left.add(path);
                } else if (isFilled(path)) {
                    found.add(path);
                }
            }
        }
        return found;
    }

    private static boolean isFilled(byte[] path) throws ErrnoException {
        try {
            return !DirectoryListing.isEmpty(path);
        } catch (ErrnoException e) {
            requirePassable(e);
            return false;
        }
    }

    /** One that is closed to this user is so to the tool; and a build may delete some meanwhile. */
    private static void requirePassable(ErrnoException e) throws ErrnoException {
        if (e.errno() != Errno.EACCES && e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
            throw e;
        }
    }

    private static List<byte[]> directories(byte[] path) throws ErrnoException {
        List<byte[]> directories = new ArrayList<>();
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
        Statx stat = new Statx();
        try (Descriptor opened = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            for (byte[] name : DirectoryListing.names(opened.fd())) {
                FileCalls.statx(opened.fd(), name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
                if (stat.type() == Statx.S_IFDIR) {
                    directories.add(PathBytes.join(path, name));
                }
            }
        } catch (ErrnoException e) {
            requirePassable(e);
        }
        return directories;
    }
}
