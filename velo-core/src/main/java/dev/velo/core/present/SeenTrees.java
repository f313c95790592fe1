package dev.velo.core.present;

import dev.velo.core.tree.ChildProcesses;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces of a command in which trees are to be seen at their places. Owns descriptors of them, and shared locks on the places, so
 * that the trees stay there though the command ends: its runner removes a place only while nobody else has a lock of it, because that
 * would take away what is mounted there in every namespace.
 */
public final class SeenTrees implements AutoCloseable {
    private static final int F_SETFD = 2;
    private static final int DIRECTORY = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;

    private final List<Descriptor> held = new ArrayList<>();
    private @Nullable Descriptor users;
    private @Nullable Descriptor mounts;

    private SeenTrees() {}

    /**
     * Those of the command of this runner, which sees trees at these absolute paths.
     *
     * @return null if it has ended, or not begun; the caller's to close
     */
    public static @Nullable SeenTrees of(int runner, List<byte[]> places) throws IOException {
        SeenTrees seen = new SeenTrees();
        boolean isThere = false;
        try {
            isThere = seen.open(runner, places);
            return isThere ? seen : null;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                return null; // it ended meanwhile
            }
            throw e;
        } finally {
            if (!isThere) {
                seen.close();
            }
        }
    }

    /** The command is looked for again when the places are locked: if it is there then, its runner finds them locked at its end. */
    private boolean open(int runner, List<byte[]> places) throws IOException {
        for (byte[] place : places) {
            Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, place, DIRECTORY, 0));
            held.add(directory);
            FileCalls.flock(directory.fd(), FileCalls.LOCK_SH);
        }
        String command = command(runner);
        if (command == null) {
            return false;
        }
        mounts = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, namespace(command, "mnt"), FileCalls.O_RDONLY, 0));
        if (isOther(command, "user")) {
            users = new Descriptor(
                    FileCalls.openat(FileCalls.AT_FDCWD, namespace(command, "user"), FileCalls.O_RDONLY, 0));
        }
        return command.equals(command(runner));
    }

    /**
     * Adds to a plan's setup, behind what locks the places there, what hands the descriptors to the runner, in this process, and keeps
     * them from the command. The locks held here end then: the runner would find the places locked by itself.
     */
    void hold(PlanBuilder plan) throws ErrnoException {
        plan.what("cannot hold what another command sees");
        for (Descriptor each : all()) {
            FileCalls.fcntl(each.fd(), F_SETFD, 0);
            plan.setCloseOnExec(PlanArgument.of(each.fd()), true);
        }
        for (Descriptor place : held) {
            plan.flock(PlanArgument.of(place.fd()), FileCalls.LOCK_UN);
        }
    }

    /** Adds to the child section what enters the namespaces. */
    void enter(PlanBuilder plan) {
        plan.what("cannot join the command that sees the trees");
        if (users != null) {
            plan.setns(PlanArgument.of(users.fd()), PlanBuilder.CLONE_NEWUSER);
        }
        if (mounts != null) {
            plan.setns(PlanArgument.of(mounts.fd()), PlanBuilder.CLONE_NEWNS);
        }
    }

    private List<Descriptor> all() {
        List<Descriptor> all = new ArrayList<>(held);
        if (users != null) {
            all.add(users);
        }
        if (mounts != null) {
            all.add(mounts);
        }
        return all;
    }

    /** The child of this runner that has other mounts than this process; null if there is none. */
    private static @Nullable String command(int runner) throws IOException {
        List<Integer> children;
        try {
            children = ChildProcesses.of(runner);
        } catch (IOException e) {
            return null; // ended meanwhile
        }
        for (int child : children) {
            String process = Integer.toString(child);
            if (isOther(process, "mnt")) {
                return process;
            }
        }
        return null;
    }

    /** Whether a process has this namespace, and it is not this process's. */
    private static boolean isOther(String process, String name) throws ErrnoException {
        try {
            return !Arrays.equals(
                    LinkCalls.readlinkat(FileCalls.AT_FDCWD, namespace(process, name)),
                    LinkCalls.readlinkat(FileCalls.AT_FDCWD, namespace("self", name)));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH || e.errno() == Errno.EACCES) {
                return false;
            }
            throw e;
        }
    }

    private static byte[] namespace(String process, String name) {
        return PathBytes.of("/proc/" + process + "/ns/" + name);
    }

    @Override
    public void close() {
        all().forEach(Descriptor::close);
    }
}
