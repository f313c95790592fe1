package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The roots of a store at one time: what a collection may not take. */
final class RegisteredTrees {
    private final Store store;
    private final Roots roots;
    private final List<Root> kept = new ArrayList<>();
    private final List<Root> stale = new ArrayList<>();
    private final Set<Digest> trees = new HashSet<>();

    private RegisteredTrees(Store store) {
        this.store = store;
        this.roots = new Roots(store);
    }

    /**
     * Reads all roots.
     *
     * @throws IOException if one is damaged: nobody knows then what it protects
     */
    static RegisteredTrees read(Store store, CollectOptions.Stale policy) throws IOException {
        RegisteredTrees registered = new RegisteredTrees(store);
        List<Root> all;
        try {
            all = registered.roots.all();
        } catch (FormatException e) {
            throw new IOException(
                    "nothing is collected, since nobody knows which tree this root protects: " + e.getMessage()
                            + "; remove the file if the tree is not needed, or ingest it again",
                    e);
        }
        for (Root root : all) {
            boolean isStale = Roots.isStale(root);
            if (isStale) {
                registered.stale.add(root);
            }
            if (!isStale || policy == CollectOptions.Stale.PROTECTED) {
                registered.kept.add(root);
                registered.trees.add(root.tree());
            }
        }
        return registered;
    }

    /** Marks the blobs of all trees that have not been marked. */
    void mark(Marking marking) throws IOException {
        for (Root root : kept) {
            if (!marking.has(root.tree())) {
                marking.mark(root.tree(), manifest(root));
            }
        }
    }

    /** What is done with each blob of a tree. */
    @FunctionalInterface
    interface BlobUse {
        void of(Digest blob) throws IOException;
    }

    /** Goes through the blobs of all trees: those first that recorded runs of a tree have read, then the others in its order. */
    void eachBlob(BlobUse use) throws IOException {
        Set<Digest> seen = new HashSet<>();
        for (Root root : kept) {
            if (seen.add(root.tree())) {
                Manifest manifest = manifest(root);
                Set<Digest> read = new Profiles(store).of(root.tree()).parts().keySet();
                for (int blob = 0; blob < manifest.blobCount(); blob++) {
                    if (read.contains(manifest.digest(blob))) {
                        use.of(manifest.digest(blob));
                    }
                }
                for (int blob = 0; blob < manifest.blobCount(); blob++) {
                    use.of(manifest.digest(blob));
                }
            }
        }
    }

    private Manifest manifest(Root root) throws IOException {
        try {
            return roots.manifest(root);
        } catch (IOException e) {
            if (e instanceof ErrnoException failed && failed.errno().isOfMachine()) {
                // says nothing of the manifest
                throw e;
            }
            throw new IOException(
                    "nothing is collected, since nobody knows which blobs this tree needs: "
                            + PathBytes.show(root.manifestPath())
                            + ", because the store's copy of its manifest is damaged ("
                            + e.getMessage() + "); ingest the tree again, or velo root remove it",
                    e);
        }
    }

    /** The trees that are protected. */
    Set<Digest> trees() {
        return trees;
    }

    /** The roots that protect them. */
    List<Root> kept() {
        return kept;
    }

    /** The roots whose manifest's file has gone; they may be {@linkplain #kept protecting} all the same. */
    List<Root> stale() {
        return stale;
    }
}
