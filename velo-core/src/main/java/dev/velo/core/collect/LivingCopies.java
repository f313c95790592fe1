package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.PackEncoding;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Repacking;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.roaringbitmap.RoaringBitmap;

/** Copies what lives of packs, on all processors: each writes packs of its own. Closing it leaves nothing that was not finished. */
final class LivingCopies implements AutoCloseable {
    /** How much a thread copies at least. */
    private static final long STRETCH_BYTES = 512L << 20;

    private final Marking marking;
    private final List<PackCopy> copies = new ArrayList<>();

    LivingCopies(Store store, PackEncoding encoding, Marking marking, int threads) throws IOException {
        this.marking = marking;
        for (int i = 0; i < threads; i++) {
            copies.add(new PackCopy(store, encoding, Repacking.PACK_BYTES));
        }
    }

    /** Copies what lives of all packs that are to be rewritten. One that is damaged stays, for {@code verify} to tell more of it. */
    void copy(List<PackVerdict> verdicts) throws IOException {
        PackVerdict[] changed = verdicts.toArray(new PackVerdict[0]);
        Workers.run(copies.size(), "velo-collect", worker -> {
            for (int pack = worker; pack < changed.length; pack += copies.size()) {
                if (changed[pack].fate() == PackVerdict.Fate.REWRITTEN) {
                    changed[pack] = copied(copies.get(worker), changed[pack], pack);
                }
            }
            copies.get(worker).finish();
        });
        for (int pack = 0; pack < changed.length; pack++) {
            verdicts.set(pack, changed[pack]);
        }
    }

    private PackVerdict copied(PackCopy copy, PackVerdict verdict, int pack) throws IOException {
        try {
            copy.copyInFileOrder(marking.packs().get(pack), marking.living(pack));
            return verdict;
        } catch (FormatException e) {
            return verdict.with(PackVerdict.Fate.DAMAGED);
        }
    }

    /**
     * Copies what lives of all packs that are to be rewritten, in the order in which trees need it, and in each tree first what recorded
     * runs have read. Each thread copies a stretch of that order. Of a pack that is damaged what can be read is copied, and the pack stays.
     */
    void copyByTree(RegisteredTrees trees, List<PackVerdict> verdicts) throws IOException {
        LivingOrder order =
                new LivingOrder(marking, number -> verdicts.get(number).fate() == PackVerdict.Fate.REWRITTEN);
        trees.eachBlob(order::add);
        List<LivingOrder.Run> runs = order.runs();
        long bytes = runs.stream().mapToLong(LivingOrder.Run::bytes).sum();
        // few long packs rather than many short ones
        int threads = Math.clamp(bytes / STRETCH_BYTES, 1, copies.size());
        Set<Integer> damaged = ConcurrentHashMap.newKeySet();
        Workers.run(threads, "velo-collect", worker -> {
            long start = 0;
            for (LivingOrder.Run run : runs) {
                if (start * threads / Math.max(1, bytes) == worker) {
                    copyRun(copies.get(worker), run, damaged);
                }
                start += run.bytes();
            }
            copies.get(worker).finish();
        });
        damaged.forEach(pack -> verdicts.set(pack, verdicts.get(pack).with(PackVerdict.Fate.DAMAGED)));
    }

    private void copyRun(PackCopy copy, LivingOrder.Run run, Set<Integer> damaged) throws IOException {
        PackFile pack = marking.packs().get(run.pack());
        try {
            copy.copy(pack, run.entries());
        } catch (FormatException e) {
            damaged.add(run.pack());
            for (int entry : run.entries()) {
                copyBlob(copy, pack, entry);
            }
        }
    }

    private static void copyBlob(PackCopy copy, PackFile pack, int entry) throws IOException {
        try {
            copy.copy(pack, entry);
        } catch (FormatException e) {
            // this is what is damaged
        }
    }

    /** Copies these entries of a pack too; returns how many. */
    long add(int pack, RoaringBitmap entries) throws IOException {
        copies.getFirst().copyInFileOrder(marking.packs().get(pack), entries);
        return entries.getLongCardinality();
    }

    /** Publishes what was copied; returns the ids of all packs, which are on the disk then. */
    List<Digest> finish() throws IOException {
        List<Digest> all = new ArrayList<>();
        for (PackCopy copy : copies) {
            all.addAll(copy.finish());
        }
        return all;
    }

    @Override
    public void close() throws ErrnoException {
        for (PackCopy copy : copies) {
            copy.close();
        }
    }
}
