package dev.velo;

import dev.velo.core.present.Anchor;
import dev.velo.core.present.Anchors;
import dev.velo.core.present.Checkout;
import dev.velo.core.present.CheckoutReport;
import dev.velo.core.present.DirectoryMount;
import dev.velo.core.present.ImageFiles;
import dev.velo.core.present.KernelRelease;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.Upper;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.LocalPath;
import dev.velo.nio.OpenTree;
import dev.velo.process.RunnerProcess;
import dev.velo.process.Streams;
import dev.velo.shim.ShimLibraries;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes something of a view that others see: a directory, a mount, a process. Uses the store, not the view. */
record ViewPresentation(VeloStore store, OpenTree tree, ImageFiles image) {
    VeloCheckout.Report checkout(Path directory, VeloCheckout options) throws IOException {
        requireOpen();
        byte[] target = LocalPath.bytes(directory);
        boolean wasThere = Files.exists(directory);
        return store.use(opened -> {
            CheckoutReport report;
            try {
                report = checkout(opened, target, options);
            } catch (PartialCheckout e) {
                if (wasThere) {
                    Trash.discardContents(target, e.failure);
                } else {
                    Trash.discard(target, e.failure);
                }
                throw e.failure;
            }
            return new VeloCheckout.Report(report.files(), report.linked(), report.copied(), report.warnings());
        });
    }

    @SuppressWarnings("try") // the lock is only held
    private CheckoutReport checkout(Store opened, byte[] target, VeloCheckout options) throws IOException {
        try (Descriptor shared = opened.lockShared();
                Packs packs = opened.packs();
                Descriptor made = Checkout.makeTarget(target)) {
            try {
                return Checkout.run(
                        opened,
                        packs,
                        tree.manifest().read(),
                        made.fd(),
                        options.mode().core(),
                        tree.policy(),
                        options.threads());
            } catch (IOException e) {
                throw new PartialCheckout(e);
            }
        }
    }

    /** A failure after which something is left to remove. */
    private static final class PartialCheckout extends IOException {
        private static final long serialVersionUID = 1;

        private final IOException failure;

        PartialCheckout(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    VeloMount mount(Path directory, VeloWrites writes) throws IOException {
        requireOpen();
        Path place = directory.toRealPath();
        return store.use(opened -> {
            try (Anchor anchor = presenter(opened).anchor()) {
                DirectoryMount.show(new Anchors(opened), anchor, LocalPath.bytes(place), core(writes));
            }
            return new VeloMount(place);
        });
    }

    /** Starts a command to which the tree is shown by the first presentation that can be had. */
    Process start(Options options, Streams streams) throws IOException {
        return show(Presentation.CHAIN, shown -> RunnerProcess.start(shown.tree(), options.get(), streams));
    }

    /** Uses the tree, shown by the first of these presentations that can be had. */
    <T> T show(List<Presentation> chain, Presenter.Use<T> use) throws IOException {
        return store.use(opened -> {
            requireOpen();
            return presenter(opened).auto(chain, use);
        });
    }

    /** How a command is started; asked when the tree can be shown. */
    @FunctionalInterface
    interface Options {
        LaunchOptions get() throws IOException;
    }

    private void requireOpen() {
        if (tree.view().isClosed()) {
            throw new IllegalStateException("the view is closed");
        }
    }

    private Presenter presenter(Store opened) {
        return new Presenter(opened, tree.tree(), tree.policy(), tree.manifest())
                .of(image)
                .with(ShimLibraries.BUILT);
    }

    /** As the core has it; an upper is opened for this tree. */
    LaunchOptions.Writes core(VeloWrites writes) throws IOException {
        return switch (writes) {
            case VeloWrites.Refused refused -> new LaunchOptions.Writes.Refused();
            case VeloWrites.Kept kept ->
                new LaunchOptions.Writes.Kept(Upper.open(LocalPath.normal(kept.upper()), tree.tree()));
            case VeloWrites.Discarded discarded -> {
                if (!KernelRelease.current().isAtLeast(6, 6)) {
                    throw new FileSystemException(
                            null, null, "writes in memory need Linux 6.6 or later; keep them in a directory");
                }
                yield new LaunchOptions.Writes.Discarded();
            }
        };
    }
}
