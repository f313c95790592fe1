package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Profile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds out which parts of which blobs a run reads: it is shown the tree by a mount of its own, whose page cache is empty at first, and afterwards each
 * file is asked which of its pages are there ({@code cachestat(2)}). It sees reads, maps and executions alike, of every process, and
 * the run pays nothing for it. What the kernel drops again for want of memory is missed.
 */
public final class Recording implements AutoCloseable {
    private static final int MAX_PATH_BYTES = 4095;

    private final Anchors anchors;
    private final Anchor anchor;

    private Recording(Anchors anchors, Anchor anchor) {
        this.anchors = anchors;
        this.anchor = anchor;
    }

    /** Mounts the image that is held here once more. */
    public static Recording begin(Store store, Anchor held) throws IOException {
        Anchors anchors = new Anchors(store);
        return new Recording(anchors, anchors.fresh(held.image()));
    }

    /** What the run is to be shown; belongs to this recording. */
    public Anchor anchor() {
        return anchor;
    }

    /** The parts of blobs ({@link Profile#parts}) that have been read since the beginning. */
    public Map<Digest, BitSet> read(Manifest manifest) throws IOException {
        Map<Digest, BitSet> read = new HashMap<>();
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor root = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, anchor.tree(), flags, 0))) {
            byte[][] paths = new byte[manifest.entryCount()][];
            paths[0] = new byte[0];
            for (int entry = 0; entry < manifest.entryCount(); entry++) {
                if (manifest.kind(entry) == EntryKind.DIRECTORY) {
                    nameChildren(manifest, entry, paths);
                } else if (manifest.kind(entry) == EntryKind.FILE && manifest.blob(entry) >= 0) {
                    BitSet parts = parts(root.fd(), paths[entry], manifest.size(entry));
                    if (!parts.isEmpty()) {
                        read.computeIfAbsent(manifest.digest(manifest.blob(entry)), blob -> new BitSet())
                                .or(parts);
                    }
                }
                paths[entry] = new byte[0];
            }
        }
        return read;
    }

    private static void nameChildren(Manifest manifest, int directory, byte[][] paths) {
        int first = manifest.firstChild(directory);
        for (int child = first; child < first + manifest.childCount(directory); child++) {
            byte[] name = manifest.name(child);
            paths[child] = paths[directory].length == 0 ? name : PathBytes.join(paths[directory], name);
        }
    }

    private static BitSet parts(int root, byte[] path, long size) throws IOException {
        BitSet parts = new BitSet();
        int count = Math.toIntExact((size + Profile.PART_BYTES - 1) / Profile.PART_BYTES);
        if (path.length > MAX_PATH_BYTES) {
            // no program gets there by one path; such a file is not worth more than being taken for read
            parts.set(0, count);
            return parts;
        }
        int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;
        try (Descriptor file = new Descriptor(FileCalls.openat(root, path, flags, 0))) {
            if (FileCalls.cachestat(file.fd(), 0, 0) > 0) {
                for (int i = 0; i < count; i++) {
                    parts.set(i, FileCalls.cachestat(file.fd(), (long) i * Profile.PART_BYTES, Profile.PART_BYTES) > 0);
                }
            }
        }
        return parts;
    }

    /** Unmounts what the run was shown. */
    @Override
    public void close() throws IOException {
        anchors.discard(anchor);
    }
}
