package dev.velo;

import java.nio.file.Path;

/**
 * What becomes of writes to a tree that is shown. No write reaches the store.
 *
 * {@snippet :
 * Process build = view.command("make").writes(new VeloWrites.Kept(Path.of("build-state"))).start();
 * }
 */
public sealed interface VeloWrites {
    /** They fail: the tree is read-only. */
    record Refused() implements VeloWrites {}

    /** They go to memory and are gone at the end. Needs Linux 6.6. */
    record Discarded() implements VeloWrites {}

    /**
     * They go to a directory, which keeps them for the next time.
     *
     * @param upper the directory: an empty or missing one, or one that was written to over the same tree
     */
    record Kept(Path upper) implements VeloWrites {}
}
