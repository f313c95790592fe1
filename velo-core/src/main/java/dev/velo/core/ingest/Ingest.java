package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.StatCache;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes a directory tree into a store: scan, look up what is known, read and hash the rest on all processors, append what is new to a
 * pack, publish the pack, then the manifest, then the root. Killed at any instant, the store is as before or as after.
 */
public final class Ingest {
    private static final int MANY_FILES = 250_000;

    private final Store store;
    private final IngestOptions options;
    private final IngestListener listener;
    private final Warnings warnings = new Warnings();

    private Ingest(Store store, IngestOptions options, IngestListener listener) {
        this.store = store;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Ingests the tree at this absolute path and writes its manifest to the other one. Where both are the same, the manifest is only
     * registered.
     *
     * @throws IngestException if a file of the tree cannot be taken; nothing is published then
     */
    public static IngestReport run(
            Store store, byte[] treePath, byte[] manifestPath, IngestOptions options, IngestListener listener)
            throws IOException {
        return new Ingest(store, options, listener).run(treePath, manifestPath);
    }

    @SuppressWarnings("try") // the lock is only held
    private IngestReport run(byte[] treePath, byte[] manifestPath) throws IOException {
        store.requireWritable();
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor root = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, treePath, flags, 0));
                Descriptor lock = store.lockShared();
                Packs packs = store.packs()) {
            long began = FileIdentity.nanos(System.currentTimeMillis() / 1000, 0)
                    + System.currentTimeMillis() % 1000 * 1_000_000L;
            StatCache[] loaded = {StatCache.empty()};
            int loaders = options.has(IngestOptions.Choice.REHASH) ? 0 : 1;
            Workers loading =
                    Workers.start(loaders, "velo-cache", worker -> loaded[0] = StatCache.load(store, treePath, packs));
            ScannedTree tree;
            try {
                tree = TreeScanner.scan(treePath, root.fd(), options, warnings, listener);
            } finally {
                // it uses the packs, which are closed after this
                loading.join();
            }
            StatCache cache = loaded[0];
            FileFacts facts = new FileFacts(tree.entryCount());
            Survey survey = new Survey(tree, cache, facts);
            ReadList list = survey.run(root.fd());
            listener.toRead(list.count(), list.bytes());
            Ingestion ingestion = new Ingestion(tree, list, facts, options, warnings, listener);
            try (PackAppender appender = new PackAppender(store, packs, options, listener, list.count())) {
                if (list.units() > 0) {
                    readAll(ingestion, root.fd(), appender);
                    if (list.count() > MANY_FILES) {
                        // the tables of the stage that is over would stay, and the heap grow by those of the next
                        System.gc();
                    }
                }
                ManifestBuilder builder = new ManifestAssembly(ingestion).assemble();
                long entries = builder.entryCount();
                boolean nothingRead = list.count() == 0;
                Digest digest = nothingRead ? published(builder, treePath, manifestPath) : null;
                if (digest == null) {
                    digest = publish(builder, treePath, manifestPath);
                }
                if (!nothingRead) {
                    new Remembering(ingestion, began).write(store, treePath, packs, appender.packsUsed());
                }
                return new IngestReport(
                        digest,
                        entries,
                        survey.files(),
                        survey.bytes(),
                        list.count(),
                        list.bytes(),
                        appender.newBlobs(),
                        appender.newBytes(),
                        appender.packBytes(),
                        warnings.count(),
                        warnings.listed());
            }
        }
    }

    private void readAll(Ingestion ingestion, int rootFd, PackAppender appender) throws IOException {
        ReadList list = ingestion.list();
        int threads = Math.min(options.threads(), list.units());
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

    /**
     * The digest of this manifest, if just this is what was published last, and is there still; else null. What is asked to be
     * durable is always written again, since it may have been written by an ingest that was not.
     */
    private @Nullable Digest published(ManifestBuilder builder, byte[] treePath, byte[] manifestPath)
            throws IOException {
        if (options.sync() != SyncPolicy.NONE || Arrays.equals(treePath, manifestPath)) {
            return null;
        }
        Roots roots = new Roots(store);
        Root root;
        try {
            root = roots.find(manifestPath);
        } catch (IOException e) {
            // damaged: to be replaced
            return null;
        }
        if (root == null || root.trust() != options.trust() || !Arrays.equals(root.origin(), withoutPrefix(treePath))) {
            return null;
        }
        Digest digest = builder.writeTo(chunk -> {});
        return digest.equals(root.tree()) && roots.keeps(digest) ? digest : null;
    }

    private Digest publish(ManifestBuilder builder, byte[] treePath, byte[] manifestPath) throws IOException {
        Publication publication = new Publication(store, options);
        byte[] origin = withoutPrefix(treePath);
        return Arrays.equals(treePath, manifestPath)
                ? publication.publishAs(treePath, builder, origin)
                : publication.publish(builder, origin, manifestPath);
    }

    /** Where the manifest's root would have to appear for the tree to stand at its own path; empty if nowhere. */
    private byte[] withoutPrefix(byte[] treePath) {
        byte[] path = treePath;
        List<byte[]> prefix = PathBytes.names(options.prefix());
        for (int i = prefix.size() - 1; i >= 0; i--) {
            if (!Arrays.equals(PathBytes.lastName(path), prefix.get(i))) {
                return new byte[0];
            }
            path = PathBytes.parent(path);
        }
        return path;
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
