package dev.velo.process;

import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.LaunchPlan;
import dev.velo.core.present.Presented;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;

/** The runner as a child of this JVM: it carries out a plan, whose command is its own child, and ends as that does. */
public final class RunnerProcess extends ChildProcess {
    private RunnerProcess(SpawnedProcess spawned, ChildPipes pipes) {
        super(spawned, pipes);
    }

    /**
     * Starts a command with this tree shown to it, and returns when it runs; the tree need not be held here any longer then.
     *
     * @throws IOException if it cannot be started; nothing is left of it
     */
    public static Process start(Presented tree, LaunchOptions options, Streams streams) throws IOException {
        try (ChildStart child = ChildStart.open(streams, tree.inherited())) {
            PlanBuilder start = new PlanBuilder();
            child.begin(start);
            child.runner(start, LaunchPlan.ofTree(tree, options, child.handover()), tree.inherited());
            SpawnedProcess spawned = ProcessCalls.spawn(start.build());
            tree.handedOver();
            child.await(spawned, options.command().getFirst());
            RunnerProcess process = new RunnerProcess(spawned, child.takePipes());
            process.await();
            return process;
        }
    }

    /** Ends the command; the runner then cleans up and ends as well. A runner that has no command yet is ended itself. */
    @Override
    public Process destroyForcibly() {
        destroyChildren();
        return this;
    }
}
