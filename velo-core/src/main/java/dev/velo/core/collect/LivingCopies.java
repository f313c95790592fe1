package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** Copies what lives of packs, on all processors: each writes packs of its own. Closing it leaves nothing that was not finished. */
final class LivingCopies implements AutoCloseable {
    private static final long PACK_BYTES = 1L << 30;

    private final Marking marking;
    private final List<PackCopy> copies = new ArrayList<>();

    LivingCopies(Store store, Marking marking, int threads) {
        this.marking = marking;
        for (int i = 0; i < threads; i++) {
            copies.add(new PackCopy(store, PACK_BYTES));
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
            copy.copy(marking.packs().get(pack), marking.living(pack));
            return verdict;
        } catch (FormatException e) {
            return verdict.with(PackVerdict.Fate.DAMAGED);
        }
    }

    /**
     * Copies what lives of all packs that are to be rewritten, in the order in which trees need it, and in each tree first what recorded
     * runs have read. For the order's sake by one thread. Of a pack that is damaged what can be read is copied, and the pack stays.
     */
    void copyByTree(RegisteredTrees trees, List<PackVerdict> verdicts) throws IOException {
        List<RoaringBitmap> copied = new ArrayList<>();
        verdicts.forEach(verdict -> copied.add(new RoaringBitmap()));
        PackCopy copy = copies.getFirst();
        trees.eachBlob(digest -> {
            long place = marking.place(digest);
            if (place == BlobTable.NOWHERE) {
                return;
            }
            int pack = BlobTable.pack(place);
            if (verdicts.get(pack).fate() == PackVerdict.Fate.REWRITTEN
                    && copied.get(pack).checkedAdd(BlobTable.entry(place))) {
                try {
                    copy.copy(marking.packs().get(pack), RoaringBitmap.bitmapOf(BlobTable.entry(place)));
                } catch (FormatException e) {
                    verdicts.set(pack, verdicts.get(pack).with(PackVerdict.Fate.DAMAGED));
                }
            }
        });
        copy.finish();
    }

    /** Copies these entries of a pack too; returns how many. */
    long add(int pack, RoaringBitmap entries) throws IOException {
        copies.getFirst().copy(marking.packs().get(pack), entries);
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
