package dev.velo.core.present;

import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.PlanBuilder;
import java.util.List;

/** A tree that is to be seen in the store, ready to be shown elsewhere: a farm or an anchor. */
public sealed interface ShownTree extends AutoCloseable permits Farm, Anchor {
    /** Absolute path of the tree itself. */
    byte[] tree();

    /** Absolute path of an empty directory beside the tree, to mount a private upper on. */
    byte[] scratch();

    /** What of the tree was left out when it was made now. */
    List<String> warnings();

    /** Adds to a plan's setup what keeps the tree from being removed as long as the command runs. */
    void hold(PlanBuilder plan) throws ErrnoException;

    /** The descriptors that {@link #hold} relies on: whoever starts the runner in a process of its own hands them on. */
    default List<Integer> inherited() {
        return List.of();
    }

    @Override
    void close();
}
