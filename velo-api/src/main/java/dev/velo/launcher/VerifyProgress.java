package dev.velo.launcher;

import dev.velo.core.verify.VerifyListener;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Shows how a verification goes on. */
final class VerifyProgress implements VerifyListener, AutoCloseable {
    private static final double MEBIBYTE = 1 << 20;

    private final AtomicLong wanted = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final long began = System.nanoTime();
    private final ProgressLine line;

    private VerifyProgress(ProgressLine.Audience audience) {
        line = ProgressLine.start(audience, this::amount);
    }

    static VerifyProgress start(ProgressLine.Audience audience) {
        return new VerifyProgress(audience);
    }

    @Override
    public void toRead(long bytes) {
        wanted.addAndGet(bytes);
    }

    @Override
    public void read(long bytes) {
        done.addAndGet(bytes);
    }

    private ProgressLine.Amount amount() {
        if (wanted.get() == 0) {
            return new ProgressLine.Amount(-1, "verifying the structure");
        }
        double seconds = Math.max(1e-3, (System.nanoTime() - began) / 1e9);
        String rate = String.format(Locale.ROOT, "%.0f MiB/s", done.get() / MEBIBYTE / seconds);
        return new ProgressLine.Amount(
                (double) done.get() / wanted.get(),
                Sizes.of(done.get()) + " of " + Sizes.of(wanted.get()) + ", " + rate);
    }

    @Override
    public void close() {
        line.close();
    }
}
