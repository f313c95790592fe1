package dev.velo.core.present;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Directories that are there and wait to be filled. Whoever fills one adds its subdirectories as soon as they are made, so that one
 * great directory keeps one thread busy and not all of them. Safe for any number of threads.
 */
final class DirectoryQueue {
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private int unfinished = 1;
    private boolean stopped;

    /** Begins with the root. */
    DirectoryQueue() {
        waiting.add(0);
    }

    /** Adds the subdirectories of a directory that is being filled. */
    synchronized void add(int[] directories) {
        for (int directory : directories) {
            waiting.add(directory);
        }
        unfinished += directories.length;
        notifyAll();
    }

    /** The directory added last, whose parent is likely to be open still, or null when all are filled or filling was stopped; waits while others may still add some. */
    synchronized @Nullable Integer take() {
        boolean interrupted = false;
        while (waiting.isEmpty() && unfinished > 0 && !stopped) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
                stopped = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return stopped ? null : waiting.pollLast();
    }

    /** One of the directories taken is filled. */
    synchronized void finished() {
        unfinished--;
        if (unfinished == 0) {
            notifyAll();
        }
    }

    /** Makes all others end as well. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }
}
