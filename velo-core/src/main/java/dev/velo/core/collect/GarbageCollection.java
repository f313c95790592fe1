package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.PackIndex;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Takes out of a store what no registered tree needs. Blobs that live are marked and copied without any lock that others wait for; then,
 * alone and for a short time, the roots are read again, what came to be needed meanwhile is copied too, and the old packs go. Killed at
 * any instant, nothing that a tree needs is gone: a blob stands in a new pack, on the disk, before the old one goes.
 */
public final class GarbageCollection {
    private static final long PACK_BYTES = 1L << 30;

    private final Store store;
    private final CollectOptions options;

    private GarbageCollection(Store store, CollectOptions options) {
        this.store = store;
        this.options = options;
    }

    /** What a collection would do; changes nothing. */
    public static CollectReport plan(Store store, CollectOptions options) throws IOException {
        return new GarbageCollection(store, options).plan();
    }

    /** Collects. What was in use of others, or what they have made meanwhile, is left alone. */
    @SuppressWarnings("try") // the lock is only held
    public static CollectReport run(Store store, CollectOptions options) throws IOException {
        try (Descriptor collecting = store.lockCollection()) {
            CollectReport report = new GarbageCollection(store, options).collect();
            Trash.empty(store);
            return report;
        }
    }

    private CollectReport plan() throws IOException {
        RegisteredTrees trees = RegisteredTrees.read(store, options.stale());
        try (Packs packs = store.packs();
                Marking marking = PackSurvey.mark(store, options, packs, trees)) {
            return planned(trees, marking);
        }
    }

    private CollectReport planned(RegisteredTrees trees, Marking marking) throws IOException {
        List<Leftovers> leftovers = new ArrayList<>();
        leftovers.add(new LooseSweep(store, options, marking).run(Sweep.Mode.COUNTING));
        leftovers.addAll(new Sweep(store, options, trees, Sweep.Mode.COUNTING).run());
        return report(trees, marking, PackSurvey.verdicts(store, options, marking), List.of(), leftovers, 0);
    }

    private CollectReport collect() throws IOException {
        RegisteredTrees trees = RegisteredTrees.read(store, options.stale());
        try (Packs packs = store.packs();
                Marking marking = PackSurvey.mark(store, options, packs, trees);
                PackCopy copy = new PackCopy(store, PACK_BYTES)) {
            CollectReport planned = planned(trees, marking);
            if (planned.isClean()) {
                return planned;
            }
            List<PackVerdict> verdicts = new ArrayList<>(planned.packs());
            for (int pack = 0; pack < verdicts.size(); pack++) {
                if (verdicts.get(pack).fate() == PackVerdict.Fate.REWRITTEN) {
                    verdicts.set(pack, copied(copy, verdicts.get(pack), marking, pack));
                }
            }
            copy.finish();
            Leftovers loose = new LooseSweep(store, options, marking).run(Sweep.Mode.REMOVING);
            return change(packs, marking, verdicts, copy, loose);
        }
    }

    /** What is done alone: nobody relies on packs, or makes anything of them, meanwhile. */
    @SuppressWarnings("try") // the lock is only held
    private CollectReport change(
            Packs packs, Marking marking, List<PackVerdict> verdicts, PackCopy copy, Leftovers loose)
            throws IOException {
        try (Descriptor alone = store.lockExclusive()) {
            RegisteredTrees trees = RegisteredTrees.read(store, options.stale());
            List<RoaringBitmap> copied = new ArrayList<>();
            for (int pack = 0; pack < verdicts.size(); pack++) {
                copied.add(marking.living(pack).clone());
            }
            long before = copy.blobs();
            trees.mark(marking);
            List<PackVerdict> last = new ArrayList<>();
            for (int pack = 0; pack < verdicts.size(); pack++) {
                PackVerdict verdict = verdicts.get(pack);
                PackFile file = marking.packs().get(pack);
                if (!verdict.fate().stays() && PackSurvey.isHeld(store, file)) {
                    verdict = verdict.with(PackVerdict.Fate.IN_USE);
                }
                if (!verdict.fate().stays()) {
                    copy.copy(file, RoaringBitmap.andNot(marking.living(pack), copied.get(pack)));
                }
                last.add(verdict);
            }
            List<Digest> newPacks = copy.finish();
            long rescued = copy.blobs() - before;
            packs.refresh();
            marking.forgetMissing(packs);
            for (int pack = 0; pack < last.size(); pack++) {
                // what is copied may be just what another pack holds
                if (newPacks.contains(last.get(pack).pack())) {
                    last.set(pack, last.get(pack).with(PackVerdict.Fate.KEPT));
                }
            }
            requireCopied(packs, newPacks, marking, last);
            List<Leftovers> leftovers = new ArrayList<>();
            leftovers.add(loose);
            leftovers.addAll(new Sweep(store, options, trees, Sweep.Mode.REMOVING).run());
            for (PackVerdict verdict : last) {
                if (!verdict.fate().stays()) {
                    Trash.take(store, store.fd(Store.Room.PACKS), PackFile.name(verdict.pack()));
                }
            }
            return report(trees, marking, last, newPacks, leftovers, rescued);
        }
    }

    /** Whoever is to delete looks once more: what lives of the packs that go stands in one of the new. */
    private static void requireCopied(Packs packs, List<Digest> newPacks, Marking marking, List<PackVerdict> verdicts)
            throws IOException {
        List<PackFile> fresh = packs.all().stream()
                .filter(pack -> newPacks.contains(pack.id()))
                .toList();
        try (BlobTable copies = new BlobTable(fresh)) {
            for (int pack = 0; pack < verdicts.size(); pack++) {
                PackIndex index = marking.packs().get(pack).index();
                IntIterator entries = marking.living(pack).getIntIterator();
                while (!verdicts.get(pack).fate().stays() && entries.hasNext()) {
                    Digest digest = index.digest(entries.next());
                    if (copies.find(digest) == BlobTable.NOWHERE) {
                        throw new IOException("nothing is removed, since blob " + digest + " of pack "
                                + verdicts.get(pack).pack() + " is in none of the new packs");
                    }
                }
            }
        }
    }

    /** Copies what lives of a pack; one that is damaged stays as it is, for {@code verify} to tell more of it. */
    private static PackVerdict copied(PackCopy copy, PackVerdict verdict, Marking marking, int pack)
            throws IOException {
        try {
            copy.copy(marking.packs().get(pack), marking.living(pack));
            return verdict;
        } catch (FormatException e) {
            return verdict.with(PackVerdict.Fate.DAMAGED);
        }
    }

    private static CollectReport report(
            RegisteredTrees trees,
            Marking marking,
            List<PackVerdict> verdicts,
            List<Digest> newPacks,
            List<Leftovers> leftovers,
            long rescued) {
        List<String> stale = new ArrayList<>();
        for (Root root : trees.stale()) {
            stale.add(PathBytes.show(root.manifestPath()));
        }
        return new CollectReport(
                trees.trees().size(),
                stale,
                verdicts,
                leftovers.stream().filter(kind -> kind.count() > 0).toList(),
                new ArrayList<>(marking.missing()),
                rescued,
                newPacks);
    }
}
