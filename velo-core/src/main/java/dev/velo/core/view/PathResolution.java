package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.ffm.Errno;

/**
 * Follows one path through a tree as the kernel does with {@code openat2(2)} and {@code RESOLVE_IN_ROOT}: absolute targets begin at
 * the root of the tree, and {@code ..} of the root is the root. See path_resolution(7). One object serves one resolution.
 */
final class PathResolution {
    /** MAXSYMLINKS of the kernel. */
    private static final int MAX_LINKS = 40;

    private static final int MAX_NAME_BYTES = 255;

    private final LinkedTree tree;
    private int linksFollowed;
    private long steps;
    private Errno failure = Errno.ENOENT;

    PathResolution(LinkedTree tree) {
        this.tree = tree;
    }

    /** The node, or {@link LinkedTree#NONE}; then {@link #failure} tells why. */
    int resolve(int start, byte[] path, Following last) throws FormatException {
        if (path.length == 0) {
            return fail(Errno.ENOENT);
        }
        if (path.length > ImageFormat.MAX_PATH_BYTES) {
            return fail(Errno.ENAMETOOLONG);
        }
        return walk(start, path, last == Following.ALL || path[path.length - 1] == '/');
    }

    Errno failure() {
        return failure;
    }

    /** How many names have been looked up. */
    long steps() {
        return steps;
    }

    private int walk(int start, byte[] path, boolean followLast) throws FormatException {
        int node = path[0] == '/' ? tree.root() : start;
        int at = 0;
        while (true) {
            while (at < path.length && path[at] == '/') {
                at++;
            }
            if (at == path.length) {
                break;
            }
            int end = at;
            while (end < path.length && path[end] != '/') {
                end++;
            }
            boolean last = isOnlySlashes(path, end);
            node = step(node, path, at, end, !last || followLast);
            if (node == LinkedTree.NONE) {
                return LinkedTree.NONE;
            }
            at = end;
        }
        if (path[path.length - 1] == '/' && tree.kind(node) != EntryKind.DIRECTORY) {
            return fail(Errno.ENOTDIR);
        }
        return node;
    }

    private int step(int directory, byte[] path, int start, int end, boolean follow) throws FormatException {
        steps++;
        if (tree.kind(directory) != EntryKind.DIRECTORY) {
            return fail(Errno.ENOTDIR);
        }
        if (end - start > MAX_NAME_BYTES) {
            return fail(Errno.ENAMETOOLONG);
        }
        if (path[start] == '.' && end == start + 1) {
            return directory;
        }
        if (path[start] == '.' && end == start + 2 && path[start + 1] == '.') {
            return tree.parent(directory);
        }
        int node = tree.child(directory, path, start, end);
        if (node == LinkedTree.NONE) {
            return fail(Errno.ENOENT);
        }
        if (!follow || tree.kind(node) != EntryKind.SYMLINK) {
            return node;
        }
        if (++linksFollowed > MAX_LINKS) {
            return fail(Errno.ELOOP);
        }
        byte[] target = tree.target(node);
        return target.length == 0 ? fail(Errno.ENOENT) : walk(directory, target, true);
    }

    private static boolean isOnlySlashes(byte[] path, int from) {
        for (int i = from; i < path.length; i++) {
            if (path[i] != '/') {
                return false;
            }
        }
        return true;
    }

    private int fail(Errno errno) {
        failure = errno;
        return LinkedTree.NONE;
    }
}
