package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds nodes by path: one probe of the table for a path that is listed; the way of the kernel, name by name, for a path that is
 * written otherwise or leads through symbolic links. Safe for any number of threads.
 */
final class PathLookup {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final int SYMLINK = ErofsFormat.fileType(EntryKind.SYMLINK);

    private final ImageNodes nodes;
    private final PathTable table;
    private final boolean directoryLinks;

    PathLookup(Image image, ImageNodes nodes) {
        this.nodes = nodes;
        this.table = image.paths();
        this.directoryLinks = image.hasDirectoryLinks();
    }

    int find(byte[] path, Following last) throws FormatException {
        int start = path.length > 0 && path[0] == '/' ? 1 : 0;
        int length = path.length - start;
        if (length == 0 || path.length > ImageFormat.MAX_PATH_BYTES) {
            return walk(path, last);
        }
        long slot = table.find(path, start, length);
        if (slot != PathTable.NONE) {
            boolean follow = last == Following.ALL && table.fileType(slot) == SYMLINK;
            return follow ? walk(path, last) : table.node(slot);
        }
        if (!isPlain(path, start) || (directoryLinks && leadsThroughLink(path, start))) {
            return walk(path, last);
        }
        return LinkedTree.NONE;
    }

    private int walk(byte[] path, Following last) throws FormatException {
        return new PathResolution(nodes).resolve(nodes.root(), path, last);
    }

    /** Whether the longest part of the path that is listed is a symbolic link: only then may the whole path exist all the same. */
    private boolean leadsThroughLink(byte[] path, int start) throws FormatException {
        int end = path.length;
        while (true) {
            do {
                end--;
            } while (end > start && path[end] != '/');
            if (end <= start) {
                return false;
            }
            long slot = table.find(path, start, end - start);
            if (slot != PathTable.NONE) {
                return table.fileType(slot) == SYMLINK;
            }
        }
    }

    /**
     * Whether a path is written as the table lists it, without empty names and names that begin with a dot after a slash. Such names may
     * be common ones; they only cost the way through the tree.
     */
    private static boolean isPlain(byte[] path, int start) {
        if (path[start] == '/' || path[path.length - 1] == '/' || isDots(path, start)) {
            return false;
        }
        int at = start;
        int wordsEnd = path.length - Long.BYTES;
        // each round looks at eight pairs of neighbours, of which the last is completed by the first byte of the next
        // round
        for (; at < wordsEnd; at += Long.BYTES - 1) {
            long word = (long) WORD.get(path, at);
            long slashes = zeros(word ^ ONES * '/');
            if (slashes != 0 && (slashes << Byte.SIZE & (slashes | zeros(word ^ ONES * '.'))) != 0) {
                return !hasDots(path, start);
            }
        }
        for (; at < path.length - 1; at++) {
            if (path[at] == '/' && (path[at + 1] == '/' || path[at + 1] == '.')) {
                return !hasDots(path, start);
            }
        }
        return true;
    }

    /** The high bit of each zero byte; a false one may stand above a true one. */
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** Whether some name is empty, {@code .} or {@code ..}. */
    private static boolean hasDots(byte[] path, int start) {
        for (int i = start; i < path.length - 1; i++) {
            if (path[i] == '/' && (path[i + 1] == '/' || isDots(path, i + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDots(byte[] path, int start) {
        int end = start;
        while (end < path.length && path[end] == '.') {
            end++;
        }
        int dots = end - start;
        return dots >= 1 && dots <= 2 && (end == path.length || path[end] == '/');
    }
}
