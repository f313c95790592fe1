package dev.velo.core.testing;

import dev.velo.core.testing.TreeComparison.LinkGroups;
import dev.velo.ffm.Statx;
import java.util.HashMap;
import java.util.Map;

/** Which names are one file: checks, name by name, that the two sides agree. */
final class LinkPartition {
    private record Inode(long device, long number) {
        static Inode of(Statx stat) {
            return new Inode(stat.device(), stat.inode());
        }
    }

    /** Where a file was met first, and which file of the other side had that name. */
    private record Met(Inode other, String name) {}

    private final LinkGroups wanted;
    private final Map<Inode, Met> byLeft = new HashMap<>();
    private final Map<Inode, Met> byRight = new HashMap<>();

    LinkPartition(LinkGroups wanted) {
        this.wanted = wanted;
    }

    /** What contradicts the names before, or an empty text. */
    String add(Statx left, Statx right, byte[] name) {
        boolean linked = left.linkCount() > 1 || right.linkCount() > 1;
        if (wanted == LinkGroups.IGNORED || !linked) {
            return "";
        }
        Inode leftInode = Inode.of(left);
        Inode rightInode = Inode.of(right);
        Met before = byLeft.putIfAbsent(leftInode, new Met(rightInode, PrintableBytes.of(name)));
        if (before != null && !before.other().equals(rightInode)) {
            return "is one file with " + before.name() + " on the left only";
        }
        if (wanted == LinkGroups.KEPT) {
            return "";
        }
        before = byRight.putIfAbsent(rightInode, new Met(leftInode, PrintableBytes.of(name)));
        if (before != null && !before.other().equals(leftInode)) {
            return "is one file with " + before.name() + " on the right only";
        }
        return "";
    }
}
