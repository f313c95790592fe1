package dev.velo.core.view;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.Syscall;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An image with its packs: answers what the kernel would answer of the mounted tree, without a system call. Owns the image and the
 * packs until closed; every use after that throws {@link IllegalStateException}. Safe for any number of threads.
 *
 * <p>Paths are names separated by slashes, from the root of the view; a slash at the start means the same. Nodes are numbers that are
 * only good for the view that gave them.
 */
public final class View implements AutoCloseable {
    /** Stands for a node that is not there. */
    public static final int NONE = LinkedTree.NONE;

    private final Image image;
    private final ImageNodes nodes;
    private final PathLookup lookup;
    private final FileContents contents;
    private final CheckedFiles checked;
    private final AtomicBoolean closed = new AtomicBoolean();

    private View(Image image, ImageNodes nodes, FileContents contents, ReadCheck check) {
        this.image = image;
        this.nodes = nodes;
        this.lookup = new PathLookup(image, nodes);
        this.contents = contents;
        this.checked = new CheckedFiles(this, check);
    }

    /** Opens the packs of an image, which belongs to the view from now on, also if this fails. */
    public static View open(Store store, Image image) throws IOException {
        return open(store, image, ReadCheck.NEVER);
    }

    /** The same, with files that are {@linkplain #requireRight checked}. */
    public static View open(Store store, Image image, ReadCheck check) throws IOException {
        try {
            ImageNodes nodes = image.nodes();
            return new View(image, nodes, FileContents.open(store, image, nodes), check);
        } catch (IOException e) {
            image.close();
            throw e;
        }
    }

    private ImageNodes nodes() {
        requireOpen();
        return nodes;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the view is closed");
        }
    }

    public Image image() {
        return image;
    }

    public int root() {
        return nodes().root();
    }

    /** The node at this path, or {@link #NONE}; symbolic links are followed, the last name's too. */
    public int find(byte[] path) throws FormatException {
        requireOpen();
        return lookup.find(path, Following.ALL);
    }

    /** The node at this path, or {@link #NONE}; a symbolic link as the last name is not followed. */
    public int findLink(byte[] path) throws FormatException {
        requireOpen();
        return lookup.find(path, Following.ALL_BUT_LAST);
    }

    /**
     * The node at this path.
     *
     * @throws ErrnoException with the errno that {@code openat2(2)} with {@code RESOLVE_IN_ROOT} would give: ENOENT, ENOTDIR, ELOOP or
     *     ENAMETOOLONG
     */
    public int require(byte[] path, Following last) throws ErrnoException, FormatException {
        requireOpen();
        int node = lookup.find(path, last);
        if (node != NONE) {
            return node;
        }
        PathResolution resolution = new PathResolution(nodes);
        int found = resolution.resolve(nodes.root(), path, last);
        if (found == NONE) {
            throw new ErrnoException(Syscall.OPENAT2, resolution.failure(), PathBytes.show(path));
        }
        return found;
    }

    /** The node with this one name in a directory, or {@link #NONE}; a symbolic link is not followed. */
    public int child(int directory, byte[] name) throws FormatException {
        return kind(directory) == EntryKind.DIRECTORY ? nodes.child(directory, name, 0, name.length) : NONE;
    }

    public EntryKind kind(int node) throws FormatException {
        return nodes().kind(node);
    }

    /** The permission bits with setuid, setgid and sticky, 12 bits. */
    public int permissions(int node) throws FormatException {
        return nodes().mode(node) & 07777;
    }

    /** Bytes of a file or of a link's target; of a directory, of its list in the image. */
    public long size(int node) throws FormatException {
        return nodes().size(node);
    }

    public long mtimeSeconds(int node) throws FormatException {
        return nodes().mtimeSeconds(node);
    }

    public int mtimeNanos(int node) throws FormatException {
        return nodes().mtimeNanos(node);
    }

    public int uid(int node) throws FormatException {
        return nodes().uid(node);
    }

    public int gid(int node) throws FormatException {
        return nodes().gid(node);
    }

    public int linkCount(int node) throws FormatException {
        return nodes().linkCount(node);
    }

    /** Major number in the high half, minor in the low one. */
    public long device(int node) throws FormatException {
        return nodes().device(node);
    }

    /** The target of a symbolic link. */
    public byte[] target(int node) throws FormatException {
        if (kind(node) != EntryKind.SYMLINK) {
            throw new IllegalArgumentException("node " + node + " is no symbolic link");
        }
        return nodes.target(node);
    }

    /** The extended attributes of a node, by name in unsigned byte order. */
    public List<AttributeSet.Attribute> attributes(int node) throws FormatException {
        return nodes().attributes(node);
    }

    /** The digest of a file's bytes, or null for an empty file. */
    public @Nullable Digest digest(int file) throws FormatException {
        int ordinal = nodes().ordinal(file);
        if (ordinal == 0) {
            return null;
        }
        if (ordinal < 0 || ordinal > image.blobCount()) {
            throw nodes.fault(nodes.at(file), Reason.OUT_OF_BOUNDS, "blob " + ordinal);
        }
        return image.digest(ordinal - 1);
    }

    /** The entries of a directory. */
    public DirectoryCursor list(int directory) throws FormatException {
        if (kind(directory) != EntryKind.DIRECTORY) {
            throw new IllegalArgumentException("node " + directory + " is no directory");
        }
        return new DirectoryCursor(nodes, directory);
    }

    /**
     * To be called when a file is opened: holds its bytes against its digest, if the view was opened so.
     *
     * @throws FormatException if they are not those of the digest
     */
    public void requireRight(int file) throws IOException {
        requireOpen();
        checked.require(file);
    }

    /** Reads bytes of a file from an offset on; returns how many, or -1 at its end. Less than asked for is the end's fault alone. */
    public int read(int file, long offset, MemorySegment into) throws IOException {
        requireOpen();
        return contents.read(file, offset, into);
    }

    /**
     * The bytes of a file, without a copy: read-only memory that is the pack itself, valid until the view is closed. Bytes that the
     * disk does not give raise {@link InternalError}.
     */
    public MemorySegment map(int file) throws IOException {
        requireOpen();
        return contents.map(file);
    }

    /** Whether the view has been closed. */
    public boolean isClosed() {
        return closed.get();
    }

    /**
     * Ends the view once.
     *
     * @throws IllegalStateException if a channel reads out of mapped memory at this moment; the view stays open then
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                contents.close();
            } catch (IllegalStateException e) {
                closed.set(false);
                throw new IllegalStateException("a channel is at work on memory of the view; close it again later", e);
            }
            image.close();
        }
    }
}
