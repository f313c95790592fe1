package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.store.Store;
import dev.velo.ffm.MemoryCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The bytes of an image's files, read out of mapped packs. Owns the packs. Safe for any number of threads. */
final class FileContents {
    private final ImageNodes nodes;
    private final PackBytes[] packs;
    private final Arena arena = Arena.ofShared();

    private FileContents(ImageNodes nodes, PackBytes[] packs) {
        this.nodes = nodes;
        this.packs = packs;
    }

    static FileContents open(Store store, Image image, ImageNodes nodes) throws IOException {
        PackBytes[] packs = new PackBytes[image.packs().size()];
        int opened = 0;
        try {
            for (Digest id : image.packs()) {
                packs[opened] = PackBytes.open(store, id, image.file());
                opened++;
            }
            return new FileContents(nodes, packs);
        } catch (IOException e) {
            for (int i = 0; i < opened; i++) {
                packs[i].close();
            }
            throw e;
        }
    }

    int read(int file, long offset, MemorySegment into) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset);
        }
        long size = requireFile(file);
        if (offset >= size) {
            return into.byteSize() == 0 ? 0 : -1;
        }
        int count = (int) Math.min(Math.min(into.byteSize(), size - offset), Integer.MAX_VALUE - 8);
        int shift = nodes.chunkShift(file);
        int done = 0;
        while (done < count) {
            long at = offset + done;
            long inChunk = at & ((1L << shift) - 1);
            long part = Math.min(count - done, (1L << shift) - inChunk);
            long chunk = nodes.chunk(file, at >>> shift);
            if (chunk == ErofsFormat.HOLE) {
                into.asSlice(done, part).fill((byte) 0);
            } else {
                copy(pack(file, at >>> shift, chunk), start(chunk) + inChunk, part, into, done);
            }
            done += (int) part;
        }
        return count;
    }

    private void copy(PackBytes pack, long offset, long count, MemorySegment into, long at) throws IOException {
        try {
            MemorySegment.copy(pack.slice(arena, offset, count), 0, into, at, count);
        } catch (InternalError e) {
            throw new IOException(
                    pack.file() + ": the disk does not give bytes " + offset + " to " + (offset + count)
                            + "; see the kernel's log, and check the store with velo verify",
                    e);
        }
    }

    MemorySegment map(int file) throws IOException {
        long size = requireFile(file);
        if (size == 0) {
            return MemorySegment.NULL.asReadOnly();
        }
        int shift = nodes.chunkShift(file);
        long chunks = (size + (1L << shift) - 1) >>> shift;
        long base = -1;
        PackBytes pack = null;
        for (long i = 0; i < chunks; i++) {
            long chunk = nodes.chunk(file, i);
            if (chunk != ErofsFormat.HOLE) {
                long start = start(chunk) - (i << shift);
                if (pack != null && (start != base || pack(file, i, chunk) != pack)) {
                    throw nodes.fault(
                            nodes.chunkOffset(file, i), Reason.INCONSISTENT, "scattered chunks of node " + file);
                }
                base = start;
                pack = pack(file, i, chunk);
            }
        }
        return pack == null ? zeros(size) : pack.slice(arena, base, size);
    }

    /** A file that is one hole. */
    private MemorySegment zeros(long size) throws IOException {
        int flags = MemoryCalls.MAP_PRIVATE | MemoryCalls.MAP_ANONYMOUS;
        MemorySegment mapped = MemoryCalls.mmap(size, MemoryCalls.PROT_READ, flags, -1, 0);
        return Image.inArena(arena, mapped);
    }

    private long requireFile(int file) throws FormatException {
        if (nodes.kind(file) != EntryKind.FILE) {
            throw new IllegalArgumentException("node " + file + " is no regular file");
        }
        return nodes.size(file);
    }

    private PackBytes pack(int file, long number, long chunk) throws FormatException {
        int device = (int) (chunk >>> 16) & 0xffff;
        if (device < 1 || device > packs.length) {
            throw nodes.fault(
                    nodes.chunkOffset(file, number), Reason.OUT_OF_BOUNDS, "device " + device + " of node " + file);
        }
        return packs[device - 1];
    }

    private long start(long chunk) {
        return (chunk >>> 32) << nodes.header().blockShift();
    }

    void close() {
        arena.close();
        for (PackBytes pack : packs) {
            pack.close();
        }
    }
}
