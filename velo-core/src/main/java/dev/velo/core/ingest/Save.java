package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.store.Packs;
import dev.velo.core.store.StatCache;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.verify.BootCheck;
import dev.velo.core.view.Layers;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/**
 * Takes what was written over a tree into a store, as a tree of its own: the one that the program saw at its end. The upper directory of
 * the overlay is ingested, and its manifest merged over those of the layers below; of them nothing is read. Killed at any instant, the
 * store is as before or as after.
 *
 * <p>The overlay is one of Velo's: with {@code userxattr}, and without an index. So a file with several names that was written to
 * through one of them has left the others; what stands in the result is what the program saw.
 */
public final class Save {
    private final Store store;
    private final OverlayUpper upper;
    private final IngestOptions options;
    private final IngestListener listener;
    private final Warnings warnings = new Warnings();

    private Save(Store store, OverlayUpper upper, IngestOptions options, IngestListener listener) {
        this.store = store;
        this.upper = upper;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Saves the tree that this upper makes of the layers below it, whose blobs the store has, and writes its manifest.
     *
     * @param lowers the manifests of the layers below, upper first
     * @param manifestPath absolute path of the manifest to write
     * @param origin absolute path at which the tree appears by itself; empty for nowhere
     * @param options no includes, excludes, prefix and skipping: a part of an upper means nothing. Owners are stored if the layers below
     *     store them, whatever the options say; rules in the tree are not followed
     * @throws IngestException if something in the upper cannot be taken; nothing is published then
     */
    public static SavedTree run(
            Store store,
            OverlayUpper upper,
            List<Manifest> lowers,
            byte[] manifestPath,
            byte[] origin,
            IngestOptions options,
            IngestListener listener)
            throws IOException {
        boolean whole = options.excludes().isEmpty()
                && options.includes().isEmpty()
                && options.prefix().length == 0
                && !options.has(IngestOptions.Choice.SKIP_UNREADABLE)
                && !options.has(IngestOptions.Choice.ONE_FILE_SYSTEM);
        if (!whole) {
            throw new IllegalArgumentException(
                    "a tree is saved whole, without includes, excludes, prefix and skipping");
        }
        Manifest lower = Layers.merge(lowers);
        IngestOptions owned = options.withOwner(storesOwners(lower) ? OwnerPolicy.KEEP : OwnerPolicy.SQUASH);
        try {
            return new Save(store, upper, owned, listener).run(lower, manifestPath, origin);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES && e.path().startsWith(PathBytes.show(upper.path()))) {
                throw new IOException(
                        e.getMessage() + "; what a program has closed to you can be saved after chmod u+rX, or by root",
                        e);
            }
            throw e;
        }
    }

    private static boolean storesOwners(Manifest manifest) {
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.hasOwner(entry)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("try") // the lock is only held
    private SavedTree run(Manifest lower, byte[] manifestPath, byte[] origin) throws IOException {
        BootCheck.run(store).forEach(warnings::add);
        OwnerAccess access = new OwnerAccess();
        try (Descriptor root = open(access);
                Descriptor lock = store.lockShared();
                Packs packs = store.packs()) {
            ScanPurpose purpose = upper.care() == OverlayUpper.Care.DISPOSABLE
                    ? new ScanPurpose.OwnLayer(access)
                    : new ScanPurpose.Layer();
            ScannedTree tree = TreeScanner.scan(upper.path(), root.fd(), purpose, options, warnings, listener);
            FileFacts facts = new FileFacts(tree.entryCount());
            ReadList list = new Survey(tree, StatCache.empty(), facts).run(root.fd());
            listener.toRead(list.count(), list.bytes());
            Ingestion ingestion = new Ingestion(tree, list, facts, options, warnings, listener);
            try (PackAppender appender = new PackAppender(store, packs, options, listener, list.count())) {
                Reading.run(ingestion, root.fd(), appender);
                access.restore(tree);
                ManifestBuilder builder = merged(ingestion, lower);
                Manifest manifest =
                        Layers.built(PathBytes.show(manifestPath), builder).manifest();
                packs.refresh();
                requireBlobs(manifest, packs);
                Digest digest = new Publication(store, options, manifestPath, origin).publish(builder);
                return new SavedTree(manifest, report(digest, manifest, list, appender));
            }
        }
    }

    private Descriptor open(OwnerAccess access) throws IOException {
        if (upper.care() == OverlayUpper.Care.DISPOSABLE) {
            Statx stat = new Statx();
            FileCalls.statx(FileCalls.AT_FDCWD, upper.path(), 0, stat);
            access.grant(FileCalls.AT_FDCWD, CString.first(upper.path()), stat);
        }
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, upper.path(), flags, 0));
    }

    private ManifestBuilder merged(Ingestion ingestion, Manifest lower) throws IOException {
        InsideIds ids = new InsideIds(ingestion, upper.users(), upper.groups());
        ids.translateAttributes();
        if (options.owner() == OwnerPolicy.KEEP) {
            ids.translateOwners();
        }
        ManifestBuilder assembled = new ManifestAssembly(ingestion).assemble();
        Manifest above = Layers.built(PathBytes.show(upper.path()), assembled).manifest();
        UpperManifest checked = new UpperManifest(upper.path(), above);
        checked.requireWhole();
        BitSet mountPoints = checked.mountPoints(upper.mountPoints(), lower);
        return Layers.over(above, mountPoints::get, lower);
    }

    /** Somebody may have collected the layers below while the program ran. */
    private static void requireBlobs(Manifest manifest, Packs packs) throws FormatException {
        for (int blob = 0; blob < manifest.blobCount(); blob++) {
            packs.require(manifest.digest(blob), manifest.file());
        }
    }

    private IngestReport report(Digest tree, Manifest manifest, ReadList list, PackAppender appender) {
        long files = 0;
        long bytes = 0;
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.FILE) {
                files++;
                bytes += manifest.size(entry);
            }
        }
        return new IngestReport(
                tree,
                manifest.entryCount(),
                files,
                bytes,
                list.count(),
                list.bytes(),
                appender.newBlobs(),
                appender.newBytes(),
                appender.packBytes(),
                warnings.count(),
                warnings.listed());
    }
}
