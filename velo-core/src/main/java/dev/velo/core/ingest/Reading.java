package dev.velo.core.ingest;

import dev.velo.core.tree.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The stage that reads and hashes on all processors, and appends what is new to packs. */
final class Reading {
    private static final int MANY_FILES = 250_000;

    private Reading() {}

    /** Reads all files of the list, below this descriptor of the tree's root. */
    static void run(Ingestion ingestion, int rootFd, PackAppender appender) throws IOException {
        if (ingestion.list().units() > 0) {
            readAll(ingestion, rootFd, appender);
        }
        if (ingestion.list().count() > MANY_FILES) {
            // the tables of the stage that is over would stay, and the heap grow by those of the next
            System.gc();
        }
    }

    private static void readAll(Ingestion ingestion, int rootFd, PackAppender appender) throws IOException {
        ReadList list = ingestion.list();
        int threads = Math.min(ingestion.options().threads(), list.units());
        AtomicInteger nextUnit = new AtomicInteger();
        try (Arena arena = Arena.ofShared()) {
            Stop stop = new Stop();
            List<BatchQueue> queues = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                queues.add(new BatchQueue(arena, stop::isSet));
            }
            Workers readers = Workers.start(threads, "velo-read", worker -> {
                try (FileReader reader = new FileReader(ingestion, rootFd, queues.get(worker))) {
                    for (int unit = nextUnit.getAndIncrement();
                            unit < list.units();
                            unit = nextUnit.getAndIncrement()) {
                        reader.readUnit(unit);
                    }
                } catch (IOException | RuntimeException | Error e) {
                    stop.set();
                    throw e;
                }
            });
            Throwable writing = null;
            try {
                appender.run(list.units(), queues, stop::isSet);
            } catch (Throwable e) {
                // the readers use memory of this arena: they must have ended before it is freed, whatever it was
                writing = e;
                stop.set();
            }
            joinBoth(readers, writing);
        }
    }

    /** Waits for the readers; of two failures the one that is a cause is thrown. */
    private static void joinBoth(Workers readers, @Nullable Throwable writing) throws IOException {
        try {
            readers.join();
        } catch (BatchQueue.StoppedException e) {
            if (writing == null) {
                throw e;
            }
        }
        if (writing instanceof IOException io) {
            throw io;
        }
        if (writing != null) {
            throw new IllegalStateException("writing failed: " + writing, writing);
        }
    }

    /** Set once by whichever stage fails first. */
    private static final class Stop {
        private volatile boolean set;

        void set() {
            set = true;
        }

        boolean isSet() {
            return set;
        }
    }
}
