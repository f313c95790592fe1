package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.roaringbitmap.RoaringBitmap;

/** The blobs that are to be copied, each once, in the order in which they are added. */
final class LivingOrder {
    /**
     * Blobs of one pack that follow each other.
     *
     * @param entries of its index
     * @param bytes their lengths together
     */
    @SuppressWarnings("ArrayRecordComponent") // made once, never compared
    record Run(int pack, int[] entries, long bytes) {}

    /** So many blobs are read and checked as one at most. */
    private static final int RUN_ENTRIES = 1 << 10;

    private final Marking marking;
    private final IntPredicate wanted;
    private final List<RoaringBitmap> added = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private int pack = -1;
    private int[] entries = new int[RUN_ENTRIES];
    private int count;
    private long bytes;

    /** Of the packs whose numbers are {@code wanted}. */
    LivingOrder(Marking marking, IntPredicate wanted) {
        this.marking = marking;
        this.wanted = wanted;
        marking.packs().forEach(each -> added.add(new RoaringBitmap()));
    }

    /** Adds a blob, unless it was, or is in none of the packs. */
    void add(Digest blob) {
        long place = marking.place(blob);
        if (place == BlobTable.NOWHERE) {
            return;
        }
        int number = BlobTable.pack(place);
        int entry = BlobTable.entry(place);
        if (!wanted.test(number) || !added.get(number).checkedAdd(entry)) {
            return;
        }
        if (number != pack || count == RUN_ENTRIES) {
            endRun();
            pack = number;
        }
        entries[count++] = entry;
        bytes += marking.packs().get(number).index().length(entry);
    }

    private void endRun() {
        if (count > 0) {
            runs.add(new Run(pack, Arrays.copyOf(entries, count), bytes));
        }
        count = 0;
        bytes = 0;
    }

    /** All of them. */
    List<Run> runs() {
        endRun();
        return List.copyOf(runs);
    }
}
