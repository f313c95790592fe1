package dev.velo.process;

import dev.velo.core.present.Handover;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.Runner;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The start of a process whose command gets these streams, while the messages of those who start it come here. Owns its descriptors,
 * and what of the streams is here until that is taken.
 */
public final class ChildStart implements AutoCloseable {
    private static final int LOW_NUMBERS = 2;
    private static final int ERRORS = 0;
    private static final int RUNNING = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private final LowDescriptors low;
    private final ChildStreams streams;
    private final StartReport report;
    private @Nullable Descriptor plan;

    private ChildStart(LowDescriptors low, ChildStreams streams, StartReport report) {
        this.low = low;
        this.streams = streams;
        this.report = report;
    }

    /**
     * Opens the streams.
     *
     * @param fixed descriptors that the new process finds under their numbers
     */
    public static ChildStart open(Streams streams, List<Integer> fixed) throws IOException {
        LowDescriptors low = new LowDescriptors(LOW_NUMBERS, fixed);
        ChildStreams opened = ChildStreams.open(streams, low);
        try {
            return new ChildStart(low, opened, StartReport.open(low));
        } catch (ErrnoException e) {
            opened.close();
            throw e;
        }
    }

    /** What the last runner before the command hands over to it. */
    public Handover handover() {
        return new Handover(streams.error() == null ? 1 : low.number(ERRORS), low.number(RUNNING));
    }

    /** Adds to a child section, to stand first in it, what gives the process its streams and what it hands over. */
    public void begin(PlanBuilder start) {
        start.what("cannot give the command its streams");
        start.dup3(PlanArgument.of(streams.input().fd()), 0, 0);
        start.dup3(PlanArgument.of(streams.output().fd()), 1, 0);
        start.dup3(PlanArgument.of(report.messages()), 2, 0);
        start.dup3(PlanArgument.of(report.running()), low.number(RUNNING), 0);
        ChildStream error = streams.error();
        if (error != null) {
            start.dup3(PlanArgument.of(error.fd()), low.number(ERRORS), 0);
        }
    }

    /** Adds the execution of a runner that carries out a plan. It inherits these descriptors, and of this JVM's others nothing. */
    public void runner(PlanBuilder start, Plan carriedOut, List<Integer> inherited) throws IOException {
        Descriptor planFile = low.above(Runner.openPlan(carriedOut));
        plan = planFile;
        // other children, started meanwhile, have no use for it
        FileCalls.fcntl(planFile.fd(), F_SETFD, FD_CLOEXEC);
        start.what("cannot start the runner");
        start.closeOthersOnExec().ignoringErrors();
        handover().keep(start);
        start.setCloseOnExec(PlanArgument.of(planFile.fd()), false);
        for (int held : inherited) {
            start.setCloseOnExec(PlanArgument.of(held), false);
        }
        start.restoreMask();
        start.unblockSignals(1L << (ProcessCalls.SIGQUIT - 1));
        Runner.execute(start, planFile.fd());
    }

    /**
     * Waits until the command runs.
     *
     * @throws IOException why it never will; the process has ended then
     */
    public void await(SpawnedProcess spawned, byte[] command) throws IOException {
        String failure;
        try {
            failure = report.await();
            if (failure.isEmpty()) {
                return;
            }
        } catch (IOException | RuntimeException e) {
            spawned.signal(ProcessCalls.SIGTERM);
            failure = String.valueOf(e.getMessage());
        }
        try (spawned) {
            throw StartReport.failure(spawned.waitFor(), failure, PathBytes.show(command));
        }
    }

    /** What of the streams is here, which whoever asks closes. */
    public ChildPipes takePipes() {
        return streams.takePipes();
    }

    /** Where the runner writes its messages; whoever asks closes it. */
    public Descriptor takeMessages() {
        return report.takeMessages();
    }

    @Override
    public void close() {
        streams.close();
        report.close();
        if (plan != null) {
            plan.close();
        }
    }
}
