package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Root;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out which files of trees have certain blobs. */
final class BlobUses {
    private final Set<Digest> wanted;
    private final Map<Digest, List<Use>> first = new HashMap<>();
    private final Map<Digest, Long> counts = new HashMap<>();

    private BlobUses(Set<Digest> wanted) {
        this.wanted = wanted;
    }

    /** The uses of these blobs in all registered trees; blobs that none has are left out. */
    static Map<Digest, Uses> of(Registry registry, Set<Digest> wanted) throws IOException {
        BlobUses uses = new BlobUses(wanted);
        if (!wanted.isEmpty()) {
            registry.forEachTree(uses::add);
        }
        return uses.found();
    }

    /** The same with a tree that need not be registered. */
    static Map<Digest, Uses> of(Registry registry, Set<Digest> wanted, Root unregistered, Manifest manifest)
            throws IOException {
        BlobUses uses = new BlobUses(wanted);
        if (!wanted.isEmpty()) {
            uses.add(List.of(unregistered), manifest);
            registry.forEachTree(uses::add);
        }
        return uses.found();
    }

    private Map<Digest, Uses> found() {
        Map<Digest, Uses> found = new HashMap<>();
        counts.forEach((digest, count) -> found.put(digest, new Uses(first.getOrDefault(digest, List.of()), count)));
        return found;
    }

    private void add(List<Root> registered, Manifest manifest) {
        BitSet blobs = new BitSet();
        for (int blob = 0; blob < manifest.blobCount(); blob++) {
            if (wanted.contains(manifest.digest(blob))) {
                blobs.set(blob);
            }
        }
        if (blobs.isEmpty()) {
            return;
        }
        int[] parents = manifest.parents();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            int file = file(manifest, entry);
            int blob = file < 0 ? -1 : manifest.blob(file);
            if (blob >= 0 && blobs.get(blob)) {
                Digest digest = manifest.digest(blob);
                counts.merge(digest, (long) registered.size(), Long::sum);
                List<Use> uses = first.computeIfAbsent(digest, key -> new ArrayList<>());
                for (int i = 0; i < registered.size() && uses.size() < Uses.LIMIT; i++) {
                    uses.add(new Use(registered.get(i), path(manifest, entry, parents), manifest.size(file)));
                }
            }
        }
    }

    /** The file that an entry names; -1 for what is none. */
    private static int file(Manifest manifest, int entry) {
        int file = manifest.kind(entry) == EntryKind.HARD_LINK ? manifest.primary(entry) : entry;
        return manifest.kind(file) == EntryKind.FILE ? file : -1;
    }

    /** The path of an entry below the root. */
    private static byte[] path(Manifest manifest, int entry, int[] parents) {
        byte[] path = manifest.name(entry);
        for (int at = parents[entry]; at != 0; at = parents[at]) {
            path = PathBytes.join(manifest.name(at), path);
        }
        return path;
    }
}
