package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.PackIndex;
import dev.velo.core.store.PackFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Where each blob of some packs stands: a hash table with open addressing, outside of the heap, because a store may have millions. Of a
 * blob that stands in several packs the one that was added first counts. Owns its memory; for one thread.
 */
final class BlobTable implements AutoCloseable {
    /** Of a blob that is in none of the packs. */
    static final long NOWHERE = -1;

    private static final int SLOT_BYTES = 16;
    private static final int WORD_AT = 0;
    private static final int PLACE_AT = 8;

    private final Arena arena = Arena.ofShared();
    private final List<PackFile> packs;
    private final MemorySegment slots;
    private final long mask;

    /** All blobs of these packs; in the places that it gives, packs have their numbers in the list. */
    BlobTable(List<PackFile> packs) {
        this.packs = packs;
        long count = packs.stream().mapToLong(pack -> pack.index().count()).sum();
        long capacity = Math.max(16, Long.highestOneBit(count) * 4);
        this.mask = capacity - 1;
        // fresh memory is zero, and 0 stands for an empty slot
        this.slots = arena.allocate(capacity * SLOT_BYTES, Long.BYTES);
        for (int pack = 0; pack < packs.size(); pack++) {
            PackIndex index = packs.get(pack).index();
            for (int entry = 0; entry < index.count(); entry++) {
                add(index.digest(entry), pack, entry);
            }
        }
    }

    private void add(Digest digest, int pack, int entry) {
        long slot = slot(digest);
        if (place(slot) == 0) {
            slots.set(ValueLayout.JAVA_LONG, slot * SLOT_BYTES + WORD_AT, digest.word0());
            slots.set(ValueLayout.JAVA_LONG, slot * SLOT_BYTES + PLACE_AT, ((long) (pack + 1) << 32) | entry);
        }
    }

    /** Number of the pack in the high half, of its entry in the low one; or {@link #NOWHERE}. */
    long find(Digest digest) {
        long place = place(slot(digest));
        return place == 0 ? NOWHERE : place - (1L << 32);
    }

    static int pack(long place) {
        return (int) (place >>> 32);
    }

    static int entry(long place) {
        return (int) place;
    }

    /** The slot of this digest, or the empty one where it would be. A SHA-256 needs no further mixing. */
    private long slot(Digest digest) {
        long slot = digest.word1() & mask;
        while (true) {
            long place = place(slot);
            if (place == 0) {
                return slot;
            }
            boolean same = slots.get(ValueLayout.JAVA_LONG, slot * SLOT_BYTES + WORD_AT) == digest.word0()
                    && packs.get(pack(place) - 1).index().digest(entry(place)).equals(digest);
            if (same) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    private long place(long slot) {
        return slots.get(ValueLayout.JAVA_LONG, slot * SLOT_BYTES + PLACE_AT);
    }

    @Override
    public void close() {
        arena.close();
    }
}
