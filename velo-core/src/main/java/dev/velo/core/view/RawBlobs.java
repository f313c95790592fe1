package dev.velo.core.view;

import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackIndex;
import dev.velo.core.store.PackEncoding;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Repacking;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sees to it that each blob of a tree stands raw in some pack, where the kernel and the shim can read it: those that are compressed
 * everywhere are laid raw into a pack together, in the order of the tree. That pack is a pack like any other, and as durable: once a
 * blob is in it nothing tells that it was derived, and whoever finds two places may keep this one.
 */
final class RawBlobs {
    private RawBlobs() {}

    /**
     * Makes what is missing, and lets {@code packs} know of it. The caller holds the store's lock.
     *
     * @throws IOException in one sentence, if something is missing and the store can only be read
     */
    static void require(Store store, Packs packs, Manifest manifest) throws IOException {
        List<Packs.Location> compressed = compressed(packs, manifest);
        if (compressed.isEmpty()) {
            return;
        }
        if (store.isReadOnly()) {
            throw new IOException("the store " + PathBytes.show(store.path())
                    + " can only be read, and holds files of this tree compressed; "
                    + "use velo checkout, or have the owner of the store run something in the tree once");
        }
        Repacking.run(store, compressed, PackEncoding.RAW);
        packs.refresh();
    }

    private static List<Packs.Location> compressed(Packs packs, Manifest manifest) throws IOException {
        List<Packs.Location> compressed = new ArrayList<>();
        if (packs.all().stream().map(PackFile::index).allMatch(PackIndex::isRaw)) {
            return compressed;
        }
        for (int blob = 0; blob < manifest.blobCount(); blob++) {
            Packs.Location location = packs.require(manifest.digest(blob), manifest.file());
            if (!location.isRaw()) {
                compressed.add(location);
            }
        }
        return compressed;
    }
}
