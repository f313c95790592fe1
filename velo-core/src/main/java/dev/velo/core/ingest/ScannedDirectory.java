package dev.velo.core.ingest;

import dev.velo.ffm.Statx;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One directory as the scan found it: its entries as columns, sorted by name. A million files must fit into a modest heap, hence no
 * object per entry. Written by one thread, then read by many.
 */
final class ScannedDirectory {
    /** The link count of what is mounted over an entry: its inode number means nothing here. */
    static final int FOREIGN = 0;

    /** The number of its parent among the directories, and its own entry's index in it; -1 for the root. */
    final int parent;

    final int indexInParent;

    @Nullable
    IgnoreRules rules;

    /** Number of the first entry of this directory in the whole tree; the root itself is entry 0. */
    int firstEntry;

    long device;
    byte[] attributes = new byte[0];

    byte[] names = new byte[256];
    int[] nameEnds = new int[8];
    int[] modes = new int[8];
    long[] inodes = new long[8];
    long[] sizes = new long[8];
    long[] modifiedSeconds = new long[8];
    int[] modifiedNanos = new int[8];
    long[] changed = new long[8];
    int[] linkCounts = new int[8];
    long[] owners = new long[8];
    int count;

    /** Targets of symbolic links and other rare things, by entry; null where there is none. */
    byte @Nullable [][] targets;

    ScannedDirectory(int parent, int indexInParent) {
        this.parent = parent;
        this.indexInParent = indexInParent;
    }

    int nameStart(int index) {
        return index == 0 ? 0 : nameEnds[index - 1];
    }

    int nameLength(int index) {
        return nameEnds[index] - nameStart(index);
    }

    byte[] name(int index) {
        return Arrays.copyOfRange(names, nameStart(index), nameEnds[index]);
    }

    int type(int index) {
        return modes[index] & Statx.S_IFMT;
    }

    long modified(int index) {
        return modifiedSeconds[index] * 1_000_000_000L + modifiedNanos[index];
    }

    byte @Nullable [] target(int index) {
        return targets == null ? null : targets[index];
    }

    void setTarget(int index, byte[] target) {
        if (targets == null) {
            targets = new byte[Math.max(count, modes.length)][];
        } else if (index >= targets.length) {
            targets = Arrays.copyOf(targets, modes.length);
        }
        targets[index] = target;
    }

    /** Appends an entry, unsorted as yet. */
    void add(byte[] bytes, int nameStart, int nameLength, Statx stat) {
        if (count == modes.length) {
            resize(count * 2);
        }
        int start = count == 0 ? 0 : nameEnds[count - 1];
        if (start + nameLength > names.length) {
            names = Arrays.copyOf(names, Math.max(names.length * 2, start + nameLength));
        }
        System.arraycopy(bytes, nameStart, names, start, nameLength);
        nameEnds[count] = start + nameLength;
        count++;
        update(count - 1, stat);
    }

    /** Takes over what {@code stat} says now. */
    void update(int index, Statx stat) {
        modes[index] = stat.mode();
        inodes[index] = stat.inode();
        boolean isDevice = stat.type() == Statx.S_IFCHR || stat.type() == Statx.S_IFBLK;
        sizes[index] = isDevice ? stat.representedDevice() : stat.size();
        modifiedSeconds[index] = stat.modificationSeconds();
        modifiedNanos[index] = stat.modificationNanos();
        changed[index] = stat.changeSeconds() * 1_000_000_000L + stat.changeNanos();
        linkCounts[index] = stat.device() == device ? stat.linkCount() : FOREIGN;
        owners[index] = (long) stat.uid() << 32 | Integer.toUnsignedLong(stat.gid());
    }

    /** Makes this entry one that deletes what stands under its name in lower layers, as overlayfs does it. */
    void makeWhiteout(int index) {
        modes[index] = Statx.S_IFCHR;
        sizes[index] = 0;
        linkCounts[index] = 1;
    }

    /** Whether this entry is such. */
    boolean isWhiteout(int index) {
        return type(index) == Statx.S_IFCHR && sizes[index] == 0;
    }

    boolean isAsBefore(int index, Statx stat) {
        return stat.inode() == inodes[index]
                && stat.size() == sizes[index]
                && stat.modificationSeconds() == modifiedSeconds[index]
                && stat.modificationNanos() == modifiedNanos[index]
                && stat.changeSeconds() * 1_000_000_000L + stat.changeNanos() == changed[index];
    }

    /** Sorts the entries by their names' unsigned bytes, and gives back what was allocated in vain. */
    void sort() {
        arrange(new NameOrder(names, nameEnds, count).sorted());
    }

    /** Drops the entries that the predicate does not want. */
    void retain(IntPredicate wanted) {
        int[] kept = new int[count];
        int keptCount = 0;
        for (int i = 0; i < count; i++) {
            if (wanted.test(i)) {
                kept[keptCount++] = i;
            }
        }
        if (keptCount < count) {
            arrange(Arrays.copyOf(kept, keptCount));
        }
    }

    /** Makes the entries of these numbers, in this order, the only ones. */
    private void arrange(int[] order) {
        byte[] sortedNames = new byte[count == 0 ? 0 : nameEnds[count - 1]];
        int[] sortedEnds = new int[order.length];
        int end = 0;
        for (int i = 0; i < order.length; i++) {
            int length = nameLength(order[i]);
            System.arraycopy(names, nameStart(order[i]), sortedNames, end, length);
            end += length;
            sortedEnds[i] = end;
        }
        names = end == sortedNames.length ? sortedNames : Arrays.copyOf(sortedNames, end);
        nameEnds = sortedEnds;
        modes = permute(modes, order);
        inodes = permute(inodes, order);
        sizes = permute(sizes, order);
        modifiedSeconds = permute(modifiedSeconds, order);
        modifiedNanos = permute(modifiedNanos, order);
        changed = permute(changed, order);
        linkCounts = permute(linkCounts, order);
        owners = permute(owners, order);
        byte[][] unsorted = targets;
        if (unsorted != null) {
            byte[][] sorted = new byte[order.length][];
            for (int i = 0; i < order.length; i++) {
                sorted[i] = order[i] < unsorted.length ? unsorted[order[i]] : null;
            }
            targets = sorted;
        }
        count = order.length;
    }

    private static int[] permute(int[] values, int[] order) {
        int[] permuted = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            permuted[i] = values[order[i]];
        }
        return permuted;
    }

    private static long[] permute(long[] values, int[] order) {
        long[] permuted = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            permuted[i] = values[order[i]];
        }
        return permuted;
    }

    private void resize(int capacity) {
        nameEnds = Arrays.copyOf(nameEnds, capacity);
        modes = Arrays.copyOf(modes, capacity);
        inodes = Arrays.copyOf(inodes, capacity);
        sizes = Arrays.copyOf(sizes, capacity);
        modifiedSeconds = Arrays.copyOf(modifiedSeconds, capacity);
        modifiedNanos = Arrays.copyOf(modifiedNanos, capacity);
        changed = Arrays.copyOf(changed, capacity);
        linkCounts = Arrays.copyOf(linkCounts, capacity);
        owners = Arrays.copyOf(owners, capacity);
    }
}
