package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.DigestTable;
import dev.velo.core.format.PackFormat;
import dev.velo.core.store.PackWriter;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The writer's side of an ingest: takes the batches of all readers in the order of their units, drops what the store has, and appends
 * the rest to a pack, and to the next when one is full. For one thread.
 */
final class PackAppender implements AutoCloseable {
    private final Store store;
    private final Packs packs;
    private final IngestOptions options;
    private final IngestListener listener;
    private final int expected;
    private DigestTable stored;
    private final Set<Digest> packsUsed = new LinkedHashSet<>();
    private @Nullable PackWriter pack;
    private boolean inLarge;
    private int newBlobs;
    private long newBytes;
    private long packBytes;

    /** About {@code expected} blobs will come. */
    PackAppender(Store store, Packs packs, IngestOptions options, IngestListener listener, int expected) {
        this.expected = expected;
        this.stored = new DigestTable(expected);
        this.store = store;
        this.packs = packs;
        this.options = options;
        this.listener = listener;
    }

    /** Takes all units from the queues, then seals the last pack. */
    void run(int units, List<BatchQueue> queues, BooleanSupplier stopped) throws IOException {
        for (int unit = 0; unit < units; unit++) {
            boolean ended = false;
            while (!ended) {
                BatchQueue queue = await(unit, queues, stopped);
                Batch batch = queue.takeFull();
                append(batch);
                ended = batch.endsUnit;
                queue.putEmpty(batch);
            }
        }
        seal();
        // a million digests are worth giving back before the manifest is made
        stored = new DigestTable(0);
    }

    private static BatchQueue await(int unit, List<BatchQueue> queues, BooleanSupplier stopped) throws IOException {
        for (int spins = 0; ; spins++) {
            for (BatchQueue queue : queues) {
                if (queue.isNext(unit)) {
                    return queue;
                }
            }
            BatchQueue.pause(spins, stopped);
        }
    }

    /** Takes one batch, whose buffer is free afterwards. */
    void append(Batch batch) throws IOException {
        switch (batch.content) {
            case FILES -> appendFiles(batch);
            case PIECE -> appendPiece(batch);
            case LAST_PIECE -> {
                appendPiece(batch);
                endLarge(batch.digests);
            }
            case VOID_PIECES -> abandonLarge();
        }
    }

    private void appendFiles(Batch batch) throws IOException {
        for (int i = 0; i < batch.files; i++) {
            long word0 = batch.digests[4 * i];
            long word1 = batch.digests[4 * i + 1];
            long word2 = batch.digests[4 * i + 2];
            long word3 = batch.digests[4 * i + 3];
            if (isNew(word0, word1, word2, word3)) {
                int length = batch.lengths[i];
                writer(length).add(word0, word1, word2, word3, batch.buffer.address() + batch.offsets[i], length);
                count(length);
            }
        }
        if (pack != null) {
            pack.flush();
        }
    }

    /** Remembers the blob; returns whether neither this ingest nor the store had it. */
    private boolean isNew(long word0, long word1, long word2, long word3) throws IOException {
        int before = stored.size();
        if (stored.add(word0, word1, word2, word3) < before) {
            return false;
        }
        if (packs.all().isEmpty()) {
            return true;
        }
        Packs.Location location = packs.find(new Digest(word0, word1, word2, word3));
        if (location != null) {
            packsUsed.add(location.pack().id());
        }
        return location == null;
    }

    private void appendPiece(Batch batch) throws IOException {
        if (!inLarge) {
            writer(batch.filled).beginLarge();
            inLarge = true;
        }
        writer(0).addPiece(batch.buffer.asSlice(0, batch.filled));
    }

    private void endLarge(long[] digest) throws IOException {
        PackWriter writer = writer(0);
        inLarge = false;
        if (isNew(digest[0], digest[1], digest[2], digest[3])) {
            count(writer.endLarge(digest[0], digest[1], digest[2], digest[3]));
        } else {
            writer.abandonLarge();
        }
    }

    private void abandonLarge() throws IOException {
        if (inLarge) {
            writer(0).abandonLarge();
            inLarge = false;
        }
    }

    private void count(long bytes) {
        newBlobs++;
        newBytes += bytes;
        listener.stored(bytes);
    }

    /** The pack that takes the next blob, of this many bytes at least. */
    private PackWriter writer(long length) throws IOException {
        PackWriter current = pack;
        if (current != null && !inLarge && current.blobCount() > 0 && current.length() + length > options.packBytes()) {
            seal();
            current = null;
        }
        if (current == null) {
            current = new PackWriter(store.fd(Store.Room.PACKS), options.sync(), expectedInPack());
            pack = current;
        }
        return current;
    }

    private int expectedInPack() {
        long most = options.packBytes() / PackFormat.BLOCK_BYTES;
        return (int) Math.min(most, Math.max(1, expected - stored.size()));
    }

    /** Publishes the pack that is being written, if there is one. */
    void seal() throws IOException {
        PackWriter current = pack;
        if (current != null) {
            pack = null;
            try (current) {
                if (current.blobCount() > 0) {
                    packsUsed.add(current.seal());
                    packBytes += current.length();
                }
            }
        }
    }

    int newBlobs() {
        return newBlobs;
    }

    long newBytes() {
        return newBytes;
    }

    /** What the new packs take, padding included. */
    long packBytes() {
        return packBytes;
    }

    /** The packs that hold what this ingest read. */
    Set<Digest> packsUsed() {
        return packsUsed;
    }

    @Override
    public void close() throws ErrnoException {
        if (pack != null) {
            pack.close();
            pack = null;
        }
    }
}
