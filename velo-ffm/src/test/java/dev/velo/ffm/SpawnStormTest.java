package dev.velo.ffm;

import static dev.velo.ffm.Texts.bytes;
import static dev.velo.ffm.Texts.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many spawns at once while the collector works and signals arrive: none is lost, nothing is left behind. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpawnStormTest {
    private static final int SPAWNS = 2000;
    private static final int THREADS = 4;

    /** Signals that HotSpot has handlers for or that do nothing by default. */
    private static final int[] HARMLESS = {
        ProcessCalls.SIGPIPE, ProcessCalls.SIGXFSZ, ProcessCalls.SIGWINCH, ProcessCalls.SIGCONT
    };

    @Test
    void everySpawnEndsWithItsOwnStatus() throws Exception {
        spawn(0);
        int descriptors = descriptors();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger signals = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService noise = Executors.newFixedThreadPool(2);
                ExecutorService spawners = Executors.newFixedThreadPool(THREADS)) {
            Future<?> storm = noise.submit(() -> sendSignals(done, signals));
            Future<?> garbage = noise.submit(() -> makeGarbage(done));
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                results.add(spawners.submit(spawnAll(next)));
            }
            int total = 0;
            for (Future<Integer> result : results) {
                total += result.get();
            }
            done.set(true);
            storm.get();
            garbage.get();
            assertThat(total).isEqualTo(SPAWNS);
        }
        assertThat(signals.get()).isPositive();
        assertThat(zombies()).isEmpty();
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
    }

    private static Callable<Integer> spawnAll(AtomicInteger next) {
        return () -> {
            int count = 0;
            for (int i = next.getAndIncrement(); i < SPAWNS; i = next.getAndIncrement()) {
                assertThat(spawn(i % 256)).isEqualTo(new SpawnStatus(i % 256, 0));
                count++;
            }
            return count;
        };
    }

    private static SpawnStatus spawn(int code) throws Exception {
        PlanBuilder plan = new PlanBuilder();
        if (code % 2 == 1) {
            plan.forceClone();
        }
        plan.restoreMask();
        plan.execve(bytes("/bin/sh"), list("sh", "-c", "exit " + code), list());
        try (SpawnedProcess process = ProcessCalls.spawn(plan.build())) {
            return process.waitFor();
        }
    }

    private static void sendSignals(AtomicBoolean done, AtomicInteger count) {
        int self = (int) Door.raw(Syscall.GETPID, 0, 0, 0, 0, 0, 0);
        while (!done.get()) {
            String[] threads = new File("/proc/self/task").list();
            for (String thread : threads == null ? new String[0] : threads) {
                int signal = HARMLESS[ThreadLocalRandom.current().nextInt(HARMLESS.length)];
                Door.raw(Syscall.TGKILL, self, Integer.parseInt(thread), signal, 0, 0, 0);
                Door.raw(Syscall.KILL, self, signal, 0, 0, 0, 0);
                count.incrementAndGet();
            }
        }
    }

    private static void makeGarbage(AtomicBoolean done) {
        List<byte[]> kept = new ArrayList<>();
        while (!done.get()) {
            kept.add(new byte[1 << 16]);
            if (kept.size() > 1000) {
                kept.clear();
            }
        }
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? -1 : open.length;
    }

    private static List<String> zombies() {
        List<String> zombies = new ArrayList<>();
        String[] processes = new File("/proc").list();
        for (String name : processes == null ? new String[0] : processes) {
            if (name.chars().allMatch(Character::isDigit) && isOwnZombie(Path.of("/proc", name, "status"))) {
                zombies.add(name);
            }
        }
        return zombies;
    }

    private static boolean isOwnZombie(Path status) {
        try {
            String text = Files.readString(status);
            return text.contains("PPid:\t" + ProcessHandle.current().pid() + "\n") && text.contains("State:\tZ");
        } catch (IOException gone) {
            return false; // a process of somebody else that ended meanwhile
        }
    }
}
