package dev.velo.core.view;

import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads the blocks of one directory of an image: a table of entries at the start of each block, then their names. For one thread. */
final class DirectorySearch {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final ImageNodes nodes;
    private final MemorySegment bytes;
    private final int directory;
    private final long size;
    private final int blockBytes;
    private long block;
    private int used;
    private int count;

    DirectorySearch(ImageNodes nodes, int directory) throws FormatException {
        this.nodes = nodes;
        this.bytes = nodes.bytes();
        this.directory = directory;
        this.size = nodes.size(directory);
        if (size > bytes.byteSize()) {
            throw nodes.fault(
                    nodes.at(directory), Reason.BAD_LENGTH, "directory node " + directory + " of " + size + " bytes");
        }
        this.blockBytes = nodes.header().blockBytes();
    }

    long blockCount() {
        return (size + blockBytes - 1) / blockBytes;
    }

    /** Goes to a block and returns how many entries it has, at least one. */
    int enter(long number) throws FormatException {
        long from = number * blockBytes;
        used = (int) Math.min(blockBytes, size - from);
        if (used < ErofsFormat.DIRENT_BYTES) {
            throw nodes.fault(
                    nodes.at(directory), Reason.BAD_LENGTH, "directory node " + directory + ", block " + number);
        }
        block = nodes.place(directory, from, used);
        int names = bytes.get(SHORT, block + Fields.DIRENT_NAME) & 0xffff;
        if (names < ErofsFormat.DIRENT_BYTES || names > used || names % ErofsFormat.DIRENT_BYTES != 0) {
            throw nodes.fault(block, Reason.BAD_LENGTH, "first name at " + names);
        }
        count = names / ErofsFormat.DIRENT_BYTES;
        return count;
    }

    /** Where an entry of this block stands. */
    long entry(int index) {
        return block + (long) index * ErofsFormat.DIRENT_BYTES;
    }

    /** Where the name of an entry of this block begins, from the start of the block. */
    private int nameStart(int index) throws FormatException {
        int start = bytes.get(SHORT, entry(index) + Fields.DIRENT_NAME) & 0xffff;
        if (start < count * ErofsFormat.DIRENT_BYTES || start > used) {
            throw nodes.fault(entry(index), Reason.OUT_OF_BOUNDS, "name at " + start);
        }
        return start;
    }

    private int nameEnd(int index) throws FormatException {
        int start = nameStart(index);
        if (index + 1 < count) {
            int end = nameStart(index + 1);
            if (end < start) {
                throw nodes.fault(entry(index), Reason.BAD_ORDER, "name ends at " + end);
            }
            return end;
        }
        int end = start;
        while (end < used && bytes.get(ValueLayout.JAVA_BYTE, block + end) != 0) {
            end++;
        }
        return end;
    }

    byte[] name(int index) throws FormatException {
        int start = nameStart(index);
        return nodes.copy(block + start, nameEnd(index) - start);
    }

    int node(int index) throws FormatException {
        long node = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, entry(index) + Fields.DIRENT_NODE);
        if (node < 0 || node > Integer.MAX_VALUE) {
            throw nodes.fault(entry(index), Reason.OUT_OF_BOUNDS, "node " + node);
        }
        return (int) node;
    }

    /** The node with the name between these indexes of a path, or {@link LinkedTree#NONE}; by two binary searches. */
    int find(byte[] path, int start, int end) throws FormatException {
        long low = 0;
        long high = blockCount() - 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            enter(middle);
            if (compare(0, path, start, end) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? LinkedTree.NONE : findInBlock(low, path, start, end);
    }

    private int findInBlock(long number, byte[] path, int start, int end) throws FormatException {
        int low = 0;
        int high = enter(number) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle, path, start, end);
            if (order == 0) {
                return node(middle);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return LinkedTree.NONE;
    }

    /** Orders an entry's name against the part of a path. */
    private int compare(int index, byte[] path, int start, int end) throws FormatException {
        long name = block + nameStart(index);
        int length = nameEnd(index) - nameStart(index);
        int common = Math.min(length, end - start);
        for (int i = 0; i < common; i++) {
            int order = Byte.compareUnsigned(bytes.get(ValueLayout.JAVA_BYTE, name + i), path[start + i]);
            if (order != 0) {
                return order;
            }
        }
        return length - (end - start);
    }
}
