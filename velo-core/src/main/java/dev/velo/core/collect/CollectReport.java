package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import java.util.List;

/**
 * What a collection found, and did or would do.
 *
 * @param trees how many trees are registered
 * @param stale absolute paths of manifests that are registered and whose files have gone, as text
 * @param packs a verdict for each pack; none if the store is what it was when it was found clean before
 * @param leftovers what else goes
 * @param missing blobs that registered trees need and no pack holds
 * @param rescued how many blobs were referenced again while the living were copied
 * @param newPacks the packs that hold the copies
 */
public record CollectReport(
        int trees,
        List<String> stale,
        List<PackVerdict> packs,
        List<Leftovers> leftovers,
        List<Digest> missing,
        long rescued,
        List<Digest> newPacks) {
    /** Copies the lists. */
    public CollectReport {
        stale = List.copyOf(stale);
        packs = List.copyOf(packs);
        leftovers = List.copyOf(leftovers);
        missing = List.copyOf(missing);
        newPacks = List.copyOf(newPacks);
    }

    /** The same with what was copied. */
    CollectReport with(List<Digest> madePacks, long rescuedBlobs) {
        return new CollectReport(trees, stale, packs, leftovers, missing, rescuedBlobs, madePacks);
    }

    /** How many bytes of the file system are freed, about. */
    public long freedBytes() {
        return packs.stream().mapToLong(PackVerdict::freedBytes).sum()
                + leftovers.stream().mapToLong(Leftovers::bytes).sum();
    }

    /** Whether there is nothing to do. */
    public boolean isClean() {
        return leftovers.isEmpty()
                && packs.stream().allMatch(pack -> pack.fate().stays());
    }
}
