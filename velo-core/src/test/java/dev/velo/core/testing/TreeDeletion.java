package dev.velo.core.testing;

import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Deletes a tree of any depth with one open descriptor: down by name, up by {@code ..}. Directories that their owner may not enter
 * are opened up first. Crosses no symbolic link; stops at what it may not delete.
 */
final class TreeDeletion {
    private static final byte[] UP = {'.', '.'};
    private static final int READ_DIRECTORY = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    @SuppressWarnings("ArrayRecordComponent") // never compared by equals
    private record Level(byte[] name, Iterator<DirectoryNames.Name> rest) {}

    private final Statx stat = new Statx();
    private final Deque<Level> levels = new ArrayDeque<>();
    private int directory;

    private TreeDeletion() {}

    static void delete(Path root) throws IOException {
        byte[] path = root.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        new TreeDeletion().run(path);
        LinkCalls.unlinkat(FileCalls.AT_FDCWD, path, FileCalls.AT_REMOVEDIR);
    }

    private void run(byte[] path) throws IOException {
        directory = FileCalls.AT_FDCWD;
        enter(path);
        try {
            while (true) {
                Level level = levels.element();
                if (level.rest().hasNext()) {
                    remove(level.rest().next());
                } else if (levels.size() == 1) {
                    return;
                } else {
                    leave();
                }
            }
        } finally {
            FileCalls.close(directory);
        }
    }

    private void remove(DirectoryNames.Name name) throws IOException {
        boolean known = name.type() != 0;
        if (!known) {
            FileCalls.statx(directory, name.bytes(), FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        }
        if (known ? name.isDirectory() : stat.type() == Statx.S_IFDIR) {
            enter(name.bytes());
        } else {
            LinkCalls.unlinkat(directory, name.bytes(), 0);
        }
    }

    private void enter(byte[] name) throws IOException {
        AttributeCalls.fchmodat(directory, CString.first(name), 0700);
        int child = FileCalls.openat(directory, name, READ_DIRECTORY, 0);
        if (!levels.isEmpty()) {
            FileCalls.close(directory);
        }
        directory = child;
        levels.push(new Level(name, DirectoryNames.of(child).iterator()));
    }

    private void leave() throws IOException {
        int parent = FileCalls.openat(directory, UP, READ_DIRECTORY, 0);
        FileCalls.close(directory);
        directory = parent;
        LinkCalls.unlinkat(directory, levels.pop().name(), FileCalls.AT_REMOVEDIR);
    }
}
