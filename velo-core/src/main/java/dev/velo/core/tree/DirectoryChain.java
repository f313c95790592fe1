package dev.velo.core.tree;

import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.util.Arrays;

/**
 * Opens the directories of a real tree by single names, walking down from the root's descriptor and never through a symbolic link,
 * so that no path is too long and none can be bent while it is walked.
 *
 * <p>Keeps the descriptors of the last directory and of those above it open, {@value #DEPTH} at most: neighbours cost one call. The
 * root's descriptor belongs to the caller, all others to the chain. For one thread.
 */
public final class DirectoryChain implements AutoCloseable {
    private static final int DEPTH = 64;
    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    private final TreeShape shape;
    private final int root;
    private final int rootFd;
    private final int[] directories = new int[DEPTH];
    private final int[] fds = new int[DEPTH];
    private int depth;
    private int[] pending = new int[DEPTH];

    /** A chain below this descriptor, which is that of the directory numbered {@code root}. */
    public DirectoryChain(TreeShape shape, int root, int rootFd) {
        this.shape = shape;
        this.root = root;
        this.rootFd = rootFd;
    }

    /** A descriptor of this directory, valid until the next call. */
    public int open(int directory) throws ErrnoException {
        int missing = 0;
        int at = directory;
        while (at != root && depthOf(at) < 0) {
            if (missing == pending.length) {
                pending = Arrays.copyOf(pending, missing * 2);
            }
            pending[missing++] = at;
            at = shape.parent(at);
        }
        closeTo(at == root ? 0 : depthOf(at) + 1);
        while (missing > 0) {
            push(pending[--missing]);
        }
        return depth == 0 ? rootFd : fds[depth - 1];
    }

    private void push(int directory) throws ErrnoException {
        int above = depth == 0 ? rootFd : fds[depth - 1];
        int fd = FileCalls.openat(above, shape.nameAddress(directory), FLAGS, 0);
        if (depth == DEPTH) {
            FileCalls.close(fds[0]);
            System.arraycopy(fds, 1, fds, 0, DEPTH - 1);
            System.arraycopy(directories, 1, directories, 0, DEPTH - 1);
            depth--;
        }
        directories[depth] = directory;
        fds[depth++] = fd;
    }

    private int depthOf(int directory) {
        for (int i = depth - 1; i >= 0; i--) {
            if (directories[i] == directory) {
                return i;
            }
        }
        return -1;
    }

    private void closeTo(int kept) {
        while (depth > kept) {
            FileCalls.close(fds[--depth]);
        }
    }

    @Override
    public void close() {
        closeTo(0);
    }
}
