package dev.velo.core.present;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.View;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import dev.velo.ffm.Syscall;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where paths lead while a tree appears at a place: name by name, as the kernel would go if it were mounted there. Symbolic links lead
 * into the tree and out of it. What exists at the place for real is hidden.
 */
final class PathWalk {
    private static final int MAX_LINKS = 40;

    private final @Nullable View view;
    private final byte[] at;

    /**
     * Where a path leads.
     *
     * @param path absolute, without links, dots and empty names; of what is missing, as far as the walk came
     * @param node what is there in the tree; {@link View#NONE} for what is not in the tree
     * @param error why nothing is there, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    record Place(byte[] path, int node, @Nullable Errno error) {
        boolean isInTree() {
            return node != View.NONE;
        }
    }

    /** For a tree at this place, which is canonical; without a tree, what is there for real is all there is. */
    PathWalk(@Nullable View view, byte[] at) {
        this.view = view;
        this.at = at;
    }

    /** An absolute path with the links of its existing part resolved: where something appears that is mounted there. */
    static byte[] canonical(byte[] path) throws ErrnoException, FormatException {
        Place place = new PathWalk(null, path).find(path);
        if (place.error() == Errno.ELOOP) {
            throw new ErrnoException(Syscall.READLINKAT, Errno.ELOOP, PathBytes.show(path));
        }
        return place.path();
    }

    /** Where this absolute path leads; a link as its last name is followed. */
    Place find(byte[] path) throws ErrnoException, FormatException {
        Deque<byte[]> names = new ArrayDeque<>(PathBytes.names(path));
        byte[] current = {'/'};
        int links = 0;
        while (!names.isEmpty()) {
            byte[] name = names.removeFirst();
            if (isDot(name) || isDots(name)) {
                current = isDot(name) ? current : PathBytes.parent(current);
                continue;
            }
            byte[] next = PathBytes.join(current, name);
            View inside = viewAt(next);
            int node = inside == null ? View.NONE : nodeOf(inside, next);
            if (inside != null && node == View.NONE) {
                return new Place(next, View.NONE, missing(inside, current));
            }
            byte[] target = inside == null ? realTarget(next) : treeTarget(inside, node);
            if (target == null) {
                current = next;
                continue;
            }
            if (++links > MAX_LINKS) {
                return new Place(next, View.NONE, Errno.ELOOP);
            }
            current = PathBytes.isAbsolute(target) ? new byte[] {'/'} : current;
            pushFirst(names, target);
        }
        return arrived(current);
    }

    private Place arrived(byte[] path) throws FormatException {
        View inside = viewAt(path);
        if (inside != null) {
            return new Place(path, nodeOf(inside, path), null);
        }
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, path, 0, new Statx());
            return new Place(path, View.NONE, null);
        } catch (ErrnoException e) {
            return new Place(path, View.NONE, e.errno());
        }
    }

    private @Nullable View viewAt(byte[] path) {
        return PathBytes.isInside(path, at) ? view : null;
    }

    private int nodeOf(View inside, byte[] path) throws FormatException {
        boolean isRoot = path.length == at.length;
        return isRoot ? inside.root() : inside.findLink(Arrays.copyOfRange(path, at.length, path.length));
    }

    private Errno missing(View inside, byte[] directory) throws FormatException {
        int node = viewAt(directory) == null ? View.NONE : nodeOf(inside, directory);
        return node != View.NONE && inside.kind(node) != EntryKind.DIRECTORY ? Errno.ENOTDIR : Errno.ENOENT;
    }

    private static byte @Nullable [] treeTarget(View inside, int node) throws FormatException {
        return inside.kind(node) == EntryKind.SYMLINK ? inside.target(node) : null;
    }

    /** The target of a real link; null for what is none, which may be nothing at all. */
    private static byte @Nullable [] realTarget(byte[] path) {
        try {
            return LinkCalls.readlinkat(FileCalls.AT_FDCWD, path);
        } catch (ErrnoException e) {
            return null;
        }
    }

    private static void pushFirst(Deque<byte[]> names, byte[] target) {
        List<byte[]> more = PathBytes.names(target);
        for (byte[] name : more.reversed()) {
            names.addFirst(name);
        }
    }

    private static boolean isDot(byte[] name) {
        return name.length == 1 && name[0] == '.';
    }

    private static boolean isDots(byte[] name) {
        return name.length == 2 && name[0] == '.' && name[1] == '.';
    }
}
