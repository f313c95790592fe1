package dev.velo.core.present;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.List;

/**
 * Several trees shown to a command, and to the commands that join it while it runs: the first mounts the trees in namespaces of its own,
 * the others enter those and mount nothing. Each runner holds all the trees and their uppers itself, so that it does not matter which
 * command ends first. These plans are for the runner, in this process.
 *
 * <p>Who is the first is settled under a lock that this process has already; the plan lets go of it when the trees are to be seen.
 */
public final class SharedLaunch {
    private static final int F_SETFD = 2;

    private final List<PlacedTree> trees;
    private final Descriptor lock;
    private final byte[] record;
    private final PlanBuilder plan = new PlanBuilder().prefix("velo: ");

    /**
     * For trees none of which lies at the place of another.
     *
     * @param lock the lock; it goes to the runner
     * @param record absolute path of a file that tells others of the command; removed at its end
     */
    public SharedLaunch(List<PlacedTree> trees, Descriptor lock, byte[] record) {
        this.trees = List.copyOf(trees);
        this.lock = lock;
        this.record = record;
    }

    /** The plan that mounts the trees. */
    public Plan first(byte[] directory, CommandProcess process, List<FileRange> ahead) throws IOException {
        prepare(Upper.Company.EXPECTED);
        plan.child();
        OwnNamespaces.enter(plan);
        for (PlacedTree tree : trees) {
            tree.show(plan);
        }
        command(directory, process);
        ReadAhead.beside(plan, ahead);
        return plan.build();
    }

    /** The plan that enters namespaces in which the trees are to be seen. */
    public Plan joining(SeenTrees seen, byte[] directory, CommandProcess process) throws IOException {
        prepare(Upper.Company.JOINED);
        plan.setup();
        seen.hold(plan);
        plan.child();
        seen.enter(plan);
        command(directory, process);
        return plan.build();
    }

    private void prepare(Upper.Company company) throws IOException {
        plan.setup();
        keepLock();
        for (PlacedTree tree : trees) {
            tree.prepare(plan, company);
        }
        plan.cleanup();
        plan.unlinkat(PlanArgument.AT_FDCWD, record, 0);
    }

    private void keepLock() throws ErrnoException {
        FileCalls.fcntl(lock.fd(), F_SETFD, 0);
        plan.what("cannot keep the lock of the trees");
        plan.setCloseOnExec(PlanArgument.of(lock.fd()), true);
    }

    private void command(byte[] directory, CommandProcess process) {
        plan.what("cannot let others see the trees");
        plan.flock(PlanArgument.of(lock.fd()), FileCalls.LOCK_UN);
        CommandSection.add(plan, directory, process, null);
    }
}
