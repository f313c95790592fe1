package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackIndex;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which trees need the blobs of some packs: outside of the heap four bytes for each blob, beside the table in which it is found, whatever
 * the number of trees. Owns that memory; the packs stay open as long as this. For one thread.
 */
public final class Usage implements AutoCloseable {
    private static final int NOBODY = 0;
    private static final int SEVERAL = -1;

    private final List<PackFile> packs;
    private final BlobTable table;
    private final Arena arena = Arena.ofShared();

    /** For each pack and each entry of its index: nobody, several, or the number of the only tree that needs it, from 1. */
    private final List<MemorySegment> owners = new ArrayList<>();

    private final Set<Digest> added = new HashSet<>();
    private final List<TreeUsage> counted = new ArrayList<>();

    /**
     * Of these packs, and of no tree yet. Of a blob that stands in several packs the one is needed that was laid together with others for
     * one of these trees, or else is in a cold pack, as a collection has it.
     */
    public static Usage of(Store store, Packs packs, Set<Digest> trees) throws IOException {
        Set<Digest> laidTogether = new Profiles(store).packs(trees);
        List<PackFile> order = new ArrayList<>(packs.all());
        Set<Digest> cold = new HashSet<>();
        for (PackFile pack : order) {
            if (!pack.index().isRaw()) {
                cold.add(pack.id());
            }
        }
        order.sort(Comparator.comparing((PackFile pack) -> !laidTogether.contains(pack.id()))
                .thenComparing(pack -> !cold.contains(pack.id())));
        return new Usage(order);
    }

    private Usage(List<PackFile> packs) {
        this.packs = packs;
        this.table = new BlobTable(packs);
        for (PackFile pack : packs) {
            owners.add(arena.allocate(
                    ValueLayout.JAVA_INT, Math.max(1, pack.index().count())));
        }
    }

    /** Counts what a tree needs; one that was added before is not counted again. */
    public void add(Digest tree, Manifest manifest) {
        if (!added.add(tree)) {
            return;
        }
        long files = 0;
        long bytes = 0;
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.FILE) {
                files++;
                bytes += manifest.size(entry);
            }
        }
        int number = counted.size() + 1;
        long held = 0;
        long missing = 0;
        for (int blob = 0; blob < manifest.blobCount(); blob++) {
            long place = table.find(manifest.digest(blob));
            if (place == BlobTable.NOWHERE) {
                missing++;
            } else {
                held += packs.get(BlobTable.pack(place)).index().storedLength(BlobTable.entry(place));
                need(place, number);
            }
        }
        // what is its own is known only when all have been added
        counted.add(new TreeUsage(tree, files, bytes, 0, held, missing));
    }

    private void need(long place, int number) {
        MemorySegment pack = owners.get(BlobTable.pack(place));
        int entry = BlobTable.entry(place);
        int before = pack.getAtIndex(ValueLayout.JAVA_INT, entry);
        pack.setAtIndex(ValueLayout.JAVA_INT, entry, before == NOBODY || before == number ? number : SEVERAL);
    }

    /** What each of the added trees takes, in their order. */
    public List<TreeUsage> trees() {
        long[] own = new long[counted.size() + 1];
        for (int pack = 0; pack < packs.size(); pack++) {
            PackIndex index = packs.get(pack).index();
            for (int entry = 0; entry < index.count(); entry++) {
                int owner = owners.get(pack).getAtIndex(ValueLayout.JAVA_INT, entry);
                if (owner > NOBODY) {
                    own[owner] += index.storedLength(entry);
                }
            }
        }
        List<TreeUsage> trees = new ArrayList<>();
        for (TreeUsage tree : counted) {
            long ownBytes = own[trees.size() + 1];
            trees.add(new TreeUsage(
                    tree.tree(), tree.files(), tree.bytes(), ownBytes, tree.sharedBytes() - ownBytes, tree.missing()));
        }
        return trees;
    }

    /** What the packs hold, and how much of that the added trees need. */
    public PackUsage packs() {
        long bytes = 0;
        long blobs = 0;
        long compressed = 0;
        long blobBytes = 0;
        long livingBytes = 0;
        long dead = 0;
        long deadBytes = 0;
        for (int pack = 0; pack < packs.size(); pack++) {
            PackIndex index = packs.get(pack).index();
            bytes += packs.get(pack).blobBytes();
            blobs += index.count();
            for (int entry = 0; entry < index.count(); entry++) {
                compressed += index.isRaw(entry) ? 0 : 1;
                blobBytes += index.length(entry);
                if (owners.get(pack).getAtIndex(ValueLayout.JAVA_INT, entry) == NOBODY) {
                    dead++;
                    deadBytes += index.storedLength(entry);
                } else {
                    livingBytes += index.length(entry);
                }
            }
        }
        return new PackUsage(packs.size(), bytes, blobs, compressed, blobBytes, livingBytes, dead, deadBytes);
    }

    @Override
    public void close() {
        arena.close();
        table.close();
    }
}
