package dev.velo.launcher;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Registrations that users name: by the path of the manifest, also if that is gone, or by the digest of the tree. */
final class NamedRoots {
    private static final String DIGEST = "[0-9a-f]{64}";

    private NamedRoots() {}

    /** All that are named. */
    static List<Root> of(Store opened, List<String> names) throws IOException {
        Roots roots = new Roots(opened);
        List<Root> found = new ArrayList<>();
        for (String name : names) {
            found.addAll(named(opened, roots, name));
        }
        return found;
    }

    private static List<Root> named(Store opened, Roots roots, String name) throws IOException {
        List<Root> found = new ArrayList<>();
        byte[] path = ProcessFacts.path(name);
        for (Root root : roots.readable(damaged -> {})) {
            boolean isTree = name.matches(DIGEST) && root.tree().equals(Digest.parse(name));
            if (isTree || Arrays.equals(root.manifestPath(), path)) {
                found.add(root);
            }
        }
        if (found.isEmpty()) {
            requireReadable(roots, path);
            String shown = name.matches(DIGEST) ? "the tree " + name : StoreOptions.shown(path);
            throw new IOException(shown + " is not registered in " + StoreOptions.shown(opened.path())
                    + ", and nothing was done; velo root list names what is");
        }
        return found;
    }

    private static void requireReadable(Roots roots, byte[] path) throws IOException {
        try {
            roots.at(path);
        } catch (FormatException e) {
            throw new IOException(e.getMessage() + "; velo verify --repair puts it aside", e);
        }
    }
}
