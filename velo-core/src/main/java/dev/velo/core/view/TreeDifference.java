package dev.velo.core.view;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is different between two trees, by their manifests alone. Both are walked together, names in unsigned byte order, and what is in
 * a directory directly behind it. A directory that is in one tree only is told with everything in it. Besides the manifests it takes as
 * much memory as the path at hand.
 */
public final class TreeDifference {
    /** What of an entry that both trees have is different. */
    public enum Aspect {
        /** A file is now a directory, say. Nothing else of it is compared then. */
        TYPE,
        /** Of a file its bytes, of a symbolic link its target, of a device its numbers. */
        CONTENT,
        /** Permissions. */
        MODE,
        /** Modification time. */
        MTIME,
        /** User and group, also where only one tree keeps them. */
        OWNER,
        /** Extended attributes. */
        ATTRIBUTES,
        /** Which entry comes first of those that are this file: the name became a hard link, or is one no longer. */
        LINK
    }

    /** Told of each difference, in order. Paths are relative to the trees; that of their roots is empty. */
    public interface Listener {
        /** Only the new tree has this entry. */
        void added(byte[] path, int entry) throws IOException;

        /** Only the old tree has this entry. */
        void deleted(byte[] path, int entry) throws IOException;

        /** Both have this entry; at least one aspect is different. */
        void changed(byte[] path, int oldEntry, int newEntry, Set<Aspect> aspects) throws IOException;
    }

    /** Entries of one directory that are still to come; none where the directory is in the other tree only. */
    private static final class Siblings {
        static final int NONE = -1;

        private int next;
        private int left;

        static Siblings none() {
            return new Siblings();
        }

        static Siblings in(Manifest tree, int directory) {
            Siblings siblings = new Siblings();
            if (tree.kind(directory) == EntryKind.DIRECTORY) {
                siblings.next = tree.firstChild(directory);
                siblings.left = tree.childCount(directory);
            }
            return siblings;
        }

        int peek() {
            return left == 0 ? NONE : next;
        }

        void advance() {
            next++;
            left--;
        }
    }

    /** A directory whose entries are being compared. */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    private record Step(byte[] path, Siblings before, Siblings after) {}

    private final Manifest before;
    private final Manifest after;
    private final int[] parentsBefore;
    private final int[] parentsAfter;
    private final Listener listener;
    private final List<Step> open = new ArrayList<>();

    private TreeDifference(Manifest before, Manifest after, Listener listener) {
        this.before = before;
        this.after = after;
        this.parentsBefore = before.parents();
        this.parentsAfter = after.parents();
        this.listener = listener;
    }

    /** Tells what makes the one tree the other. */
    public static void between(Manifest before, Manifest after, Listener listener) throws IOException {
        TreeDifference difference = new TreeDifference(before, after, listener);
        difference.inBoth(new byte[0], 0, 0);
        while (!difference.open.isEmpty()) {
            difference.step(difference.open.getLast());
        }
    }

    private void step(Step directory) throws IOException {
        int old = directory.before().peek();
        int young = directory.after().peek();
        if (old == Siblings.NONE && young == Siblings.NONE) {
            open.removeLast();
            return;
        }
        int order = old == Siblings.NONE ? 1 : young == Siblings.NONE ? -1 : before.compareName(old, after.name(young));
        byte[] path = PathBytes.join(directory.path(), order <= 0 ? before.name(old) : after.name(young));
        if (order <= 0) {
            directory.before().advance();
        }
        if (order >= 0) {
            directory.after().advance();
        }
        if (order == 0) {
            inBoth(path, old, young);
        } else if (order < 0) {
            listener.deleted(path, old);
            enter(path, Siblings.in(before, old), Siblings.none());
        } else {
            listener.added(path, young);
            enter(path, Siblings.none(), Siblings.in(after, young));
        }
    }

    private void enter(byte[] path, Siblings old, Siblings young) {
        if (old.peek() != Siblings.NONE || young.peek() != Siblings.NONE) {
            open.add(new Step(path, old, young));
        }
    }

    private void inBoth(byte[] path, int old, int young) throws IOException {
        Set<Aspect> aspects = aspects(old, young);
        if (!aspects.isEmpty()) {
            listener.changed(path, old, young, aspects);
        }
        enter(path, Siblings.in(before, old), Siblings.in(after, young));
    }

    private Set<Aspect> aspects(int oldEntry, int newEntry) {
        int old = inode(before, oldEntry);
        int young = inode(after, newEntry);
        if (before.kind(old) != after.kind(young)) {
            return EnumSet.of(Aspect.TYPE);
        }
        Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        addIf(aspects, Aspect.CONTENT, !hasSameContent(old, young));
        addIf(aspects, Aspect.MODE, before.permissions(old) != after.permissions(young));
        addIf(
                aspects,
                Aspect.MTIME,
                before.mtimeSeconds(old) != after.mtimeSeconds(young)
                        || before.mtimeNanos(old) != after.mtimeNanos(young));
        addIf(aspects, Aspect.OWNER, !hasSameOwner(old, young));
        addIf(aspects, Aspect.ATTRIBUTES, !hasSameAttributes(old, young));
        addIf(aspects, Aspect.LINK, !isSamePath(old, oldEntry, young, newEntry));
        return aspects;
    }

    private static void addIf(Set<Aspect> aspects, Aspect aspect, boolean different) {
        if (different) {
            aspects.add(aspect);
        }
    }

    private static int inode(Manifest tree, int entry) {
        return tree.kind(entry) == EntryKind.HARD_LINK ? tree.primary(entry) : entry;
    }

    private boolean hasSameContent(int old, int young) {
        return switch (before.kind(old)) {
            case FILE -> {
                int blobBefore = before.blob(old);
                int blobAfter = after.blob(young);
                boolean isEmpty = blobBefore < 0 || blobAfter < 0;
                yield isEmpty
                        ? blobBefore == blobAfter
                        : before.digest(blobBefore).equals(after.digest(blobAfter));
            }
            case SYMLINK -> Arrays.equals(before.target(old), after.target(young));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> before.device(old) == after.device(young);
            case DIRECTORY, FIFO, HARD_LINK -> true;
        };
    }

    private boolean hasSameOwner(int old, int young) {
        if (!before.hasOwner(old) || !after.hasOwner(young)) {
            return before.hasOwner(old) == after.hasOwner(young);
        }
        return before.uid(old) == after.uid(young) && before.gid(old) == after.gid(young);
    }

    private boolean hasSameAttributes(int old, int young) {
        if (!before.hasAttributes(old) || !after.hasAttributes(young)) {
            return before.hasAttributes(old) == after.hasAttributes(young);
        }
        return Arrays.equals(AttributeSet.encode(before.attributes(old)), AttributeSet.encode(after.attributes(young)));
    }

    /** Whether both entries are the first names of their files, or further names of files whose first names are the same path. */
    private boolean isSamePath(int old, int oldEntry, int young, int newEntry) {
        if (old == oldEntry && young == newEntry) {
            return true;
        }
        int upBefore = old;
        int upAfter = young;
        while (upBefore != 0 && upAfter != 0 && before.compareName(upBefore, after.name(upAfter)) == 0) {
            upBefore = parentsBefore[upBefore];
            upAfter = parentsAfter[upAfter];
        }
        return upBefore == 0 && upAfter == 0;
    }
}
