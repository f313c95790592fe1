package dev.velo.core.sandbox;

import dev.velo.core.present.CommandSection;
import dev.velo.core.present.FileRange;
import dev.velo.core.present.Handover;
import dev.velo.core.present.ReadAhead;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.Runner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One start of a sandbox: the plan of the process that makes it, which then becomes its pid 1, and what that inherits. Pid 1 is the
 * runner with a plan of its own; it ends, and with it all of the sandbox, when nobody holds the other end of its life's pipe any more.
 * Owns its descriptors.
 */
public final class SandboxLaunch implements AutoCloseable {
    private static final int F_SETFD = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int FIRST_AFTER_STREAMS = 3;

    private final SandboxOptions options;
    private final LimitPlan limits;
    private final Descriptor life;
    private final Descriptor launcher;
    private final Descriptor program;
    private final Descriptor first;
    private List<byte[]> mountPoints = List.of();

    private SandboxLaunch(
            SandboxOptions options,
            LimitPlan limits,
            Descriptor life,
            Descriptor launcher,
            Descriptor program,
            Descriptor first) {
        this.options = options;
        this.limits = limits;
        this.life = life;
        this.launcher = launcher;
        this.program = program;
        this.first = first;
    }

    /**
     * Prepares a start.
     *
     * @param handover for pid 1, if this process awaits the start; its descriptors are free to be used
     */
    public static SandboxLaunch of(SandboxOptions options, @Nullable Handover handover) throws IOException {
        int[] ends = FileCalls.pipe2(FileCalls.O_CLOEXEC);
        try (Descriptor life = new Descriptor(ends[0]);
                Descriptor launcher = new Descriptor(ends[1]);
                Descriptor program = new Descriptor(Runner.openProgram());
                Descriptor first = new Descriptor(Runner.openPlan(firstProcess(options, life.fd(), handover)))) {
            return new SandboxLaunch(
                    options,
                    LimitPlan.of(options.limits()),
                    new Descriptor(life.release()),
                    new Descriptor(launcher.release()),
                    new Descriptor(program.release()),
                    new Descriptor(first.release()));
        }
    }

    /** What pid 1 does: nobody in the sandbox may look at it, and it starts the command. */
    private static Plan firstProcess(SandboxOptions options, int life, @Nullable Handover handover) {
        PlanBuilder plan = new PlanBuilder().prefix("velo: ");
        plan.life(life);
        options.timeLimitMillis()
                .ifPresent(millis -> plan.timeLimit(new PlanBuilder.TimeLimit(
                        millis, "the command was ended, since its time of " + millis / 1000.0 + " s was over")));
        plan.setup();
        plan.what("cannot start the sandbox's first process");
        plan.prctl(ProcessCalls.PR_SET_DUMPABLE, 0, 0, 0, 0);
        plan.child();
        // pid 1 is this program, which nothing inside can reach: the filter is for the command
        Privileges.filter(plan, options.calls());
        CommandSection.add(plan, options.workingDirectory(), options.process(), handover);
        return plan.build();
    }

    /**
     * The plan by which this process becomes the sandbox's launcher, as a runner: it holds the trees, and waits for pid 1.
     *
     * @param ahead what is read beside the command while that starts
     */
    public Plan ofLauncher(List<FileRange> ahead) throws IOException {
        PlanBuilder plan = new PlanBuilder().prefix("velo: ");
        limits.setUp(plan);
        plan.setup();
        options.root().hold(plan);
        if (options.app().isPresent()) {
            options.app().get().tree().hold(plan);
        }
        if (options.writes() instanceof SandboxOptions.Writes.Kept kept) {
            kept.upper().hold(plan);
        }
        plan.what("cannot keep the sandbox's descriptors");
        for (int fd : own()) {
            FileCalls.fcntl(fd, F_SETFD, 0);
            plan.setCloseOnExec(PlanArgument.of(fd), true);
        }
        if (options.identity() instanceof Identity.Subordinate subordinate) {
            plan.what("cannot enter the sandbox's user namespace");
            plan.setns(PlanArgument.of(subordinate.namespace().fd()), PlanBuilder.CLONE_NEWUSER);
        }
        plan.child();
        begin(plan);
        limits.cleanUp(plan, null);
        ReadAhead.beside(plan, ahead);
        return plan.build();
    }

    /** Adds to a child section all that makes the process pid 1 of the sandbox; of the descriptors only the standard ones stay. */
    public void begin(PlanBuilder plan) throws IOException {
        mountPoints = SandboxWorld.enter(options, limits, plan);
        plan.what("cannot start the sandbox's first process");
        plan.closeRange(FIRST_AFTER_STREAMS, -1, CLOSE_RANGE_CLOEXEC);
        plan.setCloseOnExec(PlanArgument.of(life.fd()), false);
        plan.setCloseOnExec(PlanArgument.of(first.fd()), false);
        plan.restoreMask();
        plan.execveat(
                PlanArgument.of(program.fd()),
                List.of(PathBytes.of("velo"), PathBytes.of(Integer.toString(first.fd()))),
                List.of());
    }

    /** The paths at which the sandbox makes something in its root to be mounted over; known once its plan is made. */
    public List<byte[]> mountPoints() {
        return mountPoints;
    }

    /** What holds the limits. */
    public LimitPlan limits() {
        return limits;
    }

    /** What the sandbox's life hangs on: when this is closed, in all processes that have it, all of the sandbox ends. */
    public Descriptor takeLauncher() {
        return new Descriptor(launcher.release());
    }

    private List<Integer> own() throws ErrnoException {
        List<Integer> own = new ArrayList<>(List.of(life.fd(), launcher.fd(), program.fd(), first.fd()));
        options.identity().prepared().ifPresent(namespace -> own.add(namespace.fd()));
        return own;
    }

    @Override
    public void close() {
        life.close();
        launcher.close();
        program.close();
        first.close();
    }
}
