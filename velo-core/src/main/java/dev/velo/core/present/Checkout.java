package dev.velo.core.present;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.DirectoryChain;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Syscall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes a real tree of a manifest: directories, as soon as those that hold them are there, on all threads; then hard links between
 * its files; then what could not be given to directories while they were being filled, deepest first.
 */
public final class Checkout {
    private static final int SAMPLE = 32;

    private final Store store;
    private final Packs packs;
    private final Manifest manifest;
    private final CheckoutMode mode;
    private final MetadataPolicy metadata;
    private final int threads;
    private final ManifestShape shape;
    private final TreePlan plan;
    private final List<DirectoryFiller> fillers = new ArrayList<>();

    private Checkout(
            Store store, Packs packs, Manifest manifest, CheckoutMode mode, MetadataPolicy metadata, int threads) {
        this.store = store;
        this.packs = packs;
        this.manifest = manifest;
        this.mode = mode;
        this.metadata = metadata;
        this.threads = threads;
        this.shape = new ManifestShape(manifest);
        this.plan = new TreePlan(manifest, shape);
    }

    /**
     * Makes the tree in the empty directory of this descriptor, which stays the caller's and gets the metadata of the tree's root.
     * What was made when this throws is left for the caller to remove.
     */
    public static CheckoutReport run(
            Store store,
            Packs packs,
            Manifest manifest,
            int target,
            CheckoutMode mode,
            MetadataPolicy metadata,
            int threads)
            throws IOException {
        return new Checkout(store, packs, manifest, mode, metadata, threads).run(target);
    }

    /** Whether little has to be read and hashed: most files that a sample asks for are there to be linked, or there are few. */
    public static boolean isQuick(
            Store store, Packs packs, Manifest manifest, CheckoutMode mode, MetadataPolicy metadata)
            throws IOException {
        if (manifest.blobCount() < SAMPLE * SAMPLE) {
            return true;
        }
        if (mode != CheckoutMode.LINK) {
            return false;
        }
        LooseObjects loose = new LooseObjects(store, packs, manifest, metadata, LooseObjects.Writability.NOBODY);
        int asked = 0;
        int there = 0;
        int step = Math.max(1, manifest.entryCount() / SAMPLE);
        for (int entry = step / 2; entry < manifest.entryCount(); entry += step) {
            if (manifest.kind(entry) == EntryKind.FILE && manifest.blob(entry) >= 0) {
                asked++;
                there += loose.has(entry) ? 1 : 0;
            }
        }
        return 2 * there >= asked;
    }

    private CheckoutReport run(int target) throws IOException {
        for (int i = 0; i < threads; i++) {
            fillers.add(new DirectoryFiller(store, packs, manifest, mode, metadata, plan));
        }
        try (Chains chains = new Chains(target)) {
            fillAll(chains);
            linkFurtherNames(target);
            List<int[]> levels = plan.hasLate() ? shape.levels() : List.of();
            for (int i = levels.size() - 1; i >= 0; i--) {
                eachOf(
                        plan.late(levels.get(i)),
                        (worker, directory) ->
                                fillers.get(worker).finish(chains.of(worker).open(directory), directory));
            }
        }
        return report();
    }

    private CheckoutReport report() {
        long linked = 0;
        long made = 0;
        long copied = 0;
        List<String> warnings = new ArrayList<>();
        for (DirectoryFiller filler : fillers) {
            linked += filler.linked();
            made += filler.made();
            copied += filler.copied();
            warnings.addAll(filler.warnings());
        }
        if (copied > 0 && mode != CheckoutMode.COPY && mode != CheckoutMode.REFLINK) {
            warnings.add(copied + " files were copied, because no further hard links to the store can be made there");
        }
        return new CheckoutReport(plan.files(), linked, made, copied, warnings);
    }

    private void linkFurtherNames(int target) throws IOException {
        int[] links = plan.hardLinks();
        if (links.length == 0) {
            return;
        }
        try (DirectoryChain from = new DirectoryChain(shape, 0, target);
                DirectoryChain to = new DirectoryChain(shape, 0, target)) {
            for (int link : links) {
                int primary = manifest.primary(link);
                if (metadata.leavesOut(manifest, primary)) {
                    continue;
                }
                int fromDirectory = from.open(shape.parent(primary));
                int toDirectory = to.open(shape.parent(link));
                LinkCalls.linkat(
                        fromDirectory, manifest.nameAddress(primary), toDirectory, manifest.nameAddress(link), 0);
            }
        }
    }

    private void fillAll(Chains chains) throws IOException {
        DirectoryQueue queue = new DirectoryQueue();
        Workers.run(threads, "velo-checkout", worker -> {
            DirectoryFiller filler = fillers.get(worker);
            DirectoryChain chain = chains.of(worker);
            for (Integer directory = queue.take(); directory != null; directory = queue.take()) {
                boolean filled = false;
                try {
                    int fd = chain.open(directory);
                    queue.add(filler.makeDirectories(fd, directory));
                    filler.fill(fd, directory);
                    filled = true;
                } catch (ErrnoException e) {
                    throw e.in(manifest.describe(directory, shape.parents()));
                } finally {
                    queue.finished();
                    if (!filled) {
                        queue.stop();
                    }
                }
            }
        });
    }

    private interface DirectoryJob {
        void run(int worker, int directory) throws IOException;
    }

    private void eachOf(int[] directories, DirectoryJob job) throws IOException {
        AtomicInteger next = new AtomicInteger();
        int count = Math.min(threads, Math.max(1, directories.length / 4));
        Workers.run(count, "velo-checkout", worker -> {
            for (int i = next.getAndIncrement(); i < directories.length; i = next.getAndIncrement()) {
                try {
                    job.run(worker, directories[i]);
                } catch (ErrnoException e) {
                    throw e.in(manifest.describe(directories[i], shape.parents()));
                }
            }
        });
    }

    /** One chain of directory descriptors for each worker. */
    private final class Chains implements AutoCloseable {
        private final List<DirectoryChain> chains = new ArrayList<>();

        Chains(int target) {
            for (int i = 0; i < threads; i++) {
                chains.add(new DirectoryChain(shape, 0, target));
            }
        }

        DirectoryChain of(int worker) {
            return chains.get(worker);
        }

        @Override
        public void close() {
            chains.forEach(DirectoryChain::close);
        }
    }

    /** Makes a new directory, private to its maker until it is filled, and opens it. */
    public static Descriptor makeTarget(byte[] path) throws IOException {
        Folder.make(FileCalls.AT_FDCWD, path, 0700);
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        Descriptor target = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
        try {
            if (!DirectoryListing.names(target.fd()).isEmpty()) {
                throw new ErrnoException(Syscall.MKDIRAT, Errno.ENOTEMPTY, PathBytes.show(path));
            }
            return target;
        } catch (ErrnoException e) {
            target.close();
            throw e;
        }
    }
}
