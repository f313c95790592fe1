package dev.velo.core.testing;

import dev.velo.core.format.Digest;
import dev.velo.core.format.PackIndex;
import dev.velo.core.store.PackEncoding;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Repacking;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Packs the whole of a store otherwise, as a collection after it would leave it: the old packs are gone. */
public final class ColdStore {
    private ColdStore() {}

    /** Compresses what is worth it. */
    public static Repacking.Report freeze(Store store) throws IOException {
        return repack(store, PackEncoding.COLD);
    }

    /** The same for the store at this path; returns how many blobs are compressed. */
    public static long freezeAt(Path store) throws IOException {
        try (Store opened = Store.openExisting(PathBytes.of(store))) {
            return freeze(opened).compressed();
        }
    }

    /** Every blob once, in the order of the packs. */
    public static Repacking.Report repack(Store store, PackEncoding encoding) throws IOException {
        try (Packs packs = store.packs()) {
            Repacking.Report report = Repacking.run(store, blobs(packs), encoding);
            for (PackFile pack : packs.all()) {
                if (!report.packs().contains(pack.id())) {
                    Files.delete(Path.of(pack.file()));
                }
            }
            return report;
        }
    }

    /** All blobs, of each pack in the order of their places. */
    public static List<Packs.Location> blobs(Packs packs) {
        List<Packs.Location> blobs = new ArrayList<>();
        for (PackFile pack : packs.all()) {
            PackIndex index = pack.index();
            IntStream.range(0, index.count())
                    .boxed()
                    .sorted(Comparator.comparingLong(index::offset))
                    .forEach(entry -> blobs.add(new Packs.Location(pack, entry)));
        }
        return blobs;
    }

    /** Puts a pack of these bytes into a store, under its id. */
    public static void add(Store store, byte[] pack, Digest id) throws IOException {
        Files.write(
                Path.of(PathBytes.show(store.path(Store.Room.PACKS))).resolve(PathBytes.show(PackFile.name(id))), pack);
    }
}
