package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs that are written one after another, each until it is long enough, durably. Small blobs are gathered and written together. For
 * one thread; closing it leaves nothing that was not sealed.
 */
final class NewPacks implements AutoCloseable {
    private static final int EXPECTED_BLOBS = 1 << 12;

    private final Store store;
    private final long packBytes;
    private final List<Digest> sealed = new ArrayList<>();

    /** Bytes that wait to be written together, up to {@link #filled}; they stay as they are until then. */
    private MemorySegment waiting = Arena.ofAuto().allocate(BlobReader.BUFFER_BYTES, Long.BYTES);

    private long filled;
    private @Nullable PackWriter current;

    /** Packs of about {@code packBytes} bytes each. */
    NewPacks(Store store, long packBytes) {
        this.store = store;
        this.packBytes = packBytes;
    }

    /** Memory for so many bytes of blobs that come next; they stay as they are until they are written. */
    MemorySegment place(long length) throws IOException {
        PackWriter writer = writer(length);
        if (filled + length > waiting.byteSize()) {
            writer.flush();
            filled = 0;
        }
        if (length > waiting.byteSize()) {
            waiting = Arena.ofAuto().allocate(length, Long.BYTES);
        }
        MemorySegment place = waiting.asSlice(filled, length);
        filled += length;
        return place;
    }

    /** Adds a blob of these bytes, which are in the last {@link #place}. */
    void add(Digest digest, MemorySegment bytes) throws IOException {
        writer(0)
                .add(digest.word0(), digest.word1(), digest.word2(), digest.word3(), bytes.address(), bytes.byteSize());
    }

    /** Adds a blob of this length as an LZ4 block, which is in the last {@link #place}. */
    void addBlock(Digest digest, MemorySegment block, long length) throws IOException {
        writer(0)
                .addCompressed(
                        digest.word0(),
                        digest.word1(),
                        digest.word2(),
                        digest.word3(),
                        block.address(),
                        block.byteSize(),
                        length);
    }

    /** Adds a blob as it is read, in pieces of {@link BlobReader#BUFFER_BYTES}; if it is damaged, it is left out. */
    void addLarge(Packs.Location blob, BlobReader reader) throws IOException {
        PackWriter writer = writer(blob.length());
        Digest digest = blob.digest();
        writer.beginLarge();
        try {
            reader.read(blob, digest, writer::addPiece);
        } catch (IOException e) {
            writer.abandonLarge();
            throw e;
        }
        writer.endLarge(digest.word0(), digest.word1(), digest.word2(), digest.word3());
    }

    /** The pack that takes the next blobs, of this many bytes: another one if the last would become too long. */
    private PackWriter writer(long length) throws IOException {
        PackWriter writer = current;
        if (writer != null && length > 0 && writer.blobCount() > 0 && writer.length() + length > packBytes) {
            seal(writer);
            writer = null;
        }
        if (writer == null) {
            writer = new PackWriter(store.fd(Store.Room.PACKS), SyncPolicy.FULL, EXPECTED_BLOBS);
            current = writer;
        }
        return writer;
    }

    private void seal(PackWriter writer) throws IOException {
        sealed.add(writer.seal());
        filled = 0;
        current = null;
        writer.close();
    }

    /** Seals the last pack; returns the ids of all, which are on the disk then. */
    List<Digest> finish() throws IOException {
        PackWriter writer = current;
        if (writer != null && writer.blobCount() > 0) {
            seal(writer);
        }
        return List.copyOf(sealed);
    }

    @Override
    public void close() throws ErrnoException {
        PackWriter writer = current;
        if (writer != null) {
            current = null;
            writer.close();
        }
    }
}
