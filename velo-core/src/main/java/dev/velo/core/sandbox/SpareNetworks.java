package dev.velo.core.sandbox;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces that are made ahead, each for one sandbox, since making one takes as long as all of a sandbox's mounts. A thread
 * makes them in itself, which takes root; it ends, and what is left is given up, when nobody has asked for a while.
 */
final class SpareNetworks {
    /** One that runs a sandbox after the other is served by one, several threads by a few. */
    private static final int SPARES = 4;

    private static final long IDLE_SECONDS = 20;
    private static final byte[] OWN = PathBytes.of("/proc/thread-self/ns/net");
    private static final SpareNetworks SHARED = new SpareNetworks();

    private final BlockingQueue<Descriptor> made = new LinkedBlockingQueue<>();
    private final Semaphore wanted = new Semaphore(SPARES);
    private final AtomicBoolean making = new AtomicBoolean();

    private SpareNetworks() {}

    /** One whose loopback interface is up, the caller's to close; null if none is ready, and then the next may find one. */
    static @Nullable Descriptor take() {
        return SHARED.poll();
    }

    private @Nullable Descriptor poll() {
        Descriptor spare = made.poll();
        if (spare != null) {
            wanted.release();
        }
        if (making.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("velo-networks").start(this::make);
        }
        return spare;
    }

    private void make() {
        try {
            while (wanted.tryAcquire(IDLE_SECONDS, TimeUnit.SECONDS)) {
                made.add(one());
            }
        } catch (ErrnoException e) {
            // whoever finds none makes its own, or tells why that cannot be; the next asks again
            wanted.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            for (Descriptor spare = made.poll(); spare != null; spare = made.poll()) {
                spare.close();
                wanted.release();
            }
            making.set(false);
        }
    }

    private static Descriptor one() throws ErrnoException {
        ProcessCalls.unshare(PlanBuilder.CLONE_NEWNET);
        SandboxNetwork.startLoopback();
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, OWN, FileCalls.O_RDONLY, 0));
    }
}
