package dev.velo.core.verify;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.velo.core.format.Digest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.format.PackIndex;
import dev.velo.core.format.PackIndexBuilder;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a damaged pack may still hold: its blobs as the index lists them, though checksums of index and footer may be wrong. None of it
 * is believed: what a blob is, only its bytes tell. Where the footer is damaged, the index is looked for. Owns the descriptor.
 */
final class SalvagedPack implements AutoCloseable {
    /**
     * Perhaps a blob.
     *
     * @param source its bytes in the pack, as far as the index is right
     */
    record Entry(Digest digest, BlobCopier.Source source) {}

    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;

    private final Descriptor descriptor;
    private final String name;
    private final List<Entry> entries;

    private SalvagedPack(Descriptor descriptor, String name) throws IOException {
        this.descriptor = descriptor;
        this.name = name;
        this.entries = readEntries();
    }

    static SalvagedPack open(Store store, byte[] name) throws IOException {
        Descriptor descriptor = new Descriptor(FileCalls.openat(store.fd(Store.Room.PACKS), name, FLAGS, 0));
        try {
            return new SalvagedPack(descriptor, PathBytes.show(name));
        } catch (IOException e) {
            descriptor.close();
            throw e;
        }
    }

    /** In the order of the file. */
    List<Entry> entries() {
        return entries;
    }

    int fd() {
        return descriptor.fd();
    }

    private List<Entry> readEntries() throws IOException {
        Statx stat = new Statx();
        FileCalls.fstatx(fd(), stat);
        long end = stat.size() - PackFormat.FOOTER_BYTES;
        if (stat.type() != Statx.S_IFREG || end < PackFormat.FIRST_BLOB + PackFormat.FAN_OUT_BYTES) {
            return List.of();
        }
        try (Arena arena = Arena.ofConfined()) {
            long start = indexByFooter(arena, end);
            if (start < 0) {
                start = indexBySearch(arena, end);
            }
            return start < 0 ? List.of() : parse(fd(), read(arena, start, end - start), start);
        } catch (ErrnoException e) {
            if (Tolerance.isDamage(e)) {
                return List.of();
            }
            throw e;
        }
    }

    private long indexByFooter(Arena arena, long end) throws IOException {
        MemorySegment footer = read(arena, end, PackFormat.FOOTER_BYTES);
        long start = footer.get(JAVA_LONG_UNALIGNED, PackFormat.offset(PackFormat.FOOTER, "index_offset"));
        long count = footer.get(JAVA_INT_UNALIGNED, PackFormat.offset(PackFormat.FOOTER, "entry_count"));
        boolean fits = start >= PackFormat.FIRST_BLOB
                && start % PackFormat.PAGE_BYTES == 0
                && count >= 0
                && start == end - PackFormat.FAN_OUT_BYTES - count * PackFormat.INDEX_ENTRY_BYTES;
        return fits ? start : -1;
    }

    /**
     * An index begins at a page, its length gives the number of its entries, and its fan-out table ends with that number. Of several
     * such places the one is right whose SHA-256 is the name of the pack; if there is none, the last.
     */
    private long indexBySearch(Arena arena, long end) throws IOException {
        MemorySegment last = arena.allocate(Integer.BYTES);
        long found = -1;
        long from = (end - PackFormat.FAN_OUT_BYTES) & -(long) PackFormat.PAGE_BYTES;
        for (long start = from; start >= PackFormat.FIRST_BLOB; start -= PackFormat.PAGE_BYTES) {
            long entryBytes = end - PackFormat.FAN_OUT_BYTES - start;
            long at = start + PackFormat.FAN_OUT_BYTES - Integer.BYTES;
            if (entryBytes % PackFormat.INDEX_ENTRY_BYTES == 0
                    && FileBytes.readFully(fd(), last.address(), Integer.BYTES, at) == Integer.BYTES
                    && last.get(JAVA_INT_UNALIGNED, 0) == entryBytes / PackFormat.INDEX_ENTRY_BYTES) {
                if (isNamed(start, end)) {
                    return start;
                }
                found = found < 0 ? start : found;
            }
        }
        return found;
    }

    private boolean isNamed(long start, long end) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] id = PackIndexBuilder.id(read(arena, start, end - start));
            return name.equals(Digest.of(id, 0) + PackFile.SUFFIX);
        }
    }

    private MemorySegment read(Arena arena, long start, long length) throws IOException {
        MemorySegment bytes = arena.allocate(length, Long.BYTES);
        FileBytes.readFully(fd(), bytes.address(), length, start);
        return bytes;
    }

    private static List<Entry> parse(int fd, MemorySegment index, long indexOffset) {
        List<Entry> entries = new ArrayList<>();
        byte[] digest = new byte[Digest.BYTES];
        for (long at = PackFormat.FAN_OUT_BYTES; at < index.byteSize(); at += PackFormat.INDEX_ENTRY_BYTES) {
            MemorySegment.copy(index, JAVA_BYTE, at, digest, 0, digest.length);
            long offset = Integer.toUnsignedLong(index.get(JAVA_INT_UNALIGNED, at + field("first_block")))
                    << PackFormat.BLOCK_SHIFT;
            BlobCopier.Source source = source(fd, offset, index.asSlice(at, PackFormat.INDEX_ENTRY_BYTES), indexOffset);
            if (offset >= PackFormat.FIRST_BLOB && source.stored() > 0 && source.stored() <= indexOffset - offset) {
                entries.add(new Entry(Digest.of(digest, 0), source));
            }
        }
        entries.sort(Comparator.comparingLong(entry -> entry.source().offset()));
        return entries;
    }

    private static BlobCopier.Source source(int fd, long offset, MemorySegment entry, long indexOffset) {
        long length = entry.get(JAVA_LONG_UNALIGNED, field("length"));
        long stored = entry.get(JAVA_LONG_UNALIGNED, field("stored_length"));
        if (entry.get(JAVA_BYTE, field("encoding")) == PackFormat.ENCODING_LZ4 && PackIndex.canBecome(length, stored)) {
            return new BlobCopier.Source(fd, offset, stored, length);
        }
        // if one of the two is damaged the bytes will tell
        return BlobCopier.Source.raw(fd, offset, length > 0 && length <= indexOffset ? length : stored);
    }

    private static int field(String field) {
        return PackFormat.offset(PackFormat.INDEX_ENTRY, field);
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
