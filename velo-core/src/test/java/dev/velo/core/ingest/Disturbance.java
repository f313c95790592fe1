package dev.velo.core.ingest;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Does one thing over and over in a thread of its own, from its making until it is closed. */
final class Disturbance implements AutoCloseable {
    @FunctionalInterface
    interface Step {
        void run(int round) throws IOException;
    }

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private final Thread thread;

    Disturbance(Step step) {
        thread = new Thread(() -> {
            try {
                for (int round = 0; !ended.get(); round++) {
                    step.run(round);
                }
            } catch (IOException e) {
                failure.set(e);
            }
        });
        thread.start();
    }

    /** Whether it goes on: a disturbance that has ended early disturbs nothing. */
    boolean goesOn() {
        return thread.isAlive();
    }

    @Override
    public void close() throws IOException {
        ended.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IOException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }
}
