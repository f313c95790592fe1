package dev.velo.core.verify;

import dev.velo.core.store.PackFile;
import dev.velo.core.tree.FileIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One pack that is being read in stretches, by several threads: what is to be read, and what is left of it. */
final class PackReading {
    /** As long as a stretch of several blobs may be; small enough to stay in a processor's cache. */
    static final int STRETCH_BYTES = 1 << 20;

    /** What may lie unread between two blobs of a stretch. */
    private static final int GAP_BYTES = 64 << 10;

    /** Blobs of a pack that are read at once: those numbered {@code from} to before {@code to} in {@link #entries}. */
    record Stretch(PackReading reading, int from, int to) {}

    final PackFile pack;
    final int[] entries;
    final @Nullable FileIdentity before;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicBoolean damaged = new AtomicBoolean();

    /**
     * The reading of some blobs of a pack.
     *
     * @param entries numbers of entries in its index; sorted here by where the blobs stand
     * @param before how the pack looks, if these are all its blobs; null otherwise
     */
    PackReading(PackFile pack, int[] entries, @Nullable FileIdentity before) {
        this.pack = pack;
        this.entries = pack.index().inFileOrder(entries);
        this.before = before;
    }

    static int[] all(PackFile pack) {
        int[] entries = new int[pack.index().count()];
        Arrays.setAll(entries, i -> i);
        return entries;
    }

    /** Whether the bytes from {@link #start} to {@link #end} are the blob itself. */
    boolean isRaw(int i) {
        return pack.index().isRaw(entries[i]);
    }

    long start(int i) {
        return pack.index().offset(entries[i]);
    }

    long end(int i) {
        return start(i) + pack.index().storedLength(entries[i]);
    }

    /** How many bytes of the pack the blobs take up. */
    long bytes() {
        long sum = 0;
        for (int entry : entries) {
            sum += pack.index().storedLength(entry);
        }
        return sum;
    }

    /** All that is to be read, front to back. */
    List<Stretch> stretches() {
        List<Stretch> stretches = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= entries.length; i++) {
            boolean ends =
                    i == entries.length || end(i) - start(from) > STRETCH_BYTES || start(i) - end(i - 1) > GAP_BYTES;
            if (ends) {
                stretches.add(new Stretch(this, from, i));
                from = i;
            }
        }
        left.set(stretches.size());
        return stretches;
    }

    void setDamaged() {
        damaged.set(true);
    }

    boolean isDamaged() {
        return damaged.get();
    }

    /** Notes that a stretch has been read; returns whether it was the last one. */
    boolean endsWithThis() {
        return left.decrementAndGet() == 0;
    }
}
