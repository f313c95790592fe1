package dev.velo.core.ingest;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.OverlayMarks;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The manifest of an overlay's upper directory: what in it cannot be merged with a lower tree, and what shall not be. */
final class UpperManifest {
    private static final String FEATURES =
            "; mount the overlay with redirect_dir=off,metacopy=off,index=off, as Velo does, and let the program run again";

    private static final Map<String, String> REFUSED = Map.of(
            "redirect",
            "was renamed by an overlay that notes so (redirect_dir), and its contents stay under the old name below",
            "metacopy",
            "has its contents still in the layer below (metacopy)",
            "nlink",
            "was a hard link in the layer below, and an index beside the upper says which names it has now (index)");

    private final byte[] path;
    private final Manifest manifest;

    /** {@code path} is the upper's, for messages. */
    UpperManifest(byte[] path, Manifest manifest) {
        this.path = path;
        this.manifest = manifest;
    }

    /** Throws if an overlay has left here what only an overlay can make sense of. */
    void requireWhole() throws IngestException {
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            for (AttributeSet.Attribute attribute : manifest.attributes(entry)) {
                for (Map.Entry<String, String> refused : REFUSED.entrySet()) {
                    if (OverlayMarks.isMark(attribute, PathBytes.of(refused.getKey()))) {
                        throw new IngestException(path(entry), refused.getValue() + FEATURES);
                    }
                }
            }
        }
    }

    /** The entries that were made to be mounted over and hold nothing, those that the lower tree has excepted. */
    BitSet mountPoints(List<byte[]> paths, Manifest lower) {
        List<byte[]> deepestFirst = new ArrayList<>(paths);
        deepestFirst.sort(
                Comparator.comparingInt((byte[] at) -> PathBytes.names(at).size())
                        .reversed());
        BitSet found = new BitSet();
        for (byte[] at : deepestFirst) {
            int entry = manifest.find(at);
            if (entry > 0 && lower.find(at) < 0 && isEmpty(entry, found)) {
                found.set(entry);
            }
        }
        return found;
    }

    private boolean isEmpty(int entry, BitSet leftOut) {
        if (manifest.kind(entry) == EntryKind.DIRECTORY) {
            int first = manifest.firstChild(entry);
            int end = first + manifest.childCount(entry);
            return leftOut.get(first, end).cardinality() == end - first;
        }
        return manifest.kind(entry) == EntryKind.FILE && manifest.size(entry) == 0;
    }

    private byte[] path(int entry) {
        int[] parents = manifest.parents();
        byte[] below = new byte[0];
        for (int at = entry; at != 0; at = parents[at]) {
            below = below.length == 0 ? manifest.name(at) : PathBytes.join(manifest.name(at), below);
        }
        return below.length == 0 ? path : PathBytes.join(path, below);
    }
}
