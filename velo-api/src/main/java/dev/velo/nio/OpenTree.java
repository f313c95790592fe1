package dev.velo.nio;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.present.User;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.view.Images;
import dev.velo.core.view.Layers;
import dev.velo.core.view.ManifestSource;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.core.view.View;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A view, and what else is known of its tree. Whoever has it closes the view.
 *
 * @param manifest reads the tree's manifest, if it is needed
 * @param origin absolute path that the upper layer was ingested from, empty if unknown
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record OpenTree(View view, Digest tree, MetadataPolicy policy, ManifestSource manifest, byte[] origin) {

    /** Opens the trees of these manifests, merged if there are several, upper first. */
    @SuppressWarnings("try") // the lock is only held
    public static OpenTree of(Store store, List<Root> upperFirst) throws IOException {
        try (Descriptor shared = store.lockShared()) {
            return upperFirst.size() == 1 ? single(store, upperFirst.getFirst()) : merged(store, upperFirst);
        } catch (ErrnoException e) {
            throw e.toFileSystemException();
        }
    }

    private static OpenTree single(Store store, Root root) throws IOException {
        return open(store, root.tree(), policy(root.trust()), () -> new Roots(store).manifest(root), root.origin());
    }

    /** Layers are trusted if all of them are. */
    private static OpenTree merged(Store store, List<Root> upperFirst) throws IOException {
        List<Manifest> layers = new ArrayList<>();
        Root.Trust trust = Root.Trust.TRUSTED;
        for (Root root : upperFirst) {
            layers.add(new Roots(store).manifest(root));
            trust = root.trust() == Root.Trust.TRUSTED ? trust : Root.Trust.UNTRUSTED;
        }
        Layers.Merged merged = Layers.mergeAndName(layers);
        byte[] origin = upperFirst.getFirst().origin();
        return open(store, merged.tree(), policy(trust), merged::manifest, origin);
    }

    private static OpenTree open(
            Store store, Digest tree, MetadataPolicy policy, ManifestSource manifest, byte[] origin)
            throws IOException {
        View view = View.open(store, Images.of(store, tree, policy, manifest));
        return new OpenTree(view, tree, policy, manifest, origin);
    }

    private static MetadataPolicy policy(Root.Trust trust) {
        boolean root = User.current().isRoot();
        return new MetadataPolicy(trust, root ? MetadataPolicy.Ownership.STORED : MetadataPolicy.Ownership.MAKER);
    }

    /** The root of a manifest file; one without hints where it is not registered. */
    public static Root rootOf(Store store, byte[] manifest) throws IOException {
        try {
            Roots roots = new Roots(store);
            Root registered = roots.find(manifest);
            return registered != null ? registered : rootOf(store, Roots.digestOf(manifest), manifest);
        } catch (ErrnoException e) {
            throw e.toFileSystemException();
        }
    }

    private static Root rootOf(Store store, Digest tree, byte[] manifest) throws IOException {
        for (Root root : new Roots(store).all()) {
            if (root.tree().equals(tree)) {
                return root;
            }
        }
        return Root.unregistered(tree, manifest);
    }
}
