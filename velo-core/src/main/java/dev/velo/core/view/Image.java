package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MemoryCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;

/**
 * An image file, open and mapped: owns its descriptor and mapping until closed. Opening reads the first bytes, the root and the last
 * bytes only, so it costs the same whatever the size of the tree; everything else is checked where it is used. Safe for any number of
 * threads.
 */
public final class Image implements AutoCloseable {
    private final byte[] path;
    private final String file;
    private final Descriptor descriptor;
    private final Arena arena;
    private final MemorySegment bytes;
    private final ImageTrailer trailer;
    private final ImageHeader header;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Image(byte[] path, Descriptor descriptor, Arena arena, MemorySegment bytes) throws FormatException {
        this.path = path;
        this.file = PathBytes.show(path);
        this.descriptor = descriptor;
        this.arena = arena;
        this.bytes = bytes;
        this.trailer = ImageTrailer.read(file, bytes);
        this.header = ImageHeader.read(file, bytes.asSlice(0, trailer.erofsBytes()));
        ImageNodes nodes = nodes();
        if (nodes.kind(nodes.root()) != EntryKind.DIRECTORY) {
            throw nodes.fault(nodes.at(nodes.root()), Reason.BAD_KIND, "the root is no directory");
        }
    }

    /** Opens and checks the image at this path. */
    public static Image open(byte[] path) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;
        Descriptor descriptor = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
        Arena arena = Arena.ofShared();
        try {
            Statx stat = new Statx();
            FileCalls.fstatx(descriptor.fd(), stat);
            if (stat.type() != Statx.S_IFREG) {
                throw new FormatException(PathBytes.show(path), 0, Reason.BAD_MAGIC, "not a regular file");
            }
            if (stat.size() < ErofsFormat.DEVICES_OFFSET + ImageFormat.TRAILER_BYTES) {
                throw new FormatException(
                        PathBytes.show(path),
                        stat.size(),
                        stat.size() == 0 ? Reason.EMPTY : Reason.TRUNCATED,
                        "an image is longer");
            }
            return new Image(path, descriptor, arena, map(arena, descriptor.fd(), stat.size()));
        } catch (IOException e) {
            arena.close();
            descriptor.close();
            throw e;
        }
    }

    /** A read-only mapping of a whole file that ends with the arena. */
    static MemorySegment map(Arena arena, int fd, long length) throws ErrnoException {
        MemorySegment mapped = MemoryCalls.mmap(length, MemoryCalls.PROT_READ, MemoryCalls.MAP_SHARED, fd, 0);
        return inArena(arena, mapped);
    }

    /** Hands a mapping to an arena; if that has been closed meanwhile, the mapping ends at once. */
    @SuppressWarnings("restricted")
    static MemorySegment inArena(Arena arena, MemorySegment mapped) {
        try {
            return mapped.reinterpret(arena, Image::unmap).asReadOnly();
        } catch (IllegalStateException e) {
            unmap(mapped);
            throw e;
        }
    }

    static void unmap(MemorySegment mapped) {
        try {
            MemoryCalls.munmap(mapped);
        } catch (ErrnoException e) {
            throw new IllegalStateException(e);
        }
    }

    public byte[] path() {
        return path;
    }

    /** The path, for messages. */
    String file() {
        return file;
    }

    public int fd() {
        return descriptor.fd();
    }

    /** The digest of the manifest that was bound. */
    public Digest tree() {
        return trailer.tree();
    }

    /** 16 bytes that no other image has; {@code f_fsid} of its mount is the exclusive or of their two little-endian words. */
    public byte[] uuid() {
        return header.uuid().clone();
    }

    /** The packs that hold the blobs, in the order of the device slots. */
    public List<Digest> packs() {
        return header.packs();
    }

    /** How long each of the packs is, up to the end of its blobs. */
    List<Long> packBytes() {
        return header.packBytes();
    }

    /** The length of the part that the kernel reads; the lookup section stands behind it. */
    public long erofsBytes() {
        return trailer.erofsBytes();
    }

    public int blobCount() {
        return trailer.blobCount();
    }

    /** The digest of a blob, by its number from 0. */
    public Digest digest(int blob) {
        Objects.checkIndex(blob, blobCount());
        byte[] digest = new byte[Digest.BYTES];
        long at = trailer.digestsOffset() + (long) blob * Digest.BYTES;
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, digest, 0, digest.length);
        return Digest.of(digest, 0);
    }

    /** How many inodes the tree has. */
    public long inodeCount() {
        return header.inodeCount();
    }

    /** Whether some symbolic link of the tree leads, or may lead, to a directory. */
    public boolean hasDirectoryLinks() {
        return (trailer.flags() & ImageFormat.FLAG_DIRECTORY_LINKS) != 0;
    }

    /** Reads all of the image and checks what opening does not: every inode, directory, path and checksum. */
    public void verify() throws FormatException {
        requireWhole();
        new ImageCheck(this, trailer).run();
    }

    /** Reads all of the image and holds it against its checksum, so that it is what was once bound. */
    void requireWhole() throws FormatException {
        CRC32C crc = new CRC32C();
        ImageOutput.update(crc, bytes.asSlice(0, bytes.byteSize() - ImageFormat.TRAILER_BYTES));
        if ((int) crc.getValue() != trailer.contentChecksum()) {
            throw new FormatException(
                    file, trailer.offset("content_crc32c"), Reason.CHECKSUM, "everything before the trailer");
        }
    }

    ImageNodes nodes() {
        return new ImageNodes(file, bytes.asSlice(0, trailer.erofsBytes()), header);
    }

    PathTable paths() {
        return new PathTable(file, bytes, trailer);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            arena.close();
            descriptor.close();
        }
    }
}
