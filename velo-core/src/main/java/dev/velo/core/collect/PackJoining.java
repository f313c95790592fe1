package dev.velo.core.collect;

import dev.velo.core.store.PackFile;
import dev.velo.core.store.Store;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which packs are written anew though they could stay: small ones, to be joined, and those that are to be compressed. What is cold, or
 * becomes so, comes to stand in other packs than the rest, and each kind is joined by itself.
 */
final class PackJoining {
    /** A pack that holds less is worth joining with others. */
    private static final long SMALL_BYTES = 128L << 20;

    private final Store store;
    private final CollectOptions options;
    private final List<PackFile> packs;
    private final List<PackVerdict> verdicts;

    /** Of these verdicts, one for each of the packs that were marked. */
    PackJoining(Store store, CollectOptions options, Marking marking, List<PackVerdict> verdicts) {
        this.store = store;
        this.options = options;
        this.packs = marking.packs();
        this.verdicts = new ArrayList<>(verdicts);
    }

    /** The verdicts as they are then. */
    List<PackVerdict> run() throws IOException {
        List<Integer> warm = new ArrayList<>();
        List<Integer> cold = new ArrayList<>();
        for (int number = 0; number < packs.size(); number++) {
            boolean isCold = !packs.get(number).index().isRaw();
            boolean becomesCold = options.packing() == CollectOptions.Packing.COLD;
            if (becomesCold && !isCold && isKept(number)) {
                verdicts.set(number, verdicts.get(number).with(rewritten(number)));
            }
            (isCold || becomesCold ? cold : warm).add(number);
        }
        join(warm);
        join(cold);
        return List.copyOf(verdicts);
    }

    /** Small ones of these are written anew if there are several of them, or one and what is left of others. */
    private void join(List<Integer> numbers) throws IOException {
        List<Integer> small = new ArrayList<>();
        boolean others = false;
        for (int number : numbers) {
            others |= verdicts.get(number).fate() == PackVerdict.Fate.REWRITTEN;
            if (isKept(number)
                    && verdicts.get(number).bytes() < SMALL_BYTES
                    && rewritten(number) == PackVerdict.Fate.REWRITTEN) {
                small.add(number);
            }
        }
        if (small.size() >= (others ? 1 : 2)) {
            small.forEach(number -> verdicts.set(number, verdicts.get(number).with(PackVerdict.Fate.REWRITTEN)));
        }
    }

    private boolean isKept(int number) {
        return verdicts.get(number).fate() == PackVerdict.Fate.KEPT;
    }

    private PackVerdict.Fate rewritten(int number) throws ErrnoException {
        return PackSurvey.unlessItStays(store, options, packs.get(number), PackVerdict.Fate.REWRITTEN);
    }
}
