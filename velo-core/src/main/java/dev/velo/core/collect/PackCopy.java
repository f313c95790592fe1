package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.PackIndex;
import dev.velo.core.format.Reason;
import dev.velo.core.store.BlobReader;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.PackWriter;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Copies blobs into new packs, in the order in which it is given them, durably, and holds each against its digest on the way: what is
 * damaged is not moved on. Neighbours are read by one call. For one thread; closing it leaves nothing that was not sealed.
 */
final class PackCopy implements AutoCloseable {
    /** What lies between two wanted blobs is read too, if it is no more than a further call would cost. */
    private static final long GAP = 32 << 10;

    private static final int EXPECTED_BLOBS = 1 << 12;

    private final Store store;
    private final long packBytes;
    private final BlobReader large = new BlobReader();
    private final MemorySegment buffer = Arena.ofAuto().allocate(BlobReader.BUFFER_BYTES, Long.BYTES);
    private final MessageDigest sha = Hashing.sha256();
    private final List<Digest> sealed = new ArrayList<>();
    private @Nullable PackWriter current;

    /** New packs of about {@code packBytes} bytes each. */
    PackCopy(Store store, long packBytes) {
        this.store = store;
        this.packBytes = packBytes;
    }

    /** The pack that takes the next blob, of this many bytes: another one if the last would become too long. */
    private PackWriter writer(long length) throws IOException {
        PackWriter writer = current;
        if (writer != null && writer.length() + length > packBytes) {
            finish();
            writer = null;
        }
        if (writer == null) {
            writer = new PackWriter(store.fd(Store.Room.PACKS), SyncPolicy.FULL, EXPECTED_BLOBS);
            current = writer;
        }
        return writer;
    }

    /** Copies these entries of a pack, in the order in which they stand there. */
    void copy(PackFile pack, RoaringBitmap wanted) throws IOException {
        PackIndex index = pack.index();
        List<Integer> entries = new ArrayList<>(wanted.getCardinality());
        wanted.forEach((int entry) -> entries.add(entry));
        entries.sort(Comparator.comparingLong(index::offset));
        int first = 0;
        while (first < entries.size()) {
            first = copyRun(pack, entries, first);
        }
    }

    /** Copies the blob at this place, or with it as many of those that follow as one read may bring. */
    private int copyRun(PackFile pack, List<Integer> entries, int first) throws IOException {
        PackIndex index = pack.index();
        long start = index.offset(entries.get(first));
        long end = start;
        int next = first;
        while (next < entries.size()) {
            int entry = entries.get(next);
            index.requireSound(entry);
            long blobEnd = index.offset(entry) + index.length(entry);
            if (index.offset(entry) - end > GAP || blobEnd - start > BlobReader.BUFFER_BYTES) {
                break;
            }
            end = Math.max(end, blobEnd);
            next++;
        }
        if (next == first) {
            copyLarge(new Packs.Location(pack, entries.get(first)));
            return first + 1;
        }
        long got = FileBytes.readFully(pack.fd(), buffer.address(), end - start, start);
        if (got < end - start) {
            throw new FormatException(pack.file(), start + got, Reason.TRUNCATED, "inside a blob");
        }
        // all of them before any is gathered, since what is gathered must stay in the buffer until it is written
        for (int i = first; i < next; i++) {
            check(pack, entries.get(i), blob(index, entries.get(i), start));
        }
        for (int i = first; i < next; i++) {
            Digest digest = index.digest(entries.get(i));
            MemorySegment blob = blob(index, entries.get(i), start);
            writer(blob.byteSize())
                    .add(
                            digest.word0(),
                            digest.word1(),
                            digest.word2(),
                            digest.word3(),
                            blob.address(),
                            blob.byteSize());
        }
        writer(0).flush();
        return next;
    }

    /** A blob that was read into the buffer with its neighbours, from this place on. */
    private MemorySegment blob(PackIndex index, int entry, long start) {
        return buffer.asSlice(index.offset(entry) - start, index.length(entry));
    }

    private void check(PackFile pack, int entry, MemorySegment blob) throws FormatException {
        Digest digest = pack.index().digest(entry);
        sha.update(blob.asByteBuffer());
        if (!Digest.of(sha.digest(), 0).equals(digest)) {
            throw new FormatException(
                    pack.file(),
                    pack.index().offset(entry),
                    Reason.WRONG_CONTENT,
                    "blob " + digest + "; velo verify tells whose it is");
        }
    }

    private void copyLarge(Packs.Location location) throws IOException {
        PackWriter writer = writer(location.length());
        Digest digest = location.pack().index().digest(location.entry());
        writer.beginLarge();
        try {
            large.read(location, digest, writer::addPiece);
        } catch (IOException e) {
            writer.abandonLarge();
            throw e;
        }
        writer.endLarge(digest.word0(), digest.word1(), digest.word2(), digest.word3());
    }

    /** Publishes the last pack; returns the ids of all, which are on the disk then. */
    List<Digest> finish() throws IOException {
        PackWriter writer = current;
        if (writer != null) {
            current = null;
            try (writer) {
                sealed.add(writer.seal());
            }
        }
        return sealed;
    }

    @Override
    public void close() throws ErrnoException {
        if (current != null) {
            current.close();
        }
    }
}
