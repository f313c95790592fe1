package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which blobs of some packs trees need: for each pack a bitmap over the entries of its index. Owns its table; the packs stay open as
 * long as this.
 */
final class Marking implements AutoCloseable {
    private final List<PackFile> packs;
    private final BlobTable table;
    private final List<RoaringBitmap> living = new ArrayList<>();
    private final Set<Digest> trees = new HashSet<>();
    private final Set<Digest> missing = new HashSet<>();

    /** Nothing is marked yet. A blob that stands in several of the packs is marked in the first of them. */
    Marking(List<PackFile> packs) {
        this.packs = packs;
        this.table = new BlobTable(packs);
        packs.forEach(pack -> living.add(new RoaringBitmap()));
    }

    /** Marks what a tree needs; blobs that are in none of the packs are {@linkplain #missing noted}. */
    void mark(Digest tree, Manifest manifest) {
        trees.add(tree);
        for (int blob = 0; blob < manifest.blobCount(); blob++) {
            Digest digest = manifest.digest(blob);
            long place = table.find(digest);
            if (place == BlobTable.NOWHERE) {
                missing.add(digest);
            } else {
                living.get(BlobTable.pack(place)).add(BlobTable.entry(place));
            }
        }
    }

    /** Whether this tree was marked. */
    boolean has(Digest tree) {
        return trees.contains(tree);
    }

    /** Where this blob stands, as {@link BlobTable#find} tells. */
    long place(Digest blob) {
        return table.find(blob);
    }

    /** Whether a tree that was marked needs this blob. */
    boolean isLiving(Digest blob) {
        long place = table.find(blob);
        return place != BlobTable.NOWHERE && living.get(BlobTable.pack(place)).contains(BlobTable.entry(place));
    }

    List<PackFile> packs() {
        return packs;
    }

    /** The living entries of the pack with this number in {@link #packs}. */
    RoaringBitmap living(int pack) {
        return living.get(pack);
    }

    /** What has come into these packs since is not missing any more. */
    void forgetMissing(Packs packs) throws FormatException {
        for (Digest blob : List.copyOf(missing)) {
            if (packs.find(blob) != null) {
                missing.remove(blob);
            }
        }
    }

    /** The blobs that trees need and no pack holds. */
    Set<Digest> missing() {
        return missing;
    }

    @Override
    public void close() {
        table.close();
    }
}
