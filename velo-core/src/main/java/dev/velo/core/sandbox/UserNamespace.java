package dev.velo.core.sandbox;

import dev.velo.core.present.User;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A user namespace that no process is in: it exists as long as this is open, for sandboxes to enter, and for mounts to translate owners
 * by. Owns its descriptor.
 */
public final class UserNamespace implements AutoCloseable {
    /** How many users there are in a namespace of root's. */
    public static final int USERS = 1 << 16;

    /**
     * The first of the users of this machine that stand for those of a sandbox that root starts: in a range that nothing assigns
     * (systemd's UIDS-GIDS.md lists what does).
     */
    public static final int FIRST_USER = 0x76650000;

    private static final boolean IS_NEEDED = User.current().isRoot() && LimitFacts.isMappedToRoot();
    private static @Nullable UserNamespace shared;

    private final Descriptor fd;

    private UserNamespace(Descriptor fd) {
        this.fd = fd;
    }

    /**
     * Whether sandboxes of this process need {@link #ofRange}: it is root of the machine, which is never mapped into one. Root of a
     * user namespace, as in a rootless container, is one of the machine's plain users.
     */
    public static boolean isNeeded() {
        return IS_NEEDED;
    }

    /** The descriptor, this object's to close. */
    public int fd() {
        return fd.fd();
    }

    /** One of {@link #ofRange} for all sandboxes of this process, which keeps it to its end: nobody closes it. */
    public static synchronized UserNamespace ofProcess() throws IOException {
        UserNamespace known = shared;
        if (known == null) {
            known = ofRange();
            shared = known;
        }
        return known;
    }

    /** One in which users from 0 on are those from {@link #FIRST_USER} on; for root. */
    public static UserNamespace ofRange() throws IOException {
        byte[] map = PathBytes.of("0 " + FIRST_USER + " " + USERS + "\n");
        return of(process -> {
            write("/proc/" + process + "/uid_map", map);
            write("/proc/" + process + "/gid_map", map);
        });
    }

    /**
     * One in which user 0 is this process's user, and those from 1 on are the range that was assigned to it; {@code newuidmap(1)} maps
     * them.
     *
     * @throws IOException if nothing was assigned, or those programs are missing
     */
    public static UserNamespace ofSubordinates() throws IOException {
        User user = User.current();
        SubordinateIds users = SubordinateIds.read(SubordinateIds.USERS, user.uid());
        SubordinateIds groups = SubordinateIds.read(SubordinateIds.GROUPS, user.uid());
        return of(process -> {
            users.map("newuidmap", process, user.uid());
            groups.map("newgidmap", process, user.gid());
        });
    }

    private static UserNamespace of(NamespaceHolder.Care mapping) throws IOException {
        PlanBuilder start = new PlanBuilder();
        start.what("cannot make a user namespace");
        start.namespaces(PlanBuilder.CLONE_NEWUSER);
        return new UserNamespace(NamespaceHolder.open("user", start, mapping));
    }

    private static void write(String path, byte[] text) throws ErrnoException {
        byte[] name = PathBytes.of(path);
        try (Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, name, FileCalls.O_WRONLY, 0));
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            FileCalls.write(file.fd(), bytes.address(), text.length);
        } catch (ErrnoException e) {
            throw e.at(path);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
