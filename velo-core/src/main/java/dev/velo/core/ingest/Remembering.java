package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.StatCacheWriter;
import dev.velo.core.store.Store;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Writes the stat cache of a tree that has just been read. */
final class Remembering {
    /** Change times move with the kernel's tick, of 10 ms at most; twice that is safe. */
    private static final long TICK_NANOS = 20_000_000;

    /** Where a time has no fraction of a second, the file system may not keep any, or only even seconds. */
    private static final long COARSE_NANOS = 2_000_000_000;

    private static final long SECOND_NANOS = 1_000_000_000;

    private final ScannedTree tree;
    private final FileFacts facts;
    private final ManifestAssembly assembly;
    private final long began;

    /** {@code began} is the time before the scan, in nanoseconds since the epoch. */
    Remembering(Ingestion ingestion, ManifestAssembly assembly, long began) {
        this.tree = ingestion.tree();
        this.facts = ingestion.facts();
        this.assembly = assembly;
        this.began = began;
    }

    /**
     * Writes it.
     *
     * @param digest of the tree's manifest
     * @param kept whether the store has a copy of the manifest
     */
    void write(Store store, byte[] origin, Digest digest, boolean kept, Packs before, Set<Digest> used)
            throws IOException {
        Set<Digest> packs = new LinkedHashSet<>(used);
        before.all().stream().map(PackFile::id).forEach(packs::add);
        int files = 0;
        for (ScannedDirectory directory : tree.directories) {
            files += tree.isTrusted(directory.device) ? directory.count : 0;
        }
        StatCacheWriter cache = new StatCacheWriter(files, packs);
        for (ScannedDirectory directory : tree.directories) {
            if (tree.isTrusted(directory.device)) {
                remember(cache, directory);
            }
        }
        cache.write(store, origin, assembly.manifest(), digest, kept);
    }

    private void remember(StatCacheWriter cache, ScannedDirectory directory) {
        for (int index = 0; index < directory.count; index++) {
            int entry = directory.firstEntry + index;
            boolean plain = directory.type(index) == Statx.S_IFREG
                    && directory.linkCounts[index] != ScannedDirectory.FOREIGN
                    && facts.primary(entry) < 0
                    && !facts.isDropped(entry);
            if (plain && isSettled(directory.changed[index])) {
                cache.put(
                        directory.device,
                        directory.inodes[index],
                        directory.sizes[index],
                        directory.modified(index),
                        directory.changed[index],
                        facts.attributes(entry).length > 0,
                        assembly.blob(entry));
            }
        }
    }

    /** Whether a change after the scan began would have another time than this. */
    private boolean isSettled(long changed) {
        long margin = changed % SECOND_NANOS == 0 ? COARSE_NANOS : TICK_NANOS;
        return changed < began - margin;
    }
}
