package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.util.Arrays;

/**
 * Goes through the entries of one directory in unsigned byte order of their names, without {@code .} and {@code ..}. For one thread;
 * valid while the view is open.
 */
public final class DirectoryCursor {
    private static final int MAX_NAME_BYTES = 255;

    private final ImageNodes nodes;
    private final DirectorySearch search;
    private final long blockCount;
    private long block;
    private int count;
    private int index;
    private byte[] name = new byte[0];
    private int node;
    private long offset;

    DirectoryCursor(ImageNodes nodes, int directory) throws FormatException {
        this.nodes = nodes;
        this.search = new DirectorySearch(nodes, directory);
        this.blockCount = search.blockCount();
    }

    /** Goes to the next entry; false when there is none. */
    public boolean next() throws FormatException {
        while (true) {
            if (index == count) {
                if (block == blockCount) {
                    return false;
                }
                count = search.enter(block++);
                index = 0;
            }
            byte[] found = search.name(index);
            offset = search.entry(index);
            node = search.node(index++);
            if (!isDots(found)) {
                requireName(found);
                name = found;
                return true;
            }
        }
    }

    private static boolean isDots(byte[] name) {
        return name.length >= 1 && name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
    }

    /** Names come in order, so that none comes twice, and none leads elsewhere. */
    private void requireName(byte[] found) throws FormatException {
        boolean valid = found.length >= 1 && found.length <= MAX_NAME_BYTES;
        for (byte b : found) {
            valid &= b != '/' && b != 0;
        }
        if (!valid) {
            throw nodes.fault(offset, Reason.BAD_NAME, "a directory entry");
        }
        if (Arrays.compareUnsigned(name, found) >= 0) {
            throw nodes.fault(offset, Reason.BAD_ORDER, "directory entries");
        }
    }

    /** The entry's name, the caller's own. */
    public byte[] name() {
        return name.clone();
    }

    public int node() {
        return node;
    }

    /** Where in the image the entry stands. */
    long offset() {
        return offset;
    }

    /** Never a hard link: a further name is what it names. */
    public EntryKind kind() throws FormatException {
        return nodes.kind(node);
    }
}
