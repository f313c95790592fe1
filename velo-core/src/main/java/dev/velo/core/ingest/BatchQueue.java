package dev.velo.core.ingest;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;

/**
 * The way between one reader and the writer: full batches go there, empty ones come back, and there are only so many, which bounds
 * the memory of an ingest. Every reader has its own, so that the one whose unit is next in order always gets on.
 */
final class BatchQueue {
    private static final int BATCHES = 8;
    private static final int SPINS = 200;
    private static final long PARK_NANOS = 250_000;

    private final SpscAtomicArrayQueue<Batch> full = new SpscAtomicArrayQueue<>(BATCHES);
    private final SpscAtomicArrayQueue<Batch> empty = new SpscAtomicArrayQueue<>(BATCHES);
    private final BooleanSupplier stopped;

    /** Makes the batches in this arena; {@code stopped} ends all waiting. */
    BatchQueue(Arena arena, BooleanSupplier stopped) {
        this.stopped = stopped;
        for (int i = 0; i < BATCHES; i++) {
            empty.add(new Batch(arena));
        }
    }

    /** For the reader: an empty batch, as soon as there is one. */
    Batch takeEmpty() throws IOException {
        Batch batch = empty.poll();
        for (int spins = 0; batch == null; spins++) {
            pause(spins, stopped);
            batch = empty.poll();
        }
        return batch;
    }

    /** For the reader: hands a batch to the writer. */
    void putFull(Batch batch) {
        if (!full.offer(batch)) {
            throw new IllegalStateException("more batches than were made");
        }
    }

    /** For the writer: whether the next batch is part of this unit. */
    boolean isNext(int unit) {
        Batch batch = full.peek();
        return batch != null && batch.unit == unit;
    }

    /** For the writer: the next batch, which {@link #isNext} has seen. */
    Batch takeFull() {
        Batch batch = full.poll();
        if (batch == null) {
            throw new IllegalStateException("the queue is empty");
        }
        return batch;
    }

    /** For the writer: gives a batch back. */
    void putEmpty(Batch batch) {
        empty.add(batch);
    }

    /** Waits a moment; throws if there is nothing to wait for any more. */
    static void pause(int spins, BooleanSupplier stopped) throws IOException {
        if (stopped.getAsBoolean()) {
            throw new StoppedException();
        }
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PARK_NANOS);
        }
    }

    /** The other side has failed and says why; this one only ends. */
    static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1;

        StoppedException() {
            super("the ingest was stopped");
        }
    }
}
