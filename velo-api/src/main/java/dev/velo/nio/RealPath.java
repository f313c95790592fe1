package dev.velo.nio;

import dev.velo.core.format.EntryKind;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Following;
import dev.velo.core.view.View;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The one path of a file without {@code .}, {@code ..} and, where they are followed, symbolic links. */
final class RealPath {
    private static final byte[] ROOT = PathBytes.of("/");
    private static final byte[] DOT_DOT = PathBytes.of("..");

    private final View view;

    RealPath(View view) {
        this.view = view;
    }

    byte[] of(VeloPath path, LinkOption... options) throws IOException {
        Following following = Nodes.following(options);
        byte[] start = path.lookupBytes();
        Nodes.require(view, start, following); // what this accepts has no more links than the kernel would follow
        Deque<byte[]> rest = new ArrayDeque<>(PathBytes.names(start));
        List<byte[]> real = new ArrayList<>();
        while (!rest.isEmpty()) {
            byte[] name = rest.removeFirst();
            if (isDots(name, 1)) {
                continue;
            }
            if (isDots(name, 2)) {
                leave(real);
                continue;
            }
            real.add(name);
            int node = Nodes.require(view, join(real), Following.ALL_BUT_LAST);
            if (following == Following.ALL && view.kind(node) == EntryKind.SYMLINK) {
                follow(view.target(node), real, rest);
            }
        }
        return join(real);
    }

    private static void follow(byte[] target, List<byte[]> real, Deque<byte[]> rest) {
        if (PathBytes.isAbsolute(target)) {
            real.clear();
        } else {
            real.removeLast();
        }
        for (byte[] name : PathBytes.names(target).reversed()) {
            rest.addFirst(name);
        }
    }

    /** What stands before {@code ..} goes, unless it is a link, whose parent by name is not the parent of what it leads to. */
    private void leave(List<byte[]> real) throws IOException {
        if (real.isEmpty()) {
            return;
        }
        int node = Nodes.require(view, join(real), Following.ALL_BUT_LAST);
        if (view.kind(node) == EntryKind.SYMLINK || isDots(real.getLast(), 2)) {
            real.add(DOT_DOT);
        } else {
            real.removeLast();
        }
    }

    private static boolean isDots(byte[] name, int count) {
        return name.length == count && name[0] == '.' && name[count - 1] == '.';
    }

    private static byte[] join(List<byte[]> names) {
        byte[] path = ROOT;
        for (byte[] name : names) {
            path = PathBytes.join(path, name);
        }
        return path;
    }
}
