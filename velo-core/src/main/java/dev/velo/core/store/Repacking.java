package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.DigestTable;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.PackIndex;
import dev.velo.core.format.Reason;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Writes blobs of sealed packs into new ones, in the order in which it is given them, durably. Each is held against its digest on the
 * way, so that what is damaged is not moved on; neighbours are read by one call. The packs that they come from stay as they are, and
 * whoever gives blobs sees to it that those packs stay. For one thread; closing it leaves nothing that was not sealed.
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

    /** What lies between two wanted blobs is read too, if it is no more than a further call would cost. */
    private static final long GAP = 32 << 10;

    private final PackEncoding encoding;
    private final NewPacks packs;
    private final BlobReader reader = new BlobReader();
    private final CompressedBlob codec = new CompressedBlob();
    private final MessageDigest sha = Hashing.sha256();
    private final DigestTable known = new DigestTable(EXPECTED_BLOBS);
    private long compressed;
    private long bytes;
    private long storedBytes;

    /** New packs of about {@code packBytes} bytes each. */
    public Repacking(Store store, PackEncoding encoding, long packBytes) throws ReadOnlyStoreException {
        store.requireWritable();
        this.encoding = encoding;
        this.packs = new NewPacks(store, packBytes);
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

    /** Adds the blob that stands here, as {@link #add(PackFile, int...)} does. */
    public void add(Packs.Location blob) throws IOException {
        add(blob.pack(), blob.entry());
    }

    /**
     * Adds the blobs of these entries of a pack's index that were not added before. Those that stand in this order in the pack are read
     * together.
     *
     * @throws FormatException if one is damaged; it and those behind it are left out then, and others can follow
     */
    public void add(PackFile pack, int... entries) throws IOException {
        PackIndex index = pack.index();
        int[] fresh = Arrays.stream(entries)
                .filter(entry -> !isKnown(index.digest(entry)))
                .toArray();
        int next = 0;
        while (next < fresh.length) {
            int first = next;
            next = endOfRun(index, fresh, first);
            if (next > first) {
                addRun(pack, Arrays.copyOfRange(fresh, first, next));
            } else {
                addAlone(new Packs.Location(pack, fresh[next++]));
            }
        }
    }

    /** Where those end that are next to each other in the pack and stand in the new one as they do there; not before {@code first}. */
    private int endOfRun(PackIndex index, int[] entries, int first) throws FormatException {
        long start = index.offset(entries[first]);
        long end = start;
        int next = first;
        while (next < entries.length) {
            int entry = entries[next];
            index.requireSound(entry);
            long offset = index.offset(entry);
            long blobEnd = offset + index.storedLength(entry);
            boolean isNear = offset >= start && offset - end <= GAP && blobEnd - start <= BlobReader.BUFFER_BYTES;
            if (!isNear || !staysAsItIs(index, entry)) {
                break;
            }
            end = Math.max(end, blobEnd);
            next++;
        }
        return next;
    }

    private boolean staysAsItIs(PackIndex index, int entry) {
        return switch (encoding) {
            case RAW -> index.isRaw(entry);
            case COLD -> !index.isRaw(entry) || !CompressedBlob.canBeWorthwhile(index.length(entry));
            case KEPT -> true;
        };
    }

    private void addRun(PackFile pack, int[] entries) throws IOException {
        PackIndex index = pack.index();
        long start = index.offset(entries[0]);
        long end = start;
        for (int entry : entries) {
            end = Math.max(end, index.offset(entry) + index.storedLength(entry));
        }
        MemorySegment run = packs.place(end - start);
        long got = FileBytes.readFully(pack.fd(), run.address(), run.byteSize(), start);
        if (got < run.byteSize()) {
            throw new FormatException(pack.file(), start + got, Reason.TRUNCATED, "inside a blob");
        }
        for (int entry : entries) {
            MemorySegment stored = run.asSlice(index.offset(entry) - start, index.storedLength(entry));
            Packs.Location blob = new Packs.Location(pack, entry);
            check(blob, stored);
            if (blob.isRaw()) {
                packs.add(blob.digest(), stored);
                note(blob, stored.byteSize());
            } else {
                packs.addBlock(blob.digest(), stored, blob.length());
                noteCompressed(blob, stored.byteSize());
            }
        }
    }

    private void check(Packs.Location blob, MemorySegment stored) throws FormatException {
        if (blob.isRaw()) {
            sha.update(stored.asByteBuffer());
        } else {
            int block = (int) stored.byteSize();
            int length = (int) blob.length();
            MemorySegment.copy(stored, ValueLayout.JAVA_BYTE, 0, codec.block(block), 0, block);
            if (!codec.decompress(block, length)) {
                throw wrongContent(blob, "the LZ4 block of blob ");
            }
            sha.update(codec.bytes(length), 0, length);
        }
        if (!Digest.of(sha.digest(), 0).equals(blob.digest())) {
            throw wrongContent(blob, "blob ");
        }
    }

    private static FormatException wrongContent(Packs.Location blob, String what) {
        return new FormatException(
                blob.pack().file(),
                blob.offset(),
                Reason.WRONG_CONTENT,
                what + blob.digest() + "; velo verify tells whose it is");
    }

    /** Adds a blob that becomes something else, or is longer than what is read at once. */
    private void addAlone(Packs.Location blob) throws IOException {
        if (!blob.isRaw() && encoding != PackEncoding.RAW) {
            int stored = (int) blob.storedLength();
            addBlock(blob, reader.decompress(blob, blob.digest()).block(stored), stored);
        } else if (encoding != PackEncoding.COLD || !addShorter(blob)) {
            addRaw(blob);
        }
    }

    /** Adds the blob compressed, if that is worth it; returns whether it is. */
    private boolean addShorter(Packs.Location blob) throws IOException {
        if (!CompressedBlob.canBeWorthwhile(blob.length())) {
            return false;
        }
        int length = (int) blob.length();
        byte[] whole = codec.bytes(length);
        int[] read = {0};
        reader.read(blob, blob.digest(), piece -> {
            MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, whole, read[0], (int) piece.byteSize());
            read[0] += (int) piece.byteSize();
        });
        int stored = codec.compress(length);
        if (stored == CompressedBlob.NOT_WORTHWHILE) {
            return false;
        }
        addBlock(blob, codec.block(stored), stored);
        return true;
    }

    private void addBlock(Packs.Location blob, byte[] block, int stored) throws IOException {
        MemorySegment place = packs.place(stored);
        MemorySegment.copy(block, 0, place, ValueLayout.JAVA_BYTE, 0, stored);
        packs.addBlock(blob.digest(), place, blob.length());
        noteCompressed(blob, stored);
    }

    private void addRaw(Packs.Location blob) throws IOException {
        if (blob.length() > BlobReader.BUFFER_BYTES) {
            packs.addLarge(blob, reader);
        } else {
            reader.read(
                    blob,
                    blob.digest(),
                    all -> packs.add(blob.digest(), packs.place(all.byteSize()).copyFrom(all)));
        }
        note(blob, blob.length());
    }

    private boolean isKnown(Digest digest) {
        return known.find(digest.word0(), digest.word1(), digest.word2(), digest.word3()) >= 0;
    }

    private void note(Packs.Location blob, long stored) {
        Digest digest = blob.digest();
        known.add(digest.word0(), digest.word1(), digest.word2(), digest.word3());
        bytes += blob.length();
        storedBytes += stored;
    }

    private void noteCompressed(Packs.Location blob, long stored) {
        compressed++;
        note(blob, stored);
    }

    /** Seals the last pack: all that was added is on the disk then. What is added afterwards comes into further packs. */
    public Report finish() throws IOException {
        return new Report(packs.finish(), known.size(), compressed, bytes, storedBytes);
    }

    @Override
    public void close() throws ErrnoException {
        packs.close();
    }
}
