package dev.velo.core.present;

import dev.velo.core.store.Store;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Which presentations this machine, user and store can have, asked without showing anything. */
public final class Availability {
    private Availability() {}

    /** Why trees of this store cannot be shown so, in one sentence; null if they can. */
    public static @Nullable String whyNot(Store store, Presentation presentation, ShimSource shim) throws IOException {
        try {
            switch (presentation) {
                case MOUNT -> MountSupport.require(store);
                case LINK -> {
                    Farm.requireWritable(store);
                    OwnNamespaces.require();
                }
                case PRELOAD -> PreloadedTree.requireLoadable(store, shim);
            }
            return null;
        } catch (UnavailableException e) {
            return e.getMessage();
        }
    }
}
