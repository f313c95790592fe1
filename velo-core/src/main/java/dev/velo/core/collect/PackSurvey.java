package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Store;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/** What of the packs of a store is needed, and what is to become of them. */
final class PackSurvey {
    /** A pack is worth copying if one in so many bytes of it is dead. */
    private static final int WORTH = 8;

    private PackSurvey() {}

    /**
     * Marks what registered trees need. Of blobs that stand in several packs those in packs that stay anyway are taken, then those of recorded runs,
     * then those in packs that hold compressed ones. Whoever asks closes it.
     */
    static Marking mark(Store store, CollectOptions options, Packs packs, RegisteredTrees trees) throws IOException {
        Set<Digest> laidTogether = new Profiles(store).packs(trees.trees());
        List<PackFile> order = new ArrayList<>(packs.all());
        Set<Digest> staying = new HashSet<>();
        Set<Digest> cold = new HashSet<>();
        for (PackFile pack : packs.all()) {
            if (!pack.index().isRaw()) {
                cold.add(pack.id());
            }
            if (isYoung(options, pack) || isHeld(store, pack)) {
                staying.add(pack.id());
            }
        }
        order.sort(Comparator.comparing((PackFile pack) -> !staying.contains(pack.id()))
                .thenComparing(pack -> !laidTogether.contains(pack.id()))
                // what was compressed was to be so; its raw copy, made for an image, is made again when it is wanted
                .thenComparing(pack -> !cold.contains(pack.id())));
        Marking marking = new Marking(order);
        try {
            trees.mark(marking);
            return marking;
        } catch (IOException e) {
            marking.close();
            throw e;
        }
    }

    /** Whether a running command opens this pack now and then. */
    static boolean isHeld(Store store, PackFile pack) throws ErrnoException {
        return FileLease.isHeld(store.fd(Store.Room.PACKS), PackFile.name(pack.id()));
    }

    private static boolean isYoung(CollectOptions options, PackFile pack) throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.fstatx(pack.fd(), stat);
        return Ages.isYounger(stat.modificationSeconds(), options.minimumAge());
    }

    /** What becomes of each pack. */
    static List<PackVerdict> verdicts(Store store, CollectOptions options, Marking marking) throws IOException {
        List<PackVerdict> verdicts = new ArrayList<>();
        for (int number = 0; number < marking.packs().size(); number++) {
            PackFile pack = marking.packs().get(number);
            RoaringBitmap living = marking.living(number);
            long livingBytes = 0;
            for (IntIterator entries = living.getIntIterator(); entries.hasNext(); ) {
                livingBytes += PackFormat.align(pack.index().storedLength(entries.next()), PackFormat.BLOCK_BYTES);
            }
            verdicts.add(new PackVerdict(
                    pack.id(),
                    pack.index().count(),
                    living.getCardinality(),
                    pack.blobBytes(),
                    livingBytes,
                    fate(store, options, pack, living, livingBytes)));
        }
        return options.packing() == CollectOptions.Packing.AS_IT_IS
                ? verdicts
                : new PackJoining(store, options, marking, verdicts).run();
    }

    private static PackVerdict.Fate fate(
            Store store, CollectOptions options, PackFile pack, RoaringBitmap living, long livingBytes)
            throws ErrnoException {
        boolean isDead = living.isEmpty();
        boolean isWorthCopying = (pack.blobBytes() - livingBytes) * WORTH >= pack.blobBytes()
                && living.getCardinality() < pack.index().count();
        if (options.scope() == CollectOptions.Scope.DERIVED || (!isDead && !isWorthCopying)) {
            return PackVerdict.Fate.KEPT;
        }
        return unlessItStays(store, options, pack, isDead ? PackVerdict.Fate.REMOVED : PackVerdict.Fate.REWRITTEN);
    }

    /** This fate, or why the pack has to stay this time. */
    static PackVerdict.Fate unlessItStays(Store store, CollectOptions options, PackFile pack, PackVerdict.Fate fate)
            throws ErrnoException {
        if (isHeld(store, pack)) {
            return PackVerdict.Fate.IN_USE;
        }
        return isYoung(options, pack) ? PackVerdict.Fate.YOUNG : fate;
    }
}
