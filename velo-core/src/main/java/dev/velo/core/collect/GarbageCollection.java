package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.PackIndex;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Settling;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.core.verify.BootCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Takes out of a store what no registered tree needs. Blobs that live are marked and copied without any lock that others wait for; then,
 * alone and for a short time, the roots are read again, what came to be needed meanwhile is copied too, and the old packs go. Killed at
 * any instant, nothing that a tree needs is gone: a blob stands in a new pack, on the disk, before the old one goes.
 */
public final class GarbageCollection {
    private final Store store;
    private final CollectOptions options;

    private GarbageCollection(Store store, CollectOptions options) {
        this.store = store;
        this.options = options;
    }

    /**
     * What a collection would do; changes nothing. For who may collect: others may not see all roots, and would take for dead what
     * those protect.
     */
    public static CollectReport plan(Store store, CollectOptions options) throws IOException {
        store.requireWritable();
        return new GarbageCollection(store, options).plan();
    }

    /** Collects. What was in use of others, or what they have made meanwhile, is left alone. */
    @SuppressWarnings("try") // the lock is only held
    public static CollectReport run(Store store, CollectOptions options) throws IOException {
        BootCheck.run(store);
        try (Descriptor collecting = store.lockCollection()) {
            CollectReport report = new GarbageCollection(store, options).collect();
            IdleLocks.remove(store);
            Trash.empty(store);
            return report;
        }
    }

    /** As it is at one time: no collection may take packs or roots meanwhile. */
    @SuppressWarnings("try") // the lock is only held
    private CollectReport plan() throws IOException {
        try (Descriptor shared = store.lockShared()) {
            RegisteredTrees trees = RegisteredTrees.read(store, options.stale());
            Optional<CollectReport> unchanged = unchanged(trees);
            if (unchanged.isPresent()) {
                return unchanged.get();
            }
            try (Packs packs = store.packs();
                    Marking marking = PackSurvey.mark(store, options, packs, trees)) {
                return planned(trees, marking, new LooseSweep(store, options, marking).run(Sweep.Mode.COUNTING));
            }
        }
    }

    /** The report of a store that was found clean before, if it still is what it was. */
    private Optional<CollectReport> unchanged(RegisteredTrees trees) throws IOException {
        if (options.scope() == CollectOptions.Scope.DERIVED
                || options.packing() != CollectOptions.Packing.AS_IT_IS
                || !CleanState.isKnown(store, trees)) {
            return Optional.empty();
        }
        CollectReport report =
                report(trees, List.of(), new Sweep(store, options, trees, Sweep.Mode.COUNTING).run(), List.of());
        return report.isClean() ? Optional.of(report) : Optional.empty();
    }

    private CollectReport planned(RegisteredTrees trees, Marking marking, Leftovers loose) throws IOException {
        List<Leftovers> leftovers = new ArrayList<>();
        leftovers.add(loose);
        leftovers.addAll(new Sweep(store, options, trees, Sweep.Mode.COUNTING).run());
        List<PackVerdict> verdicts = PackSurvey.verdicts(store, options, marking);
        CollectReport report = report(trees, verdicts, leftovers, List.copyOf(marking.missing()));
        boolean isKept = verdicts.stream().allMatch(verdict -> verdict.fate() == PackVerdict.Fate.KEPT);
        if (options.scope() == CollectOptions.Scope.ALL
                && report.isClean()
                && isKept
                && report.missing().isEmpty()) {
            CleanState.remember(store, trees);
        }
        return report;
    }

    private CollectReport collect() throws IOException {
        RegisteredTrees trees = RegisteredTrees.read(store, options.stale());
        Optional<CollectReport> unchanged = unchanged(trees);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        try (Packs packs = store.packs();
                Marking marking = PackSurvey.mark(store, options, packs, trees);
                LivingCopies copies =
                        new LivingCopies(store, options.packing().encoding(), marking, Workers.processors())) {
            // they need no lock, and take the longest to look at
            Leftovers loose = new LooseSweep(store, options, marking).run(Sweep.Mode.REMOVING);
            CollectReport planned = planned(trees, marking, loose);
            if (planned.isClean()) {
                return planned;
            }
            List<PackVerdict> verdicts = new ArrayList<>(planned.packs());
            if (options.packing() == CollectOptions.Packing.AS_IT_IS) {
                copies.copy(verdicts);
            } else {
                copies.copyByTree(trees, verdicts);
            }
            return change(packs, marking, verdicts, copies, loose);
        }
    }

    /** What is done alone: nobody relies on packs, or makes anything of them, meanwhile. */
    @SuppressWarnings("try") // the lock is only held
    private CollectReport change(
            Packs packs, Marking marking, List<PackVerdict> verdicts, LivingCopies copies, Leftovers loose)
            throws IOException {
        try (Descriptor alone = store.lockExclusive()) {
            RegisteredTrees trees = RegisteredTrees.read(store, options.stale());
            List<RoaringBitmap> copied = new ArrayList<>();
            for (int pack = 0; pack < verdicts.size(); pack++) {
                copied.add(marking.living(pack).clone());
            }
            long rescued = 0;
            trees.mark(marking);
            List<PackVerdict> last = new ArrayList<>();
            for (int pack = 0; pack < verdicts.size(); pack++) {
                PackVerdict verdict = verdicts.get(pack);
                if (!verdict.fate().stays()
                        && PackSurvey.isHeld(store, marking.packs().get(pack))) {
                    verdict = verdict.with(PackVerdict.Fate.IN_USE);
                }
                if (!verdict.fate().stays()) {
                    rescued += copies.add(pack, RoaringBitmap.andNot(marking.living(pack), copied.get(pack)));
                }
                last.add(verdict);
            }
            List<Digest> newPacks = copies.finish();
            packs.refresh();
            marking.forgetMissing(packs);
            for (int pack = 0; pack < last.size(); pack++) {
                // what is copied may be just what another pack holds
                if (newPacks.contains(last.get(pack).pack())) {
                    last.set(pack, last.get(pack).with(PackVerdict.Fate.KEPT));
                }
            }
            requireCopied(packs, newPacks, marking, last);
            settleKept(last);
            List<Leftovers> leftovers = new ArrayList<>();
            leftovers.add(loose);
            leftovers.addAll(new Sweep(store, options, trees, Sweep.Mode.REMOVING).run());
            for (PackVerdict verdict : last) {
                if (!verdict.fate().stays()) {
                    Trash.take(store, store.fd(Store.Room.PACKS), PackFile.name(verdict.pack()));
                }
            }
            return report(trees, last, leftovers, List.copyOf(marking.missing()))
                    .with(newPacks, rescued);
        }
    }

    /** What goes may have been the only one on the disk of blobs that packs have which stay, and for which nobody has waited. */
    private void settleKept(List<PackVerdict> verdicts) throws IOException {
        if (verdicts.stream().allMatch(verdict -> verdict.fate().stays())) {
            return;
        }
        List<byte[]> unsettled = new ArrayList<>();
        for (PackVerdict verdict : verdicts) {
            byte[] name = PackFile.name(verdict.pack());
            if (verdict.fate().stays() && !Settling.isSettled(store.fd(Store.Room.PACKS), name)) {
                unsettled.add(name);
            }
        }
        Settling.settle(store.fd(Store.Room.PACKS), unsettled);
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

    private static CollectReport report(
            RegisteredTrees trees, List<PackVerdict> verdicts, List<Leftovers> leftovers, List<Digest> missing) {
        List<String> stale = trees.stale().stream()
                .map(root -> PathBytes.show(root.manifestPath()))
                .toList();
        List<Leftovers> found =
                leftovers.stream().filter(kind -> kind.count() > 0).toList();
        return new CollectReport(trees.trees().size(), stale, verdicts, found, missing, 0, List.of());
    }
}
