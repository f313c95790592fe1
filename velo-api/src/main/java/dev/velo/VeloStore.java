package dev.velo;

import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.present.Anchors;
import dev.velo.core.present.ImageFiles;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.LocalPath;
import dev.velo.core.verify.Report;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import dev.velo.ffm.ErrnoException;
import dev.velo.nio.OpenTree;
import dev.velo.nio.StorePlace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A store of file trees, open. Takes trees in, and opens those that it has as views. For any number of threads, and any number of
 * processes may have one store open. Closing waits for what is going on; whatever is asked for after that ends in
 * {@link IllegalStateException}. Views outlive their store, but for what makes something of them: {@link VeloView#checkout},
 * {@link VeloView#mount} and {@link VeloView#command}.
 *
 * {@snippet :
 * try (VeloStore store = VeloStore.open()) {
 *     VeloTree tree = store.ingest(Path.of("node_modules"), VeloIngestOptions.DEFAULT).tree();
 *     try (VeloView view = store.view(tree)) {
 *         view.walk("/").forEach(entry -> System.out.println(entry.path()));
 *     }
 * }
 * }
 */
public final class VeloStore implements AutoCloseable {
    private final Store store;
    private final Path path;
    private final ReentrantReadWriteLock uses = new ReentrantReadWriteLock();
    private boolean closed;

    private VeloStore(Store store, Path path) {
        this.store = store;
        this.path = path;
    }

    /** Work with the store, while it cannot be closed. */
    @FunctionalInterface
    interface Use<T> {
        T with(Store store) throws IOException;
    }

    /**
     * Opens the store that nobody has named: {@code $VELO_STORE}, else {@code $XDG_DATA_HOME/velo}, else {@code ~/.local/share/velo}.
     *
     * @return the store, made now if it was not there
     * @throws IOException if it cannot be opened, or what is there is no store
     */
    public static VeloStore open() throws IOException {
        return open(StorePlace.standard());
    }

    /**
     * Opens the store in a directory.
     *
     * @param directory the directory; a missing or empty one becomes a store, for its owner alone
     * @return the store
     * @throws IOException if it cannot be opened, or holds other things
     */
    public static VeloStore open(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            return new VeloStore(Store.open(LocalPath.bytes(absolute)), absolute);
        } catch (ErrnoException e) {
            throw e.at(absolute.toString()).toFileSystemException();
        }
    }

    /**
     * Unmounts what a store keeps mounted for the next mount or command, as root, and nobody uses. To be said before a store is
     * deleted; there is no need otherwise.
     *
     * @param directory where the store is
     * @throws IOException if it cannot be opened, or something cannot be unmounted
     */
    public static void unmountIdle(Path directory) throws IOException {
        try {
            Anchors.release(Store.openExisting(
                    LocalPath.bytes(directory.toAbsolutePath().normalize())));
        } catch (ErrnoException e) {
            throw e.toFileSystemException();
        }
    }

    /**
     * Where the store is.
     *
     * @return its absolute path
     */
    public Path path() {
        return path;
    }

    <T> T use(Use<T> use) throws IOException {
        uses.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the store " + path + " is closed");
            }
            return use.with(store);
        } catch (ErrnoException e) {
            throw e.toFileSystemException();
        } finally {
            uses.readLock().unlock();
        }
    }

    /**
     * Takes a tree in: what the store has not is added, and the tree is registered. The tree itself is not changed. Killed at any
     * instant, the store is as before or as after.
     *
     * @param tree the directory
     * @param options how
     * @return what was found and done
     * @throws IOException if a file of the tree cannot be taken; nothing is registered then
     */
    public VeloIngestReport ingest(Path tree, VeloIngestOptions options) throws IOException {
        byte[] treePath = LocalPath.bytes(tree.toRealPath());
        byte[] manifestPath = options.manifest().map(LocalPath::normal).orElse(treePath);
        return use(opened -> {
            IngestReport report =
                    Ingest.run(opened, treePath, manifestPath, options.core(), new ProgressRelay(options.progress()));
            Root plain = Root.unregistered(report.tree(), manifestPath);
            Root root = new Root(
                    report.tree(), manifestPath, treePath, options.trust().core(), plain.identity());
            return new VeloIngestReport(
                    VeloTree.of(root),
                    report.entries(),
                    report.files(),
                    report.bytes(),
                    report.filesRead(),
                    report.bytesRead(),
                    report.newBlobs(),
                    report.newBytes(),
                    report.packBytes(),
                    report.warnings());
        });
    }

    /**
     * Opens the tree of a manifest file, or several as layers.
     *
     * @param manifest the manifest; of layers, that of the upper one
     * @param lowers manifests of the layers below, each over the next: names of upper layers hide those of lower ones, whiteouts
     *     (character devices 0:0) delete
     * @return the view, the caller's to close
     * @throws IOException if a manifest cannot be read, or the store lacks contents of it
     */
    public VeloView view(Path manifest, Path... lowers) throws IOException {
        return use(opened -> {
            List<Root> upperFirst = new ArrayList<>(List.of(OpenTree.rootOf(opened, LocalPath.normal(manifest))));
            for (Path lower : lowers) {
                upperFirst.add(OpenTree.rootOf(opened, LocalPath.normal(lower)));
            }
            return opened(opened, upperFirst);
        });
    }

    /**
     * Opens a tree, or several as layers.
     *
     * @param tree the tree; of layers, the upper one
     * @param lowers the layers below, each over the next
     * @return the view, the caller's to close
     * @throws IOException if the store lacks the tree or contents of it
     */
    public VeloView view(VeloTree tree, VeloTree... lowers) throws IOException {
        List<Root> upperFirst = new ArrayList<>(List.of(tree.root()));
        Arrays.stream(lowers).map(VeloTree::root).forEach(upperFirst::add);
        return use(opened -> opened(opened, upperFirst));
    }

    private VeloView opened(Store opened, List<Root> upperFirst) throws IOException {
        OpenTree tree = OpenTree.of(opened, upperFirst);
        ImageFiles image = ImageFiles.of(opened, tree.view().image());
        return new VeloView(new ViewPresentation(this, tree, image));
    }

    /**
     * The trees that are registered.
     *
     * @return one for each manifest file and each registered directory
     * @throws IOException if they cannot be read
     */
    public List<VeloTree> manifests() throws IOException {
        return use(opened -> new Roots(opened).all().stream().map(VeloTree::of).toList());
    }

    /**
     * Reads everything in the store and holds it against its digests, on all processors.
     *
     * @return what was found
     * @throws IOException if the store cannot be read at all
     */
    public VeloVerification verify() throws IOException {
        return verify(VeloVerification.Depth.CONTENTS);
    }

    /**
     * Holds the store against itself, on all processors.
     *
     * @param depth how much is read
     * @return what was found
     * @throws IOException if the store cannot be read at all
     */
    public VeloVerification verify(VeloVerification.Depth depth) throws IOException {
        return use(opened -> {
            // whoever asks for everything means everything
            VerifyOptions options = VerifyOptions.of(depth.core()).withMaxAge(Duration.ZERO);
            Report report = Verification.ofStore(opened, options);
            return new VeloVerification(report.blobs(), report.looseFiles(), report.bytes(), report.problems());
        });
    }

    /**
     * Takes out of the store what no registered tree needs. Ingests, views, mounts and commands may go on meanwhile, in this process
     * and others; nothing that is in use goes. Killed at any instant, nothing that a tree needs is gone.
     *
     * {@snippet :
     * VeloCollectReport dead = store.collect(VeloCollectOptions.DEFAULT.withEffect(VeloCollectOptions.Effect.TELL));
     * if (dead.freedBytes() > 1L << 30) {
     *     store.collect(VeloCollectOptions.DEFAULT);
     * }
     * }
     *
     * @param options what it takes
     * @return what was found and done
     * @throws IOException if the store can only be read, a registered tree cannot be read, or somebody else collects now; nothing is
     *     removed then
     */
    public VeloCollectReport collect(VeloCollectOptions options) throws IOException {
        return use(opened -> VeloCollectReport.of(
                options.effect() == VeloCollectOptions.Effect.DELETE
                        ? GarbageCollection.run(opened, options.core())
                        : GarbageCollection.plan(opened, options.core())));
    }

    /** Closes the store, once; waits for what is going on in other threads. */
    @Override
    public void close() {
        uses.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                store.close();
            }
        } finally {
            uses.writeLock().unlock();
        }
    }

    /**
     * The store's path.
     *
     * @return text for messages
     */
    @Override
    public String toString() {
        return "VeloStore " + path;
    }
}
