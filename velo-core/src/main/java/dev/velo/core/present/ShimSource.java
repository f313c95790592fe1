package dev.velo.core.present;

import dev.velo.core.store.Store;
import java.io.IOException;

/** Where the preload shim comes from, which is built elsewhere. */
@FunctionalInterface
public interface ShimSource {
    /**
     * The shim in a store, put there if it is missing.
     *
     * @throws UnavailableException if there is none for this machine
     */
    ShimFiles in(Store store) throws IOException;
}
