package dev.velo.launcher;

import dev.velo.core.ingest.IngestListener;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Shows how an ingest goes on. */
final class Progress implements IngestListener, AutoCloseable {
    private static final double MEBIBYTE = 1 << 20;

    private final AtomicLong scanned = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private volatile long filesToRead = -1;
    private volatile long bytesToRead;
    private final long began = System.nanoTime();
    private final ProgressLine line;

    private Progress(boolean silent) {
        line = ProgressLine.start(silent ? ProgressLine.Audience.NOBODY : ProgressLine.Audience.USER, this::amount);
    }

    static Progress start(boolean silent) {
        return new Progress(silent);
    }

    @Override
    public void scanned(int entries) {
        scanned.addAndGet(entries);
    }

    @Override
    public void toRead(long count, long size) {
        bytesToRead = size;
        filesToRead = count;
    }

    @Override
    public void read(long count, long size) {
        files.addAndGet(count);
        bytes.addAndGet(size);
    }

    @Override
    public void stored(long size) {
        stored.addAndGet(size);
    }

    private ProgressLine.Amount amount() {
        if (filesToRead < 0) {
            return new ProgressLine.Amount(-1, "scanning, " + scanned.get() + " entries");
        }
        double seconds = Math.max(1e-3, (System.nanoTime() - began) / 1e9);
        double done = bytesToRead == 0 ? 1 : (double) bytes.get() / bytesToRead;
        String rate = String.format(
                Locale.ROOT, "%.0f MiB/s, new %.1f MiB", bytes.get() / MEBIBYTE / seconds, stored.get() / MEBIBYTE);
        String count = files.get() + " of " + filesToRead + " files, " + Sizes.of(bytes.get());
        return new ProgressLine.Amount(done, count + ", " + rate);
    }

    @Override
    public void close() {
        line.close();
    }
}
