package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.PackFooter;
import dev.velo.core.format.PackFormat;
import dev.velo.core.format.PackIndex;
import dev.velo.core.format.PackIndexBuilder;
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

/**
 * A sealed pack, open for reading: owns its descriptor and the mapping of its index until closed. Safe for any number of threads
 * while open.
 */
public final class PackFile implements AutoCloseable {
    /** What follows the id in the name of a pack. */
    public static final String SUFFIX = ".pack";

    /** Pages are 64 KiB at most, and a mapping begins at one. */
    private static final long MAX_PAGE_BYTES = 64 << 10;

    private final String file;
    private final Descriptor descriptor;
    private final PackFooter footer;
    private final MemorySegment mapping;
    private final MemorySegment indexBytes;
    private final PackIndex index;

    private PackFile(
            String file,
            Descriptor descriptor,
            PackFooter footer,
            MemorySegment mapping,
            MemorySegment indexBytes,
            PackIndex index) {
        this.file = file;
        this.descriptor = descriptor;
        this.footer = footer;
        this.mapping = mapping;
        this.indexBytes = indexBytes;
        this.index = index;
    }

    /** The name of the pack with this id in the room of packs. */
    public static byte[] name(Digest id) {
        return PathBytes.of(id + SUFFIX);
    }

    /** Opens and checks the pack of this name; {@code shown} is its whole path for messages. */
    public static PackFile open(int directory, byte[] name, String shown) throws IOException {
        Descriptor descriptor =
                new Descriptor(FileCalls.openat(directory, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW, 0));
        try {
            PackFooter footer = readFooter(descriptor.fd(), shown);
            long start = footer.indexOffset() & -MAX_PAGE_BYTES;
            long lead = footer.indexOffset() - start;
            MemorySegment mapping = MemoryCalls.mmap(
                    lead + footer.indexLength(), MemoryCalls.PROT_READ, MemoryCalls.MAP_SHARED, descriptor.fd(), start);
            try {
                if (!PathBytes.show(name).equals(footer.id() + SUFFIX)) {
                    throw new FormatException(
                            shown, footer.indexOffset(), Reason.INCONSISTENT, "its id is " + footer.id());
                }
                MemorySegment index = mapping.asSlice(lead);
                return new PackFile(shown, descriptor, footer, mapping, index, footer.index(shown, index));
            } catch (FormatException e) {
                MemoryCalls.munmap(mapping);
                throw e;
            }
        } catch (IOException e) {
            descriptor.close();
            throw e;
        }
    }

    private static PackFooter readFooter(int fd, String shown) throws IOException {
        Statx stat = new Statx();
        FileCalls.fstatx(fd, stat);
        long length = stat.size();
        if (length < PackFooter.MIN_PACK_BYTES) {
            throw new FormatException(
                    shown, length, length == 0 ? Reason.EMPTY : Reason.TRUNCATED, "a pack has more bytes");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(PackFormat.FIRST_BLOB, Long.BYTES);
            MemorySegment footer = arena.allocate(PackFormat.FOOTER_BYTES, Long.BYTES);
            FileBytes.readFully(fd, header.address(), header.byteSize(), 0);
            FileBytes.readFully(fd, footer.address(), footer.byteSize(), length - PackFormat.FOOTER_BYTES);
            return PackFooter.read(shown, length, header, footer);
        }
    }

    public String file() {
        return file;
    }

    public Digest id() {
        return footer.id();
    }

    public PackIndex index() {
        return index;
    }

    public int fd() {
        return descriptor.fd();
    }

    /** Bytes from the start of the file to its index: blobs with their padding. */
    public long blobBytes() {
        return footer.indexOffset();
    }

    /** Checks the whole index against the id and entry by entry, which opening does not. */
    public void verifyIndex() throws FormatException {
        if (!Digest.of(PackIndexBuilder.id(indexBytes), 0).equals(footer.id())) {
            throw new FormatException(file, footer.indexOffset(), Reason.CHECKSUM, "SHA-256 of the index");
        }
        index.requireSound();
    }

    @Override
    public void close() throws ErrnoException {
        descriptor.close();
        MemoryCalls.munmap(mapping);
    }
}
