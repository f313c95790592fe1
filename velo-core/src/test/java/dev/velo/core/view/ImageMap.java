package dev.velo.core.view;

import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.tree.PathBytes;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** Where in an open image the structures of a path stand. */
final class ImageMap {
    private final Image image;
    private final ImageNodes nodes;

    ImageMap(Image image) {
        this.image = image;
        this.nodes = image.nodes();
    }

    int node(String path) throws FormatException {
        return new PathLookup(image, nodes).find(PathBytes.of(path), Following.ALL_BUT_LAST);
    }

    int inode(String path) throws FormatException {
        return Math.toIntExact(nodes.at(path.isEmpty() ? nodes.root() : node(path)));
    }

    /** A field of a compact inode. */
    int compact(String path, String field) throws FormatException {
        return inode(path) + offset(ErofsFormat.COMPACT_INODE, field);
    }

    int extended(String path, String field) throws FormatException {
        return inode(path) + offset(ErofsFormat.EXTENDED_INODE, field);
    }

    /** The extended attributes of a compact inode. */
    int attributes(String path) throws FormatException {
        return inode(path) + ErofsFormat.COMPACT_BYTES;
    }

    int chunk(String path) throws FormatException {
        return Math.toIntExact(nodes.chunkOffset(node(path), 0));
    }

    /** The first byte of a directory's list or a link's target. */
    int contents(String path) throws FormatException {
        return Math.toIntExact(nodes.place(node(path), 0, 1));
    }

    int slot(String path) throws FormatException {
        byte[] bytes = PathBytes.of(path);
        return Math.toIntExact(image.paths().find(bytes, 0, bytes.length));
    }

    int slot(String path, String field) throws FormatException {
        return slot(path) + offset(ImageFormat.SLOT, field);
    }

    /** The entry of this name in a directory; {@code .} and {@code ..} have entries, too. */
    int entry(String directory, String name) throws FormatException {
        DirectorySearch search = new DirectorySearch(nodes, directory.isEmpty() ? nodes.root() : node(directory));
        for (long block = 0; block < search.blockCount(); block++) {
            int count = search.enter(block);
            for (int i = 0; i < count; i++) {
                if (PathBytes.show(search.name(i)).equals(name)) {
                    return Math.toIntExact(search.entry(i));
                }
            }
        }
        throw new IllegalArgumentException(directory + "/" + name);
    }

    int entry(String directory, String name, String field) throws FormatException {
        return entry(directory, name) + offset(ErofsFormat.DIRENT, field);
    }

    /** The first byte of that name, in a list of one block. */
    int name(String directory, String name) throws FormatException {
        int start = nodes.bytes().get(ValueLayout.JAVA_SHORT_UNALIGNED, entry(directory, name, "nameoff"));
        return contents(directory) + start;
    }

    private static int offset(StructLayout layout, String field) {
        return ErofsFormat.offset(layout, field);
    }
}
