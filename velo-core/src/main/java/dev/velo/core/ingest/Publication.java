package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.store.ManifestCopies;
import dev.velo.core.store.ManifestCopy;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Settling;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last stage, when all blobs are in packs: the store's copy of the manifest, the manifest's file, the root. Killed in between, what
 * was there before is there still.
 */
final class Publication {
    private final Store store;
    private final Roots roots;
    private final ManifestCopies copies;
    private final IngestOptions options;
    private final byte[] manifestPath;
    private final byte[] origin;

    /** {@code origin} is where the tree appears by itself; empty for nowhere. */
    Publication(Store store, IngestOptions options, byte[] manifestPath, byte[] origin) {
        this.store = store;
        this.roots = new Roots(store);
        this.copies = new ManifestCopies(store);
        this.options = options;
        this.manifestPath = manifestPath;
        this.origin = origin;
    }

    /**
     * The digest of this manifest, if just this is what was published last, and is there still; else null. What is asked to be
     * durable is always written again, since it may have been written by an ingest that was not.
     */
    @Nullable
    Digest standing(ManifestBuilder builder) throws IOException {
        if (options.sync() != SyncPolicy.NONE || options.has(IngestOptions.Choice.NO_ROOT)) {
            return null;
        }
        Root root;
        try {
            root = roots.find(manifestPath);
        } catch (IOException e) {
            // damaged: to be replaced
            return null;
        }
        if (root == null || root.trust() != options.trust() || !Arrays.equals(root.origin(), origin)) {
            return null;
        }
        Digest digest = builder.writeTo(chunk -> {});
        return digest.equals(root.tree()) && roots.keeps(digest) && isWhole(digest) ? digest : null;
    }

    /** A power loss may have left another manifest of the same length; where the root is of before it, that is looked at. */
    private boolean isWhole(Digest digest) throws IOException {
        return !roots.isSettled(manifestPath) || Roots.digestOf(manifestPath).equals(digest);
    }

    /** Writes the manifest's file and registers it, unless that is not wanted. */
    Digest publish(ManifestBuilder builder) throws IOException {
        try {
            return options.has(IngestOptions.Choice.NO_ROOT) ? write(builder) : writeAndRegister(builder);
        } catch (ErrnoException e) {
            // a full disk is told with its own place, which may be the store's
            throw e.errno().isOfMachine() ? e : e.at(PathBytes.show(manifestPath));
        }
    }

    /** Blobs that the store had already may stand in packs for which nobody has waited. */
    private void settlePacks() throws ErrnoException {
        if (options.sync() == SyncPolicy.FULL) {
            Settling.settlePacks(store);
        }
    }

    private Digest write(ManifestBuilder builder) throws IOException {
        try (Descriptor directory = folder();
                PublishedFile manifest = PublishedFile.create(directory.fd(), 0666)) {
            settlePacks();
            Digest digest = builder.writeTo(manifest);
            publish(manifest, directory);
            return digest;
        }
    }

    private Digest writeAndRegister(ManifestBuilder builder) throws IOException {
        try (Descriptor directory = folder();
                ManifestCopy copy = copies.begin(options.sync());
                PublishedFile manifest = PublishedFile.create(directory.fd(), 0666)) {
            settlePacks();
            Digest digest = builder.writeTo(chunk -> {
                copy.accept(chunk);
                manifest.accept(chunk);
            });
            copy.keep(digest);
            publish(manifest, directory);
            Statx stat = new Statx();
            FileCalls.fstatx(manifest.fd(), stat);
            roots.register(
                    new Root(digest, manifestPath, origin, options.trust(), FileIdentity.of(stat)), options.sync());
            return digest;
        }
    }

    private Descriptor folder() throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, PathBytes.parent(manifestPath), flags, 0));
    }

    private void publish(PublishedFile manifest, Descriptor directory) throws ErrnoException {
        if (options.sync() != SyncPolicy.NONE) {
            FileCalls.fsync(manifest.fd());
        }
        manifest.publishOver(PathBytes.lastName(manifestPath));
        if (options.sync() != SyncPolicy.NONE) {
            FileCalls.fsync(directory.fd());
        }
    }

    /** Registers the manifest, without a file of its own. */
    Digest register(ManifestBuilder builder) throws IOException {
        try (ManifestCopy copy = copies.begin(options.sync())) {
            settlePacks();
            Digest digest = builder.writeTo(copy);
            copy.keep(digest);
            Root root = new Root(digest, manifestPath, origin, options.trust(), copy.identity());
            roots.register(root, options.sync());
            return digest;
        }
    }
}
