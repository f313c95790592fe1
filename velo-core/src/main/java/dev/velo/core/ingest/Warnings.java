package dev.velo.core.ingest;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.util.ArrayList;
import java.util.List;

/** What an ingest left out and goes on without. Safe for any number of threads; the list is bounded, the count is not. */
final class Warnings {
    private static final int LISTED = 1000;

    private final List<String> listed = new ArrayList<>();
    private long count;

    void socket(byte[] path) {
        add(PathBytes.show(path) + ": a socket, which cannot be stored; skipped");
    }

    void unreadable(byte[] path, ErrnoException why) {
        add(PathBytes.show(path) + ": " + why.errno().text() + "; skipped");
    }

    synchronized void add(String warning) {
        count++;
        if (listed.size() < LISTED) {
            listed.add(warning);
        }
    }

    synchronized long count() {
        return count;
    }

    synchronized List<String> listed() {
        return List.copyOf(listed);
    }
}
