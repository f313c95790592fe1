package dev.velo.launcher;

import java.util.function.Supplier;

/**
 * Shows on standard error how something long goes on: a bar where that is a terminal, else a line now and then, and nothing for what
 * is over before anybody could wonder. Owns a thread until closed.
 */
final class ProgressLine implements AutoCloseable {
    private static final long TERMINAL_MILLIS = 100;
    private static final long PLAIN_MILLIS = 5_000;
    private static final int BAR_WIDTH = 24;

    /** Who wants to hear of it. */
    enum Audience {
        USER,
        NOBODY
    }

    /**
     * How far it is.
     *
     * @param done the part that is done, from 0 to 1; negative while that is not known
     */
    record Amount(double done, String words) {}

    private final Supplier<Amount> amount;
    private final boolean bar;
    private final Thread painter;
    private volatile boolean ended;

    private ProgressLine(Audience audience, Supplier<Amount> amount) {
        this.amount = amount;
        bar = audience == Audience.USER && Terminal.isError();
        painter = new Thread(this::paint, "velo-progress");
        painter.setDaemon(true);
        if (audience == Audience.USER) {
            painter.start();
        }
    }

    static ProgressLine start(Audience audience, Supplier<Amount> amount) {
        return new ProgressLine(audience, amount);
    }

    private void paint() {
        while (!ended) {
            try {
                Thread.sleep(bar ? TERMINAL_MILLIS : PLAIN_MILLIS);
            } catch (InterruptedException e) {
                break;
            }
            if (!ended) {
                Terminal.err()
                        .print(
                                bar
                                        ? "\r\u001b[K" + drawn()
                                        : "velo: " + amount.get().words() + "\n");
                Terminal.err().flush();
            }
        }
    }

    private String drawn() {
        Amount now = amount.get();
        if (now.done() < 0) {
            return now.words();
        }
        int filled = (int) Math.min(BAR_WIDTH, now.done() * BAR_WIDTH);
        return "[" + "#".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] " + now.words();
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
