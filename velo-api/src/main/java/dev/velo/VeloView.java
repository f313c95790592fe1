package dev.velo;

import dev.velo.core.view.DirectoryCursor;
import dev.velo.core.view.Following;
import dev.velo.core.view.View;
import dev.velo.nio.NameCodec;
import dev.velo.nio.Nodes;
import dev.velo.nio.OpenTree;
import dev.velo.nio.VeloFileSystem;
import dev.velo.nio.ViewChannel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tree, open: answers from memory what the kernel would answer of the mounted tree. For any number of threads. Closed once by
 * whoever opened it; every use after that ends in {@link IllegalStateException}.
 *
 * <p>Paths are names separated by slashes, from the root of the view; a slash at the start means the same, and the empty path is the
 * root. Symbolic links are followed inside the view only: the root of the view is theirs. Names are bytes; every method that takes a
 * path takes it as bytes or as text, see {@link VeloEntry}. Failures are those of {@code java.nio.file}:
 * {@link java.nio.file.NoSuchFileException}, {@link java.nio.file.NotDirectoryException},
 * {@link java.nio.file.FileSystemLoopException} or another {@link FileSystemException}.
 *
 * {@snippet :
 * try (VeloView view = store.view(Path.of("deps.velo"))) {
 *     byte[] json = view.readAllBytes("react/package.json");
 *     try (Stream<VeloEntry> all = view.walk("react")) {
 *         System.out.println(all.mapToLong(VeloEntry::size).sum());
 *     }
 * }
 * }
 */
public final class VeloView implements AutoCloseable {
    private final ViewPresentation presentation;
    private final OpenTree tree;
    private final View view;
    private @Nullable VeloFileSystem fileSystem;

    VeloView(ViewPresentation presentation) {
        this.presentation = presentation;
        this.tree = presentation.tree();
        this.view = tree.view();
    }

    /**
     * What names the tree; of layers, that of the tree that they make together.
     *
     * @return SHA-256 of its manifest, 64 hexadecimal digits
     */
    public String digest() {
        return tree.tree().toString();
    }

    /**
     * Whether the view has not been closed.
     *
     * @return false after {@link #close}
     */
    public boolean isOpen() {
        return !view.isClosed();
    }

    /**
     * Looks a path up.
     *
     * @param path the path
     * @param options {@link LinkOption#NOFOLLOW_LINKS} for a symbolic link itself
     * @return the entry, or nothing if there is none
     * @throws IOException if the tree's image is damaged
     */
    public Optional<VeloEntry> find(String path, LinkOption... options) throws IOException {
        return find(NameCodec.encode(path), options);
    }

    /**
     * Looks a path up.
     *
     * @param path the path
     * @param options {@link LinkOption#NOFOLLOW_LINKS} for a symbolic link itself
     * @return the entry, or nothing if there is none
     * @throws IOException if the tree's image is damaged
     */
    public Optional<VeloEntry> find(byte[] path, LinkOption... options) throws IOException {
        byte[] wanted = Nodes.lookup(path);
        int node = Nodes.following(options) == Following.ALL ? view.find(wanted) : view.findLink(wanted);
        return node == View.NONE ? Optional.empty() : Optional.of(VeloEntry.of(view, node, path));
    }

    /**
     * The entry at a path.
     *
     * @param path the path
     * @param options {@link LinkOption#NOFOLLOW_LINKS} for a symbolic link itself
     * @return the entry
     * @throws IOException if there is none, a {@link java.nio.file.NoSuchFileException} mostly
     */
    public VeloEntry entry(String path, LinkOption... options) throws IOException {
        return entry(NameCodec.encode(path), options);
    }

    /**
     * The entry at a path.
     *
     * @param path the path
     * @param options {@link LinkOption#NOFOLLOW_LINKS} for a symbolic link itself
     * @return the entry
     * @throws IOException if there is none, a {@link java.nio.file.NoSuchFileException} mostly
     */
    public VeloEntry entry(byte[] path, LinkOption... options) throws IOException {
        int node = Nodes.require(view, Nodes.lookup(path), Nodes.following(options));
        return VeloEntry.of(view, node, path);
    }

    /**
     * What is in a directory.
     *
     * @param directory its path
     * @return the entries in unsigned byte order of their names, symbolic links as such
     * @throws IOException if there is no directory
     */
    public List<VeloEntry> list(String directory) throws IOException {
        return list(NameCodec.encode(directory));
    }

    /**
     * What is in a directory.
     *
     * @param directory its path
     * @return the entries in unsigned byte order of their names, symbolic links as such
     * @throws IOException if there is no directory
     */
    public List<VeloEntry> list(byte[] directory) throws IOException {
        DirectoryCursor cursor = view.list(Nodes.requireDirectory(view, Nodes.lookup(directory)));
        List<VeloEntry> entries = new ArrayList<>();
        while (cursor.next()) {
            entries.add(VeloEntry.of(view, cursor.node(), TreeWalk.below(directory, cursor.name())));
        }
        return entries;
    }

    /**
     * Everything at and below a path, found while the stream goes on; directories before what they hold, symbolic links as such.
     *
     * @param start where to begin
     * @return the entries; what fails later, fails with {@link java.io.UncheckedIOException}: a damaged image whose directories hold
     *     each other with {@link java.nio.file.FileSystemLoopException} as its cause
     * @throws IOException if there is nothing at that path
     */
    public Stream<VeloEntry> walk(String start) throws IOException {
        return walk(NameCodec.encode(start));
    }

    /**
     * Everything at and below a path, found while the stream goes on; directories before what they hold, symbolic links as such.
     *
     * @param start where to begin
     * @return the entries; what fails later, fails with {@link java.io.UncheckedIOException}: a damaged image whose directories hold
     *     each other with {@link java.nio.file.FileSystemLoopException} as its cause
     * @throws IOException if there is nothing at that path
     */
    public Stream<VeloEntry> walk(byte[] start) throws IOException {
        return TreeWalk.of(view, Nodes.require(view, Nodes.lookup(start), Following.ALL), start);
    }

    /**
     * Reads bytes of a file.
     *
     * @param file its path
     * @param offset where to begin
     * @param into takes as many bytes as remain in it, or up to the end of the file, and goes on by them
     * @return how many, or -1 at the end of the file
     * @throws IOException if there is no regular file, or the disk does not give its bytes
     */
    public int read(String file, long offset, ByteBuffer into) throws IOException {
        return read(NameCodec.encode(file), offset, into);
    }

    /**
     * Reads bytes of a file.
     *
     * @param file its path
     * @param offset where to begin
     * @param into takes as many bytes as remain in it, or up to the end of the file, and goes on by them
     * @return how many, or -1 at the end of the file
     * @throws IOException if there is no regular file, or the disk does not give its bytes
     */
    public int read(byte[] file, long offset, ByteBuffer into) throws IOException {
        return ViewChannel.read(view, rightFile(file), offset, into);
    }

    /**
     * All bytes of a file.
     *
     * @param file its path
     * @return the bytes
     * @throws IOException if there is no regular file, or the disk does not give its bytes
     */
    public byte[] readAllBytes(String file) throws IOException {
        return readAllBytes(NameCodec.encode(file));
    }

    /**
     * All bytes of a file.
     *
     * @param file its path
     * @return the bytes
     * @throws IOException if there is no regular file, or the disk does not give its bytes
     */
    public byte[] readAllBytes(byte[] file) throws IOException {
        int node = node(file);
        long size = view.size(node);
        if (size > Integer.MAX_VALUE - 8) {
            throw new FileSystemException(NameCodec.decode(file), null, size + " bytes are more than an array holds");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) size);
        view.requireRight(node);
        ViewChannel.read(view, node, 0, bytes);
        return bytes.array();
    }

    /**
     * Opens a file to read it from its beginning.
     *
     * @param file its path
     * @return the stream; closing it is courtesy, it holds nothing
     * @throws IOException if there is no regular file
     */
    public InputStream newInputStream(String file) throws IOException {
        return newInputStream(NameCodec.encode(file));
    }

    /**
     * Opens a file to read it from its beginning.
     *
     * @param file its path
     * @return the stream; closing it is courtesy, it holds nothing
     * @throws IOException if there is no regular file
     */
    public InputStream newInputStream(byte[] file) throws IOException {
        return Channels.newInputStream(newByteChannel(file));
    }

    /**
     * Opens a file to read any part of it.
     *
     * @param file its path
     * @return the channel; writing to it fails with {@link java.nio.channels.NonWritableChannelException}
     * @throws IOException if there is no regular file
     */
    public SeekableByteChannel newByteChannel(String file) throws IOException {
        return newByteChannel(NameCodec.encode(file));
    }

    /**
     * Opens a file to read any part of it.
     *
     * @param file its path
     * @return the channel; writing to it fails with {@link java.nio.channels.NonWritableChannelException}
     * @throws IOException if there is no regular file
     */
    public SeekableByteChannel newByteChannel(byte[] file) throws IOException {
        return new ViewChannel(view, rightFile(file));
    }

    /**
     * The bytes of a file without a copy. The memory is the store's own, read-only, and the view's: it may be used by any thread until
     * the view is closed, after which every access fails with {@link IllegalStateException}. The caller has nothing to free. Bytes that
     * the disk does not give raise {@link InternalError}.
     *
     * {@snippet :
     * MemorySegment words = view.map("words.bin");
     * long first = words.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
     * }
     *
     * @param file its path
     * @return the bytes; a segment of length 0 for an empty file
     * @throws IOException if there is no regular file, or it cannot be mapped
     */
    public MemorySegment map(String file) throws IOException {
        return map(NameCodec.encode(file));
    }

    /**
     * The bytes of a file without a copy, under the conditions of {@link #map(String)}.
     *
     * @param file its path
     * @return the bytes; a segment of length 0 for an empty file
     * @throws IOException if there is no regular file, or it cannot be mapped
     */
    public MemorySegment map(byte[] file) throws IOException {
        return view.map(rightFile(file));
    }

    /** The node of a file whose bytes are right, as far as the environment asks for that. */
    private int rightFile(byte[] file) throws IOException {
        int node = node(file);
        view.requireRight(node);
        return node;
    }

    private int node(byte[] file) throws IOException {
        return Nodes.requireFile(view, Nodes.lookup(file));
    }

    /**
     * The view as a file system of {@code java.nio.file}, read-only. There is one for each view; closing the view ends it too, and
     * closing it leaves the view open.
     *
     * @return the file system, whose paths have URIs such as {@code velo://view-1/dir/file}
     */
    public synchronized FileSystem fileSystem() {
        if (!isOpen()) {
            throw new IllegalStateException("the view is closed");
        }
        VeloFileSystem known = fileSystem;
        if (known == null || !known.isOpen()) {
            known = VeloFileSystem.ofView(view);
            fileSystem = known;
        }
        return known;
    }

    /**
     * Makes a real directory of the tree.
     *
     * @param directory where; a missing or an empty one. What was made is removed again if this fails
     * @param options how
     * @return what was made
     * @throws IOException if the directory is not empty or something cannot be made
     */
    public VeloCheckout.Report checkout(Path directory, VeloCheckout options) throws IOException {
        return presentation().checkout(directory, options);
    }

    /**
     * Mounts the tree at a directory, for all processes to see. Takes root and Linux 6.12.
     *
     * @param directory an existing directory, whose own contents are hidden meanwhile
     * @return the mount, which ends when it is closed
     * @throws IOException if it cannot be mounted; the message tells why and what to do
     */
    public VeloMount mount(Path directory) throws IOException {
        return mount(directory, new VeloWrites.Refused());
    }

    /**
     * Mounts the tree at a directory, for all processes to see. Takes root and Linux 6.12.
     *
     * @param directory an existing directory, whose own contents are hidden meanwhile
     * @param writes what becomes of writes to the tree
     * @return the mount, which ends when it is closed
     * @throws IOException if it cannot be mounted; the message tells why and what to do
     */
    public VeloMount mount(Path directory, VeloWrites writes) throws IOException {
        return presentation().mount(directory, writes);
    }

    /**
     * A command to be started with the tree shown to it.
     *
     * @param words the program and its arguments
     * @return the command, not started yet
     */
    public VeloCommand command(String... words) {
        return command(List.of(words));
    }

    /**
     * A command to be started with the tree shown to it.
     *
     * @param words the program and its arguments
     * @return the command, not started yet
     */
    public VeloCommand command(List<String> words) {
        return new VeloCommand(presentation(), words);
    }

    /**
     * A sandbox whose root directory is the tree.
     *
     * @return the sandbox, not made yet
     */
    public VeloSandbox sandbox() {
        return new VeloSandbox(presentation());
    }

    ViewPresentation presentation() {
        if (!isOpen()) {
            throw new IllegalStateException("the view is closed");
        }
        return presentation;
    }

    /**
     * Closes the view, once: its streams, channels, mapped memory and file system end with it. What was mounted, checked out or started
     * from it goes on.
     *
     * @throws IllegalStateException if a channel of the JDK's reads or writes mapped memory of the view at this moment; the view stays
     *     open then, and can be closed later
     */
    @Override
    public synchronized void close() {
        view.close();
        if (fileSystem != null) {
            fileSystem.close();
        }
    }

    /**
     * The digest of the tree.
     *
     * @return text for messages
     */
    @Override
    public String toString() {
        return "VeloView " + digest();
    }
}
