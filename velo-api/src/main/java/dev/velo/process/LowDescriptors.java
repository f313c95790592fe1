package dev.velo.process;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers below all others, at which a runner finds what it shall close once its command runs: it does not look beyond 1024, where a
 * JVM with many open files may have its descriptors. What is put there comes from above them, so that nothing is overwritten.
 */
final class LowDescriptors {
    private static final int FIRST = 3;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private final List<Integer> free = new ArrayList<>();
    private final int above;

    /** So many numbers, none of which is one of these that stay where they are. */
    LowDescriptors(int count, List<Integer> fixed) {
        above = FIRST + count + fixed.size();
        for (int number = FIRST; number < above; number++) {
            if (!fixed.contains(number)) {
                free.add(number);
            }
        }
    }

    int number(int index) {
        return free.get(index);
    }

    /** The same file at a number above, closed on execution; takes the descriptor over. */
    Descriptor above(int fd) throws ErrnoException {
        if (fd >= above) {
            return new Descriptor(fd);
        }
        try (Descriptor low = new Descriptor(fd)) {
            return copyAbove(low.fd());
        }
    }

    /** A copy at a number above, closed on execution. */
    Descriptor copyAbove(int fd) throws ErrnoException {
        return new Descriptor(FileCalls.fcntl(fd, F_DUPFD_CLOEXEC, above));
    }
}
