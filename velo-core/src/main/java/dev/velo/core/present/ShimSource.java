package dev.velo.core.present;

import dev.velo.core.store.Store;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the preload shim comes from, which is built elsewhere. */
@FunctionalInterface
public interface ShimSource {
    /**
     * The shim in a {@linkplain Store.Room#SHIM room}, put there if it is missing.
     *
     * @throws UnavailableException if there is none for this machine
     */
    ShimFiles in(Store.Place room) throws IOException;

    /** The shim in a room that cannot be written, if it is there, and nobody but root and this user can have put it there. */
    default @Nullable ShimFiles find(Store.Place room) throws IOException {
        return null;
    }
}
