package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Registers a manifest file that was made elsewhere, or not registered when it was made, and writes the file of a registered one again.
 * What is registered is durable: the store's copy of the manifest, then the root. Killed in between, nothing is registered.
 */
public final class Registration {
    private final Store store;
    private final Roots roots;

    /** For a store that stays open as long as this is used. */
    public Registration(Store store) {
        this.store = store;
        this.roots = new Roots(store);
    }

    /**
     * Registers the manifest at this absolute path, as of unknown origin and not trusted. The same manifest at a path at which it is
     * registered already keeps what is known of it.
     *
     * @throws IOException in one sentence, if the store lacks blobs of the tree; nothing is registered then
     */
    @SuppressWarnings("try") // the lock is only held
    public Root add(byte[] manifestPath) throws IOException {
        store.requireWritable();
        // what is found now may not go before the root protects it
        try (Descriptor lock = store.lockShared();
                Packs packs = store.packs();
                Arena arena = Arena.ofShared();
                Descriptor file = open(manifestPath)) {
            String shown = PathBytes.show(manifestPath);
            MemorySegment bytes = FileBytes.read(arena, file.fd(), shown, ManifestReader.MAX_BYTES);
            requireBlobs(ManifestReader.read(shown, bytes), packs);
            Settling.settlePacks(store);
            Digest tree = keep(bytes);
            Root root = root(tree, manifestPath, file.fd());
            roots.register(root, SyncPolicy.FULL);
            return root;
        }
    }

    /**
     * Writes the manifest of a root to this absolute path, from the store's copy, and registers it there, with all that is known of it.
     *
     * @throws IOException in one sentence, if anything is at the path
     */
    @SuppressWarnings("try") // the lock is only held
    public Root restore(Root root, byte[] path) throws IOException {
        store.requireWritable();
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor lock = store.lockShared();
                Arena arena = Arena.ofConfined();
                Descriptor folder =
                        new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, PathBytes.parent(path), flags, 0));
                PublishedFile file = PublishedFile.create(folder.fd(), 0666)) {
            file.accept(new ManifestCopies(store).verified(arena, root.tree()));
            FileCalls.fsync(file.fd());
            if (!file.publishNew(PathBytes.lastName(path))) {
                throw new IOException(
                        PathBytes.show(path) + " is not written, because something is there already; move it away");
            }
            FileCalls.fsync(folder.fd());
            Statx stat = new Statx();
            FileCalls.fstatx(file.fd(), stat);
            Root restored = new Root(root.tree(), path, root.origin(), root.trust(), FileIdentity.of(stat));
            roots.register(restored, SyncPolicy.FULL);
            return restored;
        }
    }

    private static Descriptor open(byte[] manifestPath) throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, manifestPath, flags, 0));
    }

    private Digest keep(MemorySegment bytes) throws IOException {
        try (ManifestCopy copy = new ManifestCopies(store).begin(SyncPolicy.FULL)) {
            copy.accept(bytes);
            Digest tree = ManifestCopies.digest(bytes);
            copy.keep(tree);
            return tree;
        }
    }

    private Root root(Digest tree, byte[] manifestPath, int file) throws IOException {
        Statx stat = new Statx();
        FileCalls.fstatx(file, stat);
        Root before = roots.at(manifestPath);
        Root known = before != null && before.tree().equals(tree) ? before : Root.unregistered(tree, manifestPath);
        return new Root(tree, manifestPath, known.origin(), known.trust(), FileIdentity.of(stat));
    }

    private void requireBlobs(Manifest manifest, Packs packs) throws IOException {
        int missing = 0;
        int first = -1;
        for (int blob = manifest.blobCount() - 1; blob >= 0; blob--) {
            if (packs.find(manifest.digest(blob)) == null) {
                missing++;
                first = blob;
            }
        }
        if (missing > 0) {
            throw new IOException(manifest.file() + " is not registered, because " + missing + " of its "
                    + manifest.blobCount() + " blobs are not in the store " + PathBytes.show(store.path())
                    + ", among them that of " + path(manifest, first)
                    + "; ingest the tree, or name the store that has it with --store");
        }
    }

    /** The first path in the tree at which this blob stands. */
    private static String path(Manifest manifest, int blob) {
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.FILE && manifest.blob(entry) == blob) {
                return manifest.describe(entry, manifest.parents());
            }
        }
        throw new IllegalStateException("a blob of no file"); // the reader has refused it
    }
}
