package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.store.Packs;
import dev.velo.core.store.StatCache;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.core.verify.BootCheck;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Takes a directory tree into a store: scan, look up what is known, read and hash the rest on all processors, append what is new to a
 * pack, publish the pack, then the manifest, then the root. Killed at any instant, the store is as before or as after.
 */
public final class Ingest {
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
        if (options.has(IngestOptions.Choice.NO_ROOT) && Arrays.equals(treePath, manifestPath)) {
            throw new IllegalArgumentException(
                    "a tree without a manifest file and without a root would be lost at once");
        }
        return new Ingest(store, options, listener).run(treePath, manifestPath);
    }

    @SuppressWarnings("try") // the lock is only held
    private IngestReport run(byte[] treePath, byte[] manifestPath) throws IOException {
        BootCheck.run(store).forEach(warnings::add);
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
                tree = TreeScanner.scan(treePath, root.fd(), new ScanPurpose.Tree(), options, warnings, listener);
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
                Reading.run(ingestion, root.fd(), appender);
                ManifestAssembly assembly = new ManifestAssembly(ingestion);
                ManifestBuilder builder = assembly.assemble();
                long entries = builder.entryCount();
                Publication publication = new Publication(store, options, manifestPath, withoutPrefix(treePath));
                Digest digest;
                if (Arrays.equals(treePath, manifestPath)) {
                    digest = publication.register(builder);
                } else {
                    Digest standing = list.count() == 0 ? publication.standing(builder) : null;
                    digest = standing == null ? publication.publish(builder) : standing;
                }
                // a cache relies on the manifest of its tree
                if (list.count() > 0 || !digest.equals(cache.tree())) {
                    remember(
                            new Remembering(ingestion, assembly, began), treePath, digest, packs, appender.packsUsed());
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

    /** The tree is registered by now: an ingest that cannot remember what it has read has done its work all the same. */
    private void remember(Remembering cache, byte[] treePath, Digest tree, Packs before, Set<Digest> used)
            throws IOException {
        try {
            boolean kept = !options.has(IngestOptions.Choice.NO_ROOT);
            cache.write(store, treePath, tree, kept, before, used);
        } catch (ErrnoException e) {
            warnings.add(e.path() + ": " + e.errno().text() + " (" + e.errno()
                    + "); the next ingest reads every file again");
        }
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
}
