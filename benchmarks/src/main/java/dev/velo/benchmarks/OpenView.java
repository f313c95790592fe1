package dev.velo.benchmarks;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.core.view.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The tree to measure on, ingested into a store of its own and opened as a view, with its paths. */
final class OpenView implements AutoCloseable {
    static final MetadataPolicy POLICY = new MetadataPolicy(Root.Trust.UNTRUSTED, MetadataPolicy.Ownership.MAKER);

    private final byte[] tree;
    private final byte[] manifestPath;
    private final Store store;
    private final Digest digest;
    private final View view;

    OpenView() throws IOException {
        this(Scratch.tree());
    }

    OpenView(byte[] tree) throws IOException {
        this.tree = tree;
        manifestPath = Scratch.fresh();
        store = Store.open(Scratch.fresh());
        IngestOptions options = IngestOptions.defaults().withSync(SyncPolicy.NONE);
        digest = Ingest.run(store, tree, manifestPath, options, new IngestListener() {})
                .tree();
        view = View.open(store, image());
    }

    Image image() throws IOException {
        return Images.of(store, digest, POLICY, () -> Store.readManifest(manifestPath));
    }

    Store store() {
        return store;
    }

    Digest digest() {
        return digest;
    }

    View view() {
        return view;
    }

    byte[] manifestPath() {
        return manifestPath;
    }

    byte[] tree() {
        return tree;
    }

    /** The paths of all entries below the root, in the order of the tree, as a program that walks would ask for them. */
    byte[][] paths() throws IOException {
        Manifest manifest = Store.readManifest(manifestPath);
        int[] parents = manifest.parents();
        byte[][] paths = new byte[manifest.entryCount() - 1][];
        for (int entry = 1; entry < manifest.entryCount(); entry++) {
            byte[] name = manifest.name(entry);
            int parent = parents[entry];
            paths[entry - 1] = parent == 0 ? name : PathBytes.join(paths[parent - 1], name);
        }
        return paths;
    }

    /** The paths of all files whose size lies between these two. */
    byte[][] files(long from, long to) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (byte[] path : paths()) {
            int node = view.findLink(path);
            long size = view.size(node);
            if (view.kind(node) == EntryKind.FILE && size >= from && size <= to) {
                files.add(path);
            }
        }
        return files.toArray(new byte[0][]);
    }

    @Override
    public void close() {
        view.close();
        store.close();
    }
}
