package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;

/** A manifest as a tree of links: its nodes are entries. */
final class ManifestTree implements LinkedTree {
    /** Ample for trees that were not made to be followed for ever. */
    private static final long STEPS_PER_ENTRY = 16;

    private static final long MIN_STEPS = 1 << 20;

    private final Manifest manifest;
    private final int[] parents;

    ManifestTree(Manifest manifest) {
        this.manifest = manifest;
        this.parents = manifest.parents();
    }

    /** Whether some symbolic link leads to a directory, or may do so: following them all is not worth any price. */
    static boolean mayHaveDirectoryLinks(Manifest manifest) throws FormatException {
        ManifestTree tree = null;
        long budget = MIN_STEPS + STEPS_PER_ENTRY * manifest.entryCount();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.SYMLINK) {
                tree = tree == null ? new ManifestTree(manifest) : tree;
                PathResolution resolution = new PathResolution(tree);
                int node = resolution.resolve(tree.parents[entry], manifest.target(entry), Following.ALL);
                if (node != NONE && manifest.kind(node) == EntryKind.DIRECTORY) {
                    return true;
                }
                budget -= resolution.steps();
                if (budget < 0) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public int root() {
        return 0;
    }

    @Override
    public EntryKind kind(int node) {
        return manifest.kind(node);
    }

    @Override
    public int child(int directory, byte[] path, int start, int end) {
        int child = manifest.child(directory, path, start, end);
        return child != NONE && manifest.kind(child) == EntryKind.HARD_LINK ? manifest.primary(child) : child;
    }

    @Override
    public int parent(int directory) {
        return parents[directory];
    }

    @Override
    public byte[] target(int link) {
        return manifest.target(link);
    }
}
