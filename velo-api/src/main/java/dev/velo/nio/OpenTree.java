package dev.velo.nio;

import dev.velo.core.format.Digest;
import dev.velo.core.present.User;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.view.Images;
import dev.velo.core.view.LayeredTree;
import dev.velo.core.view.ManifestSource;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.core.view.ReadCheck;
import dev.velo.core.view.View;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
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
            LayeredTree tree = LayeredTree.of(store, upperFirst);
            byte[] origin = upperFirst.getFirst().origin();
            return open(store, tree.tree(), User.current().policy(tree.trust()), tree.manifest(), origin);
        } catch (ErrnoException e) {
            throw e.toFileSystemException();
        }
    }

    private static OpenTree open(
            Store store, Digest tree, MetadataPolicy policy, ManifestSource manifest, byte[] origin)
            throws IOException {
        View view = View.open(store, Images.of(store, tree, policy, manifest), ReadCheck.ofEnvironment());
        return new OpenTree(view, tree, policy, manifest, origin);
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
        // of another manifest that is damaged only the hints are lost
        for (Root root : new Roots(store).readable(damaged -> {})) {
            if (root.tree().equals(tree)) {
                return root;
            }
        }
        return Root.unregistered(tree, manifest);
    }
}
