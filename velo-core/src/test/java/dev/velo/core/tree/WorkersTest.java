package dev.velo.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkersTest {
    @Test
    void everyWorkerRunsOnceAndTheCallerIsOneOfThem() throws IOException {
        AtomicIntegerArray runs = new AtomicIntegerArray(5);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Workers.run(5, "test", worker -> {
            runs.incrementAndGet(worker);
            threads.add(Thread.currentThread());
        });
        for (int i = 0; i < 5; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
        assertThat(threads).hasSize(5).contains(Thread.currentThread());
    }

    @Test
    void everyNumberIsHandedOutOnce() throws IOException {
        AtomicIntegerArray seen = new AtomicIntegerArray(1000);
        Workers.forEach(4, "test", 1000, seen::incrementAndGet);
        for (int i = 0; i < 1000; i++) {
            assertThat(seen.get(i)).isEqualTo(1);
        }
        Workers.forEach(4, "test", 0, number -> {
            throw new IOException("there is nothing to do");
        });
    }

    @Test
    void theFailureOfOneIsThrownAndStopsTheOthers() {
        CompletableFuture<Workers> running = new CompletableFuture<>();
        Workers workers = Workers.start(3, "test", worker -> {
            if (worker == 1) {
                throw new IOException("worker 1 fails");
            }
            while (!running.join().stopped()) {
                Thread.onSpinWait();
            }
        });
        running.complete(workers);
        assertThatThrownBy(workers::join).isInstanceOf(IOException.class).hasMessage("worker 1 fails");
        assertThat(workers.stopped()).isTrue();
    }

    @Test
    void theFirstFailureIsTheOneThatIsThrown() {
        CompletableFuture<Workers> running = new CompletableFuture<>();
        Workers workers = Workers.start(2, "test", worker -> {
            if (worker == 0) {
                throw new IOException("first");
            }
            while (!running.join().stopped()) {
                Thread.onSpinWait();
            }
            throw new IOException("second");
        });
        running.complete(workers);
        assertThatThrownBy(workers::join).hasMessage("first");
    }

    @Test
    void theFailureOfTheCallerIsThrownToo() {
        AtomicInteger others = new AtomicInteger();
        assertThatThrownBy(() -> Workers.run(3, "test", worker -> {
                    if (worker == 0) {
                        throw new IOException("the caller fails");
                    }
                    others.incrementAndGet();
                }))
                .hasMessage("the caller fails");
        assertThat(others).hasValue(2);
    }

    @Test
    void whatIsNoIOExceptionArrivesAsACause() {
        assertThatThrownBy(() -> Workers.run(2, "test", worker -> {
                    if (worker == 1) {
                        throw new AssertionError("a mistake");
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseInstanceOf(AssertionError.class);
    }

    @Test
    void anInterruptStopsTheWorkersAndIsKept() throws IOException {
        CompletableFuture<Workers> running = new CompletableFuture<>();
        Workers workers = Workers.start(2, "test", worker -> {
            while (!running.join().stopped()) {
                Thread.onSpinWait();
            }
        });
        running.complete(workers);
        Thread.currentThread().interrupt();
        workers.join();
        assertThat(Thread.interrupted()).isTrue();
    }
}
