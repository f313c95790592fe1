package dev.velo.core.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share one job. The first failure stops the others at their next look at {@link #stopped} and is thrown to whoever
 * waits. Owns its threads; {@link #join} ends them.
 */
public final class Workers {
    /** What one of the threads does, told its number from 0. */
    @FunctionalInterface
    public interface Job {
        void run(int worker) throws IOException;
    }

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** As many threads as this machine can run at once. */
    public static int processors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    /** Starts a job on threads of its own. */
    public static Workers start(int count, String name, Job job) {
        Workers workers = new Workers();
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = new Thread(() -> workers.guard(job, number), name + "-" + i);
            thread.setDaemon(true);
            workers.threads.add(thread);
        }
        workers.threads.forEach(Thread::start);
        return workers;
    }

    /** Runs a job on that many threads, the calling one among them, and waits for all. */
    public static void run(int count, String name, Job job) throws IOException {
        Workers workers = start(count - 1, name, worker -> job.run(worker + 1));
        workers.guard(job, 0);
        workers.join();
    }

    /** Hands out the numbers from 0 to {@code count - 1} to the threads, one at a time. */
    public static void forEach(int threads, String name, int count, Job job) throws IOException {
        AtomicInteger next = new AtomicInteger();
        run(Math.min(threads, Math.max(1, count)), name, worker -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                job.run(i);
            }
        });
    }

    /** Whether one of the threads has failed or someone has called {@link #stop}. */
    public boolean stopped() {
        return stopped.get();
    }

    /** Asks the threads to end early. */
    public void stop() {
        stopped.set(true);
    }

    /** Waits for the threads and throws what one of them threw first. */
    public void join() throws IOException {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable thrown = failure.get();
        if (thrown instanceof IOException io) {
            throw io;
        }
        if (thrown != null) {
            throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    private void guard(Job job, int number) {
        try {
            job.run(number);
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            stop();
        }
    }
}
