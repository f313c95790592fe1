package dev.velo.core.present;

import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.List;

/** A tree that is ready to be shown to a command: it is seen somewhere, or the command's own calls are answered from its image. */
public sealed interface Presented extends AutoCloseable permits ShownTree, PreloadedTree {
    /** What of the tree was left out when it was made now. */
    List<String> warnings();

    /** Whether a directory is at this path, which is one from the tree's root on. */
    boolean hasDirectory(byte[] path) throws IOException;

    /** Adds to a plan's setup what keeps the tree from being removed as long as the command runs. */
    void hold(PlanBuilder plan) throws ErrnoException;

    /** The descriptors that {@link #hold} relies on: whoever starts the runner in a process of its own hands them on. */
    default List<Integer> inherited() {
        return List.of();
    }

    /** The runner has been started, as a process of its own: what only it needs is let go of. */
    default void handedOver() {}

    @Override
    void close();
}
