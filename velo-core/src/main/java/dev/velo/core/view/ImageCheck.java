package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Statx;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all directories and inodes of one image and holds what it says against what else it says: a tree without circles, links
 * and inodes that are counted right, chunks inside of their packs, the table of paths and the directories at one. What readers check
 * one by one where they follow it, and what none of them would notice.
 */
final class ImageCheck {
    private static final byte[] SELF = {'.'};

    /** @param path of the directory, or null if it is longer than the table lists */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Directory(int node, int parent, byte @Nullable [] path) {}

    private final Image image;
    private final ImageNodes nodes;
    private final ImageTrailer trailer;
    private final PathTable table;
    private final Deque<Directory> directories = new ArrayDeque<>();
    private final BitSet seen = new BitSet();
    private final Map<Integer, int[]> names = new HashMap<>();
    private long inodes;
    private int paths;

    ImageCheck(Image image, ImageTrailer trailer) {
        this.image = image;
        this.nodes = image.nodes();
        this.trailer = trailer;
        this.table = image.paths();
    }

    void run() throws FormatException {
        inode(nodes.root());
        directories.add(new Directory(nodes.root(), nodes.root(), new byte[0]));
        while (!directories.isEmpty()) {
            directory(directories.remove());
        }
        for (Map.Entry<Integer, int[]> counted : names.entrySet()) {
            requireLinks(counted.getKey(), counted.getValue()[0]);
        }
        int inodesAt = ErofsFormat.SUPERBLOCK_OFFSET + ErofsFormat.offset(ErofsFormat.SUPERBLOCK, "inos");
        require(inodes == image.inodeCount(), inodesAt, inodes + " inodes are there");
        require(paths == trailer.pathCount(), trailer.offset("path_count"), paths + " paths are there");
    }

    private void directory(Directory directory) throws FormatException {
        int node = directory.node();
        long at = nodes.at(node);
        require(nodes.child(node, SELF, 0, 1) == node, at, "the directory is not its own .");
        require(nodes.parent(node) == directory.parent(), at, "the directory's .. is elsewhere");
        DirectoryCursor cursor = new DirectoryCursor(nodes, node);
        long below = 0;
        while (cursor.next()) {
            EntryKind kind = nodes.kind(cursor.node());
            int stored = nodes.bytes().get(ValueLayout.JAVA_BYTE, cursor.offset() + Fields.DIRENT_TYPE);
            require(stored == ErofsFormat.fileType(kind), cursor.offset(), "type " + stored + " of a " + kind);
            byte[] path = path(directory, cursor, kind);
            if (kind == EntryKind.DIRECTORY) {
                below++;
                require(!seen.get(cursor.node()), cursor.offset(), "a directory with two names");
                directories.add(new Directory(cursor.node(), node, path));
            }
            if (!seen.get(cursor.node())) {
                inode(cursor.node());
            }
            if (kind == EntryKind.SYMLINK) {
                requireFlag(node, cursor.node());
            }
            if (kind != EntryKind.DIRECTORY) {
                names.computeIfAbsent(cursor.node(), key -> new int[1])[0]++;
            }
        }
        requireLinks(node, 2 + below);
    }

    /** Holds an entry against the table; returns its path if that is listed. */
    private byte @Nullable [] path(Directory directory, DirectoryCursor cursor, EntryKind kind) throws FormatException {
        byte[] above = directory.path();
        if (above == null) {
            return null;
        }
        byte[] path = above.length == 0 ? cursor.name() : PathBytes.join(above, cursor.name());
        if (path.length > ImageFormat.MAX_PATH_BYTES) {
            return null;
        }
        long slot = table.find(path, 0, path.length);
        require(slot != PathTable.NONE, cursor.offset(), "the path is not in the table");
        require(table.node(slot) == cursor.node(), slot, "the path has another node");
        require(table.fileType(slot) == ErofsFormat.fileType(kind), slot, "the path has another type");
        paths++;
        return path;
    }

    private void requireLinks(int node, long count) throws FormatException {
        require(nodes.linkCount(node) == count, nodes.at(node), "links of an inode with " + count);
    }

    private void inode(int node) throws FormatException {
        seen.set(node);
        inodes++;
        nodes.mtimeNanos(node);
        nodes.attributes(node);
        switch (nodes.kind(node)) {
            case FILE -> file(node);
            case SYMLINK -> require(nodes.target(node).length > 0, nodes.at(node), "a link to nothing");
            default -> require(nodes.ordinal(node) == 0, nodes.at(node), "a blob of what has no bytes");
        }
    }

    private void file(int node) throws FormatException {
        long size = nodes.size(node);
        int ordinal = nodes.ordinal(node);
        require(ordinal == 0 == (size == 0), nodes.at(node), size + " bytes of blob " + ordinal);
        if (ordinal < 0 || ordinal > image.blobCount()) {
            throw nodes.fault(nodes.at(node), Reason.OUT_OF_BOUNDS, "blob " + ordinal);
        }
        if (size == 0) {
            return;
        }
        int shift = nodes.chunkShift(node);
        for (long number = 0; number <= (size - 1) >>> shift; number++) {
            long chunk = nodes.chunk(node, number);
            if (chunk != ErofsFormat.HOLE) {
                chunk(node, number, chunk, Math.min(1L << shift, size - (number << shift)));
            }
        }
    }

    private void chunk(int file, long number, long chunk, long bytes) throws FormatException {
        int device = (int) (chunk >>> 16) & 0xffff;
        long start = (chunk >>> 32) << nodes.header().blockShift();
        boolean inside = device >= 1
                && device <= image.packs().size()
                && start + bytes <= nodes.header().packBytes().get(device - 1);
        if (!inside) {
            throw nodes.fault(
                    nodes.chunkOffset(file, number),
                    Reason.OUT_OF_BOUNDS,
                    bytes + " bytes at " + start + " of device " + device);
        }
    }

    /** Without the flag no path is followed through links. */
    private void requireFlag(int directory, int link) throws FormatException {
        if (!image.hasDirectoryLinks()) {
            int found = new PathResolution(nodes).resolve(directory, nodes.target(link), Following.ALL);
            boolean leads = found != LinkedTree.NONE && (nodes.mode(found) & Statx.S_IFMT) == Statx.S_IFDIR;
            require(!leads, trailer.offset("flags"), "a link to a directory without the flag");
        }
    }

    private void require(boolean holds, long offset, String what) throws FormatException {
        if (!holds) {
            throw nodes.fault(offset, Reason.INCONSISTENT, what);
        }
    }
}
