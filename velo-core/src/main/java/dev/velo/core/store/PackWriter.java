package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.format.PackIndexBuilder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes one pack from its first blob to its last and publishes it whole. The order of the calls is the order of the blobs. Bytes of
 * small blobs are gathered and must stay as they are until {@link #flush}; those of a large one are written at once, and can be
 * taken back as long as it has not been sealed. For one thread; closing an unsealed writer leaves nothing behind.
 */
public final class PackWriter implements AutoCloseable {
    private static final int MAX_VECTORS = 1024;
    private static final int VECTOR_BYTES = 16;

    /** Runs of zeros of this length and alignment are left out of the file; they read as zeros all the same. */
    private static final int HOLE_BYTES = 64 << 10;

    /** How much may wait before its way to the disk is begun. */
    private static final long WRITE_BACK_BYTES = 16L << 20;

    private final int directory;
    private final SyncPolicy sync;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment vectors = arena.allocate((long) MAX_VECTORS * VECTOR_BYTES, Long.BYTES);
    private final MemorySegment zeros = arena.allocate(HOLE_BYTES);
    private final PublishedFile file;
    private final PackIndexBuilder index;

    private int vectorCount;
    private long written;
    private long end;
    private long largeStart = -1;
    private long writeBackFrom;

    /** A new pack in the directory of this descriptor, with about as many blobs. */
    public PackWriter(int directory, SyncPolicy sync, int expected) throws ErrnoException {
        this.index = new PackIndexBuilder(expected);
        this.directory = directory;
        this.sync = sync;
        try {
            this.file = PublishedFile.create(directory, Settling.packMode(sync));
        } catch (ErrnoException e) {
            arena.close();
            throw e;
        }
        MemorySegment header = PackIndexBuilder.header(arena);
        gather(header.address(), header.byteSize());
    }

    public int blobCount() {
        return index.count();
    }

    /** How long the pack is so far, in bytes. */
    public long length() {
        return end;
    }

    /** Adds a blob whose bytes stand at this address until the next {@link #flush}. */
    public void add(long word0, long word1, long word2, long word3, long address, long length) throws ErrnoException {
        pad(PackFormat.alignment(length));
        index.add(word0, word1, word2, word3, end, length);
        gather(address, length);
        if (length >= PackFormat.LARGE_BYTES) {
            pad(PackFormat.PAGE_BYTES);
        }
    }

    /**
     * Adds a blob as an LZ4 block, whose {@code stored} bytes stand at this address until the next {@link #flush}.
     *
     * @param length of the blob; more than {@code stored}, and no more than {@link PackFormat#MAX_COMPRESSED_LENGTH}
     */
    public void addCompressed(long word0, long word1, long word2, long word3, long address, long stored, long length)
            throws ErrnoException {
        if (stored >= length || length > PackFormat.MAX_COMPRESSED_LENGTH) {
            throw new IllegalArgumentException("a blob of " + length + " bytes in " + stored);
        }
        // nobody maps it, and no reflink shares it
        pad(PackFormat.BLOCK_BYTES);
        index.add(word0, word1, word2, word3, end, length, stored);
        gather(address, stored);
    }

    /** Begins a large blob whose bytes come in pieces. */
    public void beginLarge() throws ErrnoException {
        pad(PackFormat.PAGE_BYTES);
        flush();
        largeStart = end;
    }

    /** The next piece of the large blob; all but the last are multiples of 64 KiB. */
    public void addPiece(MemorySegment piece) throws ErrnoException {
        long at = 0;
        while (at < piece.byteSize()) {
            long part = Math.min(HOLE_BYTES, piece.byteSize() - at);
            if (piece.asSlice(at, part).mismatch(zeros.asSlice(0, part)) != -1) {
                gather(piece.address() + at, part);
            } else {
                flush();
                end += part;
                written = end;
            }
            at += part;
        }
        flush();
    }

    /** Ends the large blob: its pieces become the blob of this digest. Returns its length. */
    public long endLarge(long word0, long word1, long word2, long word3) throws ErrnoException {
        long length = end - largeStart;
        index.add(word0, word1, word2, word3, largeStart, length);
        largeStart = -1;
        long aligned = PackFormat.align(end, PackFormat.PAGE_BYTES);
        // a tail that was left out as a hole must be there all the same
        FileCalls.ftruncate(file.fd(), aligned);
        end = aligned;
        written = aligned;
        return length;
    }

    /** Forgets the pieces of the large blob, as if it had never been begun. */
    public void abandonLarge() throws ErrnoException {
        FileCalls.ftruncate(file.fd(), largeStart);
        end = largeStart;
        written = largeStart;
        largeStart = -1;
    }

    /** Writes what was gathered; the memory it stands in is free afterwards. */
    public void flush() throws ErrnoException {
        int first = 0;
        while (first < vectorCount) {
            long vector = vectors.address() + (long) first * VECTOR_BYTES;
            long done = FileCalls.pwritev(file.fd(), vector, vectorCount - first, written);
            written += done;
            first = skip(first, done);
        }
        vectorCount = 0;
        if (sync != SyncPolicy.NONE && written - writeBackFrom >= WRITE_BACK_BYTES) {
            FileCalls.syncFileRange(file.fd(), writeBackFrom, written - writeBackFrom, FileCalls.SYNC_FILE_RANGE_WRITE);
            writeBackFrom = written;
        }
    }

    /** Moves past the vectors that are written, and into one that is written in part. */
    private int skip(int first, long done) {
        int at = first;
        long rest = done;
        while (rest > 0) {
            long base = (long) at * VECTOR_BYTES;
            long length = vectors.get(ValueLayout.JAVA_LONG, base + 8);
            if (rest >= length) {
                rest -= length;
                at++;
            } else {
                vectors.set(ValueLayout.JAVA_LONG, base, vectors.get(ValueLayout.JAVA_LONG, base) + rest);
                vectors.set(ValueLayout.JAVA_LONG, base + 8, length - rest);
                rest = 0;
            }
        }
        return at;
    }

    private void gather(long address, long length) throws ErrnoException {
        if (vectorCount == MAX_VECTORS) {
            flush();
        }
        long base = (long) vectorCount++ * VECTOR_BYTES;
        vectors.set(ValueLayout.JAVA_LONG, base, address);
        vectors.set(ValueLayout.JAVA_LONG, base + 8, length);
        end += length;
    }

    private void pad(int alignment) throws ErrnoException {
        long padding = PackFormat.align(end, alignment) - end;
        if (padding > 0) {
            gather(zeros.address(), padding);
        }
    }

    /** Writes index and footer, makes the pack as durable as asked, and gives it its name. */
    public Digest seal() throws IOException {
        Digest id = finish();
        byte[] name = PathBytes.of(id + PackFile.SUFFIX);
        // a pack of the same index holds the same blobs at the same places
        if (!file.publishNew(name) && sync == SyncPolicy.FULL && !Settling.isSettled(directory, name)) {
            file.publishOver(name);
        }
        syncDirectory();
        return id;
    }

    /** Gives a {@linkplain #finish finished} pack its name, in place of a damaged pack if one has it. */
    public void replace(Digest id) throws ErrnoException {
        file.publishOver(PathBytes.of(id + PackFile.SUFFIX));
        syncDirectory();
    }

    private void syncDirectory() throws ErrnoException {
        if (sync != SyncPolicy.NONE) {
            FileCalls.fsync(directory);
        }
    }

    /** Writes index and footer, and makes the pack as durable as asked; it has no name yet. Returns its id. */
    public Digest finish() throws IOException {
        pad(PackFormat.PAGE_BYTES);
        flush();
        MemorySegment tail = index.indexAndFooter(arena, end);
        PublishedFile.writeFully(file.fd(), tail.address(), tail.byteSize(), end);
        switch (sync) {
            case FULL -> FileCalls.fsync(file.fd());
            case METADATA -> {
                int flags = FileCalls.SYNC_FILE_RANGE_WAIT_BEFORE
                        | FileCalls.SYNC_FILE_RANGE_WRITE
                        | FileCalls.SYNC_FILE_RANGE_WAIT_AFTER;
                FileCalls.syncFileRange(file.fd(), end, tail.byteSize(), flags);
                FileCalls.syncFileRange(file.fd(), 0, end, FileCalls.SYNC_FILE_RANGE_WRITE);
            }
            case NONE -> {}
        }
        end += tail.byteSize();
        return PackIndexBuilder.idOf(tail);
    }

    @Override
    public void close() throws ErrnoException {
        try (arena) {
            file.close();
        }
    }
}
