package dev.velo.core.ingest;

import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.Statx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives the owner of files and directories the right to read them that a program has taken away: in a user namespace a program can read
 * what its user cannot. Remembers the permissions that they had. Changes files; for any number of threads.
 */
final class OwnerAccess {
    private static final int PERMISSION_BITS = 07777;
    private static final int READ_FILE = 0400;
    private static final int READ_DIRECTORY = 0500;

    private final Map<Long, Integer> modes = new ConcurrentHashMap<>();

    /** Gives the right, if it is missing, and returns whether it was. */
    boolean grant(int directory, long name, Statx stat) throws ErrnoException {
        int needed = switch (stat.type()) {
            case Statx.S_IFREG -> READ_FILE;
            case Statx.S_IFDIR -> READ_DIRECTORY;
            default -> 0;
        };
        if ((stat.mode() & needed) == needed) {
            return false;
        }
        modes.put(stat.inode(), stat.mode());
        AttributeCalls.fchmodat(directory, name, (stat.mode() & PERMISSION_BITS) | needed);
        return true;
    }

    /** Puts the permissions as they were into a tree that was scanned; all names of a file are scanned, not all before it was opened. */
    void restore(ScannedTree tree) {
        if (modes.isEmpty()) {
            return;
        }
        restore(tree.rootHolder);
        tree.directories.forEach(this::restore);
    }

    private void restore(ScannedDirectory directory) {
        for (int index = 0; index < directory.count; index++) {
            directory.modes[index] = modes.getOrDefault(directory.inodes[index], directory.modes[index]);
        }
    }
}
