package dev.velo.core.present;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import java.util.List;

/**
 * The one mount of an image that all others are clones of, at {@code mounts/NAME/tree}, so that they share the kernel's caches. Owns
 * a lease, a shared lock on {@code mounts/NAME}: as long as somebody has one, the anchor stays.
 */
public final class Anchor implements ShownTree {
    static final byte[] TREE = PathBytes.of("tree");
    static final byte[] SCRATCH = PathBytes.of("scratch");

    private static final int F_SETFD = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private final byte[] path;
    private final ImageFiles image;
    private final Descriptor lease;

    Anchor(byte[] path, ImageFiles image, Descriptor lease) {
        this.path = path;
        this.image = image;
        this.lease = lease;
    }

    /** What is mounted. */
    public ImageFiles image() {
        return image;
    }

    @Override
    public byte[] tree() {
        return PathBytes.join(path, TREE);
    }

    @Override
    public byte[] scratch() {
        return PathBytes.join(path, SCRATCH);
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    /** The lease itself goes to the runner, so that there is no instant without one; the command does not get it. */
    @Override
    public void hold(PlanBuilder plan) throws ErrnoException {
        FileCalls.fcntl(lease.fd(), F_SETFD, 0);
        plan.what("cannot hold the mounted image");
        plan.setCloseOnExec(PlanArgument.of(lease.fd()), true);
    }

    /** The same lock, which lasts until all who have it have closed it. */
    @Override
    public Descriptor lease() throws ErrnoException {
        return new Descriptor(FileCalls.fcntl(lease.fd(), F_DUPFD_CLOEXEC, 0));
    }

    @Override
    public List<Integer> inherited() {
        return List.of(lease.fd());
    }

    @Override
    public void close() {
        lease.close();
    }
}
