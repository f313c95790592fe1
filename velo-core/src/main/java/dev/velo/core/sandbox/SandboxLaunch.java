package dev.velo.core.sandbox;

import dev.velo.core.present.CommandSection;
import dev.velo.core.present.FileRange;
import dev.velo.core.present.Handover;
import dev.velo.core.present.ReadAhead;
import dev.velo.core.tree.Descriptor;
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

    private final SandboxOptions options;
    private final @Nullable Handover handover;
    private final LimitPlan limits;
    private final ReadyNamespaces ready;
    private final Descriptor life;
    private final Descriptor launcher;
    private final Descriptor first;
    private List<byte[]> mountPoints = List.of();

    private SandboxLaunch(
            SandboxOptions options,
            @Nullable Handover handover,
            LimitPlan limits,
            ReadyNamespaces ready,
            Descriptor life,
            Descriptor launcher,
            Descriptor first) {
        this.options = options;
        this.handover = handover;
        this.limits = limits;
        this.life = life;
        this.launcher = launcher;
        this.ready = ready;
        this.first = first;
    }

    /**
     * Prepares a start.
     *
     * @param handover for pid 1, if this process awaits the start; its descriptors are free to be used
     */
    public static SandboxLaunch of(SandboxOptions options, @Nullable Handover handover) throws IOException {
        int[] ends = FileCalls.pipe2(FileCalls.O_CLOEXEC);
        try (Descriptor launcher = new Descriptor(ends[1]);
                Descriptor life = beside(handover, ends[0]);
                Descriptor first = beside(handover, Runner.openPlan(firstProcess(options, life.fd(), handover)))) {
            return new SandboxLaunch(
                    options,
                    handover,
                    LimitPlan.of(options.limits()),
                    ready(options, handover),
                    new Descriptor(life.release()),
                    new Descriptor(launcher.release()),
                    new Descriptor(first.release()));
        }
    }

    private static ReadyNamespaces ready(SandboxOptions options, @Nullable Handover handover) throws IOException {
        return handover != null && options.identity() instanceof Identity.Range range
                ? ReadyNamespaces.of(options, range, handover)
                : ReadyNamespaces.none();
    }

    private static Descriptor beside(@Nullable Handover handover, int fd) throws ErrnoException {
        return handover == null ? new Descriptor(fd) : handover.beside(fd);
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
        if (handover != null) {
            handover.tellUsage(plan);
        }
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
        for (SandboxOptions.PlacedTree tree : options.trees()) {
            tree.tree().hold(plan);
        }
        if (options.writes() instanceof SandboxOptions.Writes.Kept kept) {
            kept.upper().hold(plan);
        }
        List<Integer> descriptors = own();
        descriptors.add(launcher.fd());
        for (int fd : descriptors) {
            FileCalls.fcntl(fd, F_SETFD, 0);
        }
        return launcher(plan, descriptors, ahead);
    }

    /**
     * The plan of a runner between this process and pid 1, for the limits that are set from outside: it inherits {@link #own}, and this
     * process itself holds trees and life.
     */
    public Plan ofParent() throws IOException {
        PlanBuilder plan = new PlanBuilder().prefix("velo: ");
        limits.setUp(plan);
        return launcher(plan, own(), List.of());
    }

    private Plan launcher(PlanBuilder plan, List<Integer> descriptors, List<FileRange> ahead) throws IOException {
        plan.setup();
        plan.what("cannot keep the sandbox's descriptors");
        for (int fd : descriptors) {
            plan.setCloseOnExec(PlanArgument.of(fd), true);
        }
        if (options.identity() instanceof Identity.Subordinate subordinate) {
            plan.what("cannot enter the sandbox's user namespace");
            plan.setns(PlanArgument.of(subordinate.namespace().fd()), PlanBuilder.CLONE_NEWUSER);
        }
        plan.child();
        enter(plan);
        plan.restoreMask();
        Runner.execute(plan, first.fd());
        limits.cleanUp(plan, null);
        ReadAhead.beside(plan, ahead);
        return plan.build();
    }

    /** Adds to a child section all that makes a process, which a thread of this JVM spawns, pid 1 of the sandbox. */
    public void begin(PlanBuilder plan) throws IOException {
        enter(plan);
        plan.restoreMask();
        plan.unblockSignals(1L << (ProcessCalls.SIGQUIT - 1));
        Runner.execute(plan, first.fd());
    }

    /** Of the descriptors only the standard ones stay, and what pid 1 itself needs. */
    private void enter(PlanBuilder plan) throws IOException {
        mountPoints = SandboxWorld.enter(options, limits, ready, plan);
        plan.what("cannot start the sandbox's first process");
        plan.closeOthersOnExec();
        plan.setCloseOnExec(PlanArgument.of(life.fd()), false);
        plan.setCloseOnExec(PlanArgument.of(first.fd()), false);
        if (handover != null) {
            handover.keep(plan);
        }
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

    /** The descriptors that whoever makes the sandbox needs for it. */
    public List<Integer> own() throws ErrnoException {
        List<Integer> own = new ArrayList<>(List.of(life.fd(), Runner.program(), first.fd()));
        options.identity().prepared().ifPresent(namespace -> own.add(namespace.fd()));
        own.addAll(ready.descriptors());
        return own;
    }

    @Override
    public void close() {
        life.close();
        launcher.close();
        ready.close();
        first.close();
    }
}
