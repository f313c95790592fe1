package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.ManifestCopies;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The roots of a store that can be read, and where the manifests of their trees can be; says what is wrong with the others. */
final class Registry {
    private static final String ROOT = ".root";
    private static final String MANIFEST = ".velo";
    private static final String PROFILE = ".profile";

    private final Store store;
    private final Consumer<Finding> findings;
    private final Map<Digest, List<Root>> roots = new LinkedHashMap<>();
    private final Map<Digest, Source> manifests = new HashMap<>();

    /** What is done with a tree. */
    @FunctionalInterface
    interface Visitor {
        void visit(List<Root> registered, Manifest manifest) throws IOException;
    }

    /** Where the manifest of a tree can be read. */
    @FunctionalInterface
    private interface Source {
        Manifest read() throws IOException;
    }

    private Registry(Store store, Consumer<Finding> findings) {
        this.store = store;
        this.findings = findings;
    }

    /** Reads the whole room. */
    static Registry read(Store store, Consumer<Finding> findings) throws IOException {
        Registry registry = new Registry(store, findings);
        for (byte[] name : DirectoryListing.names(store.fd(Store.Room.ROOTS))) {
            try {
                registry.take(name);
            } catch (ErrnoException e) {
                if (!Tolerance.isGone(e) && !store.isWithheld(e)) {
                    throw e;
                }
            }
        }
        registry.requireManifests();
        return registry;
    }

    private void take(byte[] name) throws IOException {
        String file = PathBytes.show(name);
        if (file.endsWith(ROOT)) {
            attempt(Finding.Kind.ROOT, name, null, () -> {
                Root root = new Roots(store).read(name);
                if (root != null) {
                    roots.computeIfAbsent(root.tree(), tree -> new ArrayList<>())
                            .add(root);
                }
            });
        } else if (file.endsWith(PROFILE)) {
            attempt(Finding.Kind.PROFILE, name, null, () -> new Profiles(store).check(name));
        } else if (file.endsWith(MANIFEST)) {
            ManifestCopies copies = new ManifestCopies(store);
            attempt(Finding.Kind.MANIFEST, name, digestOf(file), () -> {
                Digest tree = copies.verify(name);
                manifests.put(tree, () -> copies.read(tree));
            });
        }
    }

    private static @Nullable Digest digestOf(String file) {
        try {
            return Digest.parse(file.substring(0, file.length() - MANIFEST.length()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Finding.Kind kind, byte[] name, @Nullable Digest tree, Step step) throws IOException {
        try {
            step.run();
        } catch (FormatException e) {
            Finding.Place place = new Finding.Place(Store.Room.ROOTS, name);
            findings.accept(new Finding(kind, place, e.offset(), Tolerance.message(e), tree, Uses.NONE));
        }
    }

    /** A tree whose copy cannot be read is read from the file that its root names, if that is still the manifest. */
    private void requireManifests() throws IOException {
        for (Map.Entry<Digest, List<Root>> entry : roots.entrySet()) {
            Digest tree = entry.getKey();
            List<Root> registered = entry.getValue();
            if (!manifests.containsKey(tree)) {
                for (Root root : registered) {
                    if (!manifests.containsKey(tree) && isManifest(root.manifestPath(), tree)) {
                        manifests.put(tree, () -> Store.readManifest(root.manifestPath()));
                    }
                }
            }
            if (!manifests.containsKey(tree) && !store.isReadOnly()) {
                String named = PathBytes.show(registered.getFirst().manifestPath());
                findings.accept(new Finding(
                        Finding.Kind.TREE,
                        null,
                        0,
                        named + ": the manifest of this registered tree is neither there nor, as " + tree + MANIFEST
                                + ", in " + PathBytes.show(store.path(Store.Room.ROOTS)) + "; ingest the tree again",
                        tree,
                        Uses.NONE));
            }
        }
    }

    /** Whether a file is a manifest that can be read and has this digest; throws what says nothing of the file. */
    static boolean isManifest(byte[] path, Digest tree) throws IOException {
        try {
            if (!Roots.digestOf(path).equals(tree)) {
                return false;
            }
            Store.readManifest(path);
            return true;
        } catch (IOException e) {
            if (e instanceof ErrnoException failed && failed.errno().isOfMachine() && !Tolerance.isDamage(failed)) {
                throw e;
            }
            return false;
        }
    }

    /** The roots that have this tree. */
    List<Root> rootsOf(Digest tree) {
        return roots.getOrDefault(tree, List.of());
    }

    /** Whether the manifest of every tree can be read. */
    boolean isWhole() {
        return manifests.keySet().containsAll(roots.keySet());
    }

    /** How many different trees are registered. */
    int trees() {
        return roots.size();
    }

    /** Hands over every registered tree whose manifest can be read, one after another. */
    void forEachTree(Visitor visitor) throws IOException {
        List<Digest> trees = new ArrayList<>(roots.keySet());
        trees.sort(Comparator.comparing(
                tree -> PathBytes.show(rootsOf(tree).getFirst().manifestPath())));
        for (Digest tree : trees) {
            Source manifest = manifests.get(tree);
            if (manifest != null) {
                visitor.visit(rootsOf(tree), manifest.read());
            }
        }
    }
}
