package dev.velo.core.present;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.TreeShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The directories of a manifest, by entry number. */
final class ManifestShape implements TreeShape {
    private final Manifest manifest;
    private final int[] parents;

    ManifestShape(Manifest manifest) {
        this.manifest = manifest;
        this.parents = manifest.parents();
    }

    private int[] below(int[] level) {
        int[] found = new int[16];
        int count = 0;
        for (int directory : level) {
            int first = manifest.firstChild(directory);
            for (int child = first; child < first + manifest.childCount(directory); child++) {
                if (manifest.kind(child) == EntryKind.DIRECTORY) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, count * 2);
                    }
                    found[count++] = child;
                }
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** The directories of each level, the root's first. */
    List<int[]> levels() {
        List<int[]> levels = new ArrayList<>();
        int[] level = {0};
        while (level.length > 0) {
            levels.add(level);
            level = below(level);
        }
        return levels;
    }

    int[] parents() {
        return parents;
    }

    @Override
    public int parent(int directory) {
        return parents[directory];
    }

    @Override
    public long nameAddress(int directory) {
        return manifest.nameAddress(directory);
    }
}
