package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.FileSystemFacts;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A directory that keeps what was written over a tree: {@code upper} and {@code work} of an overlay, a lock, and the name of the one
 * tree that it belongs to, because an upper over another lower is undefined.
 *
 * @param path absolute path of the directory
 * @param fresh whether nothing was written over the tree yet
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; uppers are never compared
public record Upper(byte[] path, boolean fresh) {
    /** Who else may write to an upper, through the same mount. */
    public enum Company {
        /** Nobody. */
        NONE,
        /** Those that join whoever mounts it now. */
        EXPECTED,
        /** Those that had it mounted before. */
        JOINED
    }

    private static final byte[] TREE = PathBytes.of("velo-tree");
    private static final byte[] UPPER = PathBytes.of("upper");
    private static final byte[] WORK = PathBytes.of("work");
    private static final byte[] LOCK = PathBytes.of("lock");
    private static final int TREE_LIMIT = 128;

    /**
     * Opens the upper at this absolute path for a tree, or makes it, if nothing or an empty directory is there.
     *
     * @throws IOException in one sentence, if it is another tree's, or where no upper can be
     */
    public static Upper open(byte[] path, Digest tree) throws IOException {
        Folder.make(FileCalls.AT_FDCWD, path, 0700);
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            requireNoOverlay(path, directory.fd());
            boolean known = requireTree(path, directory.fd(), tree);
            if (!known) {
                begin(path, directory.fd(), tree);
            }
            Folder.make(directory.fd(), UPPER, 0700);
            Folder.make(directory.fd(), WORK, 0700);
        }
        return new Upper(path, DirectoryListing.isEmpty(PathBytes.join(path, UPPER)));
    }

    /**
     * Makes an upper at this absolute path, where nothing is, to be written over what has no name yet.
     *
     * @throws IOException in one sentence, where no upper can be
     */
    public static Upper make(byte[] path) throws IOException {
        Upper made = new Upper(path, true);
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, path, 0700);
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            requireNoOverlay(path, directory.fd());
        }
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, made.upper(), 0755);
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, made.work(), 0700);
        return made;
    }

    /** The kernel would say no more than EINVAL. */
    private static void requireNoOverlay(byte[] path, int directory) throws IOException {
        if (FileCalls.fstatfs(directory) == FileSystemFacts.OVERLAYFS_SUPER_MAGIC) {
            throw new IOException(PathBytes.show(path)
                    + " is on an overlay, as the root of a container is, which cannot hold what is written over a tree: keep it on"
                    + " a volume, or a tmpfs");
        }
    }

    private static boolean requireTree(byte[] path, int directory, Digest tree) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = FileBytes.read(arena, directory, TREE, TREE_LIMIT).toArray(ValueLayout.JAVA_BYTE);
            String found = new String(bytes, StandardCharsets.ISO_8859_1).strip();
            if (!found.equals(tree.toString())) {
                throw new IOException(PathBytes.show(path) + " holds what was written over another tree (" + found
                        + "); name another folder with --upper");
            }
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    private static void begin(byte[] path, int directory, Digest tree) throws IOException {
        if (!DirectoryListing.names(directory).isEmpty()) {
            throw new IOException(
                    PathBytes.show(path) + " is neither empty nor an upper of Velo's; name another folder");
        }
        try (Arena arena = Arena.ofConfined();
                PublishedFile file = PublishedFile.create(directory, 0600)) {
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, PathBytes.of(tree + "\n")));
            file.publishNew(TREE);
        }
    }

    /** Adds to a plan's setup what keeps others from writing to this upper as long as the runner is there. */
    public void hold(PlanBuilder plan) throws IOException {
        hold(plan, Company.NONE);
    }

    /**
     * Adds to a plan's setup what keeps strangers from writing to this upper as long as a runner is there of those that share a mount of
     * it. Who shares one is settled by another lock, which is held meanwhile.
     */
    void hold(PlanBuilder plan, Company company) throws IOException {
        requireUnmounted();
        plan.what(taken());
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_CLOEXEC;
        PlanEntry file = plan.openat(PlanArgument.AT_FDCWD, lock(), flags, 0600);
        if (company != Company.JOINED) {
            plan.flock(file.result(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
        }
        if (company != Company.NONE) {
            plan.flock(file.result(), FileCalls.LOCK_SH | FileCalls.LOCK_NB);
        }
    }

    /** What {@link #hold} adds to a plan, done by this process; whoever asks closes it by {@link #release}. */
    public Descriptor hold() throws IOException {
        requireUnmounted();
        Descriptor file = new Descriptor(
                FileCalls.openat(FileCalls.AT_FDCWD, lock(), FileCalls.O_RDWR | FileCalls.O_CREAT, 0600));
        try {
            FileCalls.flock(file.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
            return file;
        } catch (ErrnoException e) {
            file.close();
            throw e.errno() == Errno.EAGAIN ? new IOException(taken(), e) : e;
        }
    }

    /**
     * Ends a lock at once: closing it would not, while a process that is being started has a copy of it.
     */
    public static void release(Descriptor lock) throws ErrnoException {
        try (lock) {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_UN);
        }
    }

    /**
     * Closes the directory to everybody but its owner: what a stranger's program writes there may be a setuid program of the owner's,
     * which others of this machine could run.
     */
    public void closeToOthers() throws ErrnoException {
        AttributeCalls.fchmodat(FileCalls.AT_FDCWD, CString.first(path), 0700);
    }

    /** Gives the directory, and what lies in it beside the files that were written, to this user of the machine and its group. */
    public void giveTo(int user) throws ErrnoException {
        for (byte[] each : List.of(path, upper(), work())) {
            AttributeCalls.fchownat(FileCalls.AT_FDCWD, CString.first(each), user, user, FileCalls.AT_SYMLINK_NOFOLLOW);
        }
    }

    /** What to say when another run, or a mount, writes to this upper. */
    String taken() {
        return "another run writes to " + PathBytes.show(path) + " already; wait for its end or name another folder";
    }

    /** Whether what is to be seen at this path is written to this upper. */
    public boolean isMountedAt(MountTable mounts, byte[] point) {
        MountTable.Mount mount = mounts.at(point);
        return mount != null && mount.writesTo(upper());
    }

    /** A mount of {@code velo mount} holds no lock, since no process stays behind. */
    public void requireUnmounted() throws IOException {
        MountTable.Mount mount = MountTable.read().writingTo(upper());
        if (mount != null) {
            throw new IOException(PathBytes.show(path) + " is written to by what is mounted at "
                    + PathBytes.show(mount.point()) + "; unmount that or name another folder");
        }
    }

    public byte[] upper() {
        return PathBytes.join(path, UPPER);
    }

    byte[] work() {
        return PathBytes.join(path, WORK);
    }

    byte[] lock() {
        return PathBytes.join(path, LOCK);
    }
}
