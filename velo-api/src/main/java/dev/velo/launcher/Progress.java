package dev.velo.launcher;

import dev.velo.core.ingest.IngestListener;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows on standard error how an ingest goes on: a bar where that is a terminal, else a line now and then, and nothing for an ingest
 * that is over before anybody could wonder.
 */
final class Progress implements IngestListener, AutoCloseable {
    private static final long TERMINAL_MILLIS = 100;
    private static final long PLAIN_MILLIS = 5_000;
    private static final int BAR_WIDTH = 24;
    private static final double MEBIBYTE = 1 << 20;

    private final AtomicLong scanned = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final boolean bar;
    private final Thread painter;
    private volatile long filesToRead = -1;
    private volatile long bytesToRead;
    private volatile boolean ended;
    private final long began = System.nanoTime();

    private Progress(boolean silent) {
        bar = !silent && Terminal.isError();
        painter = new Thread(this::paint, "velo-progress");
        painter.setDaemon(true);
        if (!silent) {
            painter.start();
        }
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

    private void paint() {
        while (!ended) {
            try {
                Thread.sleep(bar ? TERMINAL_MILLIS : PLAIN_MILLIS);
            } catch (InterruptedException e) {
                break;
            }
            if (!ended) {
                Terminal.err().print(bar ? "\r\u001b[K" + line() : "velo: " + line() + "\n");
                Terminal.err().flush();
            }
        }
    }

    private String line() {
        if (filesToRead < 0) {
            return "scanning, " + scanned.get() + " entries";
        }
        double seconds = Math.max(1e-3, (System.nanoTime() - began) / 1e9);
        double done = bytesToRead == 0 ? 1 : (double) bytes.get() / bytesToRead;
        String rate = String.format(
                Locale.ROOT, "%.0f MiB/s, new %.1f MiB", bytes.get() / MEBIBYTE / seconds, stored.get() / MEBIBYTE);
        String count = files.get() + " of " + filesToRead + " files, " + Sizes.of(bytes.get());
        if (!bar) {
            return count + ", " + rate;
        }
        int filled = (int) Math.min(BAR_WIDTH, done * BAR_WIDTH);
        return "[" + "#".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] " + count + ", " + rate;
    }

    @Override
    public void close() {
        ended = true;
        painter.interrupt();
        try {
            painter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (bar) {
            Terminal.err().print("\r\u001b[K");
            Terminal.err().flush();
        }
    }
}
