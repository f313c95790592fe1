package dev.velo.launcher;

import dev.velo.core.present.Checkout;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.LaunchPlan;
import dev.velo.core.store.Packs;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Plan;
import java.io.IOException;

/** {@code velo run --mode copy}: the command works in a copy of the tree, which goes at its end. */
final class CopyRun {
    private CopyRun() {}

    /** What the command is to be started with. */
    @FunctionalInterface
    interface Options {
        /** Where the copy is, and the folder in it that stands for the working directory. */
        LaunchOptions of(byte[] copy, byte[] working) throws IOException;
    }

    /** Makes the copy, and the plan that runs the command in it. */
    @SuppressWarnings("try") // the lock is only held
    static Plan plan(Store store, Root root, MetadataPolicy metadata, RunTelling telling, Options options)
            throws IOException {
        store.requireWritable();
        byte[] copy = PathBytes.join(store.path(Store.Room.COPIES), PublishedFile.newName());
        // packs that the copy is made from may not go before it is whole
        try (Descriptor shared = store.lockShared();
                Packs packs = store.packs();
                Descriptor target = Checkout.makeTarget(copy)) {
            Checkout.run(
                    store,
                    packs,
                    TreeArgument.manifestOf(store, root),
                    target.fd(),
                    CheckoutMode.COPY,
                    metadata,
                    Workers.processors());
        } catch (IOException e) {
            Trash.discard(copy, e);
            throw e;
        }
        telling.copy(root, copy);
        byte[] origin = root.origin().length == 0 ? copy : root.origin();
        byte[] working = WorkingDirectory.of(origin, WorkingDirectory.at(copy), ProcessFacts.workingDirectory());
        return LaunchPlan.ofCopy(
                copy, store.path(Store.Room.TRASH), options.of(copy, PathBytes.rebase(working, origin, copy)));
    }
}
