package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;

/** The last step of taking a tree in, when its blobs are stored: the manifest gets its place, and is registered. */
final class Publication {
    private final Roots roots;
    private final SyncPolicy sync;
    private final Root.Trust trust;

    /** For a store whose lock is held, shared. */
    Publication(Store store, IngestOptions options) {
        this.roots = new Roots(store);
        this.sync = options.sync();
        this.trust = options.trust();
    }

    /**
     * Writes the manifest to this path, over whatever is there.
     *
     * @param origin where the tree came from; empty if from nowhere
     */
    Digest publish(ManifestBuilder builder, byte[] origin, byte[] manifestPath) throws IOException {
        byte[] folder = PathBytes.parent(manifestPath);
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, folder, flags, 0));
                PublishedFile copy = roots.begin();
                PublishedFile manifest = PublishedFile.create(directory.fd(), 0666)) {
            Digest digest = builder.writeTo(chunk -> {
                copy.accept(chunk);
                manifest.accept(chunk);
            });
            roots.keep(copy, digest, sync);
            if (sync != SyncPolicy.NONE) {
                FileCalls.fsync(manifest.fd());
            }
            manifest.publishOver(PathBytes.lastName(manifestPath));
            if (sync != SyncPolicy.NONE) {
                FileCalls.fsync(directory.fd());
            }
            register(digest, manifestPath, origin, manifest);
            return digest;
        } catch (ErrnoException e) {
            throw e.at(PathBytes.show(manifestPath));
        }
    }

    /** Registers a tree under the path of its directory, with no manifest but the store's own. */
    Digest publishAs(byte[] treePath, ManifestBuilder builder, byte[] origin) throws IOException {
        try (PublishedFile copy = roots.begin()) {
            Digest digest = builder.writeTo(copy);
            roots.keep(copy, digest, sync);
            register(digest, treePath, origin, copy);
            return digest;
        }
    }

    private void register(Digest digest, byte[] path, byte[] origin, PublishedFile manifest) throws IOException {
        Statx stat = new Statx();
        FileCalls.fstatx(manifest.fd(), stat);
        roots.register(new Root(digest, path, origin, trust, FileIdentity.of(stat)), sync);
    }
}
