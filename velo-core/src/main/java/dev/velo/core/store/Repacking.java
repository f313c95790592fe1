package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.DigestTable;
import dev.velo.core.format.PackFormat;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes blobs of sealed packs into new ones, in the order in which it is given them, durably. Each is held against its digest on the
 * way, so that what is damaged is not moved on. The packs that they come from stay as they are, and whoever gives blobs holds the
 * store's lock, so that those packs stay. For one thread; closing it leaves nothing that was not sealed.
 */
public final class Repacking implements AutoCloseable {
    /** How long packs become, unless one blob is longer. */
    public static final long PACK_BYTES = 1L << 30;

    /**
     * What was written.
     *
     * @param packs ids of the new packs, in order
     * @param compressed how many of the blobs are compressed
     * @param bytes length of the blobs
     * @param storedBytes what they take up, without padding
     */
    public record Report(List<Digest> packs, long blobs, long compressed, long bytes, long storedBytes) {}

    private static final int EXPECTED_BLOBS = 1 << 12;

    /** What compression must save of a blob's blocks: one in so many. */
    private static final int WORTH = 8;

    private final Store store;
    private final PackEncoding encoding;
    private final long packBytes;
    private final BlobReader reader = new BlobReader();
    private final DigestTable known = new DigestTable(EXPECTED_BLOBS);
    private final List<Digest> sealed = new ArrayList<>();

    /** Blobs that wait to be written together, up to {@link #filled}. */
    private MemorySegment waiting = Arena.ofAuto().allocate(BlobReader.BUFFER_BYTES, Long.BYTES);

    private long filled;
    private byte[] whole = {};
    private byte[] block = {};
    private @Nullable PackWriter current;
    private long compressed;
    private long bytes;
    private long storedBytes;

    /** New packs of about {@code packBytes} bytes each. */
    public Repacking(Store store, PackEncoding encoding, long packBytes) throws ReadOnlyStoreException {
        store.requireWritable();
        this.store = store;
        this.encoding = encoding;
        this.packBytes = packBytes;
    }

    /** Writes all of these blobs, and returns when they are on the disk. */
    public static Report run(Store store, Iterable<Packs.Location> blobs, PackEncoding encoding) throws IOException {
        try (Repacking repacking = new Repacking(store, encoding, PACK_BYTES)) {
            for (Packs.Location blob : blobs) {
                repacking.add(blob);
            }
            return repacking.finish();
        }
    }

    /**
     * Adds the blob that stands here, unless it was added before.
     *
     * @throws dev.velo.core.format.FormatException if it is damaged; it is left out then, and others can follow
     */
    public void add(Packs.Location blob) throws IOException {
        blob.pack().index().requireSound(blob.entry());
        Digest digest = blob.digest();
        if (known.find(digest.word0(), digest.word1(), digest.word2(), digest.word3()) >= 0) {
            return;
        }
        if (!blob.isRaw() && encoding != PackEncoding.RAW) {
            addBlock(blob, digest, reader.readBlock(blob, digest), (int) blob.storedLength());
        } else if (encoding != PackEncoding.COLD || !addShorter(blob, digest)) {
            addRaw(blob, digest);
        }
        known.add(digest.word0(), digest.word1(), digest.word2(), digest.word3());
        bytes += blob.length();
    }

    /** Adds the blob compressed, if that is worth it; returns whether it is. */
    private boolean addShorter(Packs.Location blob, Digest digest) throws IOException {
        if (blob.length() > PackFormat.MAX_COMPRESSED_LENGTH || !isWorthwhile(blob.length(), 1)) {
            return false;
        }
        int length = (int) blob.length();
        whole = whole.length < length ? new byte[length] : whole;
        int longest = Lz4Block.maxLength(length);
        block = block.length < longest ? new byte[longest] : block;
        int[] filled = {0};
        reader.read(blob, digest, piece -> {
            MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, whole, filled[0], (int) piece.byteSize());
            filled[0] += (int) piece.byteSize();
        });
        int stored = Lz4Block.compress(whole, length, block);
        if (!isWorthwhile(length, stored)) {
            return false;
        }
        addBlock(blob, digest, block, stored);
        return true;
    }

    private static boolean isWorthwhile(long length, long stored) {
        long saved =
                PackFormat.align(length, PackFormat.BLOCK_BYTES) - PackFormat.align(stored, PackFormat.BLOCK_BYTES);
        return saved * WORTH >= PackFormat.align(length, PackFormat.BLOCK_BYTES);
    }

    private void addBlock(Packs.Location blob, Digest digest, byte[] from, int stored) throws IOException {
        PackWriter writer = writer(stored);
        MemorySegment place = place(writer, stored);
        MemorySegment.copy(from, 0, place, ValueLayout.JAVA_BYTE, 0, stored);
        writer.addCompressed(
                digest.word0(), digest.word1(), digest.word2(), digest.word3(), place.address(), stored, blob.length());
        compressed++;
        storedBytes += stored;
    }

    private void addRaw(Packs.Location blob, Digest digest) throws IOException {
        PackWriter writer = writer(blob.length());
        if (blob.length() > BlobReader.BUFFER_BYTES) {
            addLarge(writer, blob, digest);
        } else {
            reader.read(blob, digest, all -> {
                MemorySegment place = place(writer, all.byteSize()).copyFrom(all);
                writer.add(
                        digest.word0(),
                        digest.word1(),
                        digest.word2(),
                        digest.word3(),
                        place.address(),
                        place.byteSize());
            });
        }
        storedBytes += blob.length();
    }

    /** Memory for so many bytes, which stays as it is until they are written. */
    private MemorySegment place(PackWriter writer, long length) throws ErrnoException {
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

    private void addLarge(PackWriter writer, Packs.Location blob, Digest digest) throws IOException {
        writer.beginLarge();
        try {
            reader.read(blob, digest, writer::addPiece);
        } catch (IOException e) {
            writer.abandonLarge();
            throw e;
        }
        writer.endLarge(digest.word0(), digest.word1(), digest.word2(), digest.word3());
    }

    /** The pack that takes the next blob, of this many bytes: another one if the last would become too long. */
    private PackWriter writer(long length) throws IOException {
        PackWriter writer = current;
        if (writer != null && writer.blobCount() > 0 && writer.length() + length > packBytes) {
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

    /** Seals the last pack: all that was added is on the disk then. What is added afterwards comes into further packs. */
    public Report finish() throws IOException {
        PackWriter writer = current;
        if (writer != null && writer.blobCount() > 0) {
            seal(writer);
        }
        return new Report(List.copyOf(sealed), known.size(), compressed, bytes, storedBytes);
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
