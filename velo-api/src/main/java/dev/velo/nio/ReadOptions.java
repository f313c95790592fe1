package dev.velo.nio;

import dev.velo.core.view.Following;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/** The options with which a file is opened, of which only those that read are had. */
final class ReadOptions {
    private ReadOptions() {}

    /** Refuses what would write; options that only mean something to writers are ignored, as on other file systems. */
    static Following check(Set<? extends OpenOption> options) {
        Following last = Following.ALL;
        for (OpenOption option : options) {
            if (Objects.requireNonNull(option) == LinkOption.NOFOLLOW_LINKS) {
                last = Following.ALL_BUT_LAST;
            } else if (!(option instanceof StandardOpenOption)) {
                throw new UnsupportedOperationException(option + " is not supported");
            }
        }
        boolean reads = options.contains(StandardOpenOption.READ);
        boolean appends = options.contains(StandardOpenOption.APPEND);
        if (appends && (reads || options.contains(StandardOpenOption.TRUNCATE_EXISTING))) {
            throw new IllegalArgumentException("APPEND goes with neither READ nor TRUNCATE_EXISTING");
        }
        if (appends
                || options.contains(StandardOpenOption.WRITE)
                || options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
            throw new ReadOnlyFileSystemException();
        }
        return last;
    }
}
