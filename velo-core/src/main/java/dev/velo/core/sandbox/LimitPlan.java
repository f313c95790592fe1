package dev.velo.core.sandbox;

import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.ProcessCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What holds the limits of one run on this machine, and the entries of a launch plan that make it so. For each resource the first
 * that can be had is taken: a cgroup of the unified hierarchy, one of the controller's own, what each process inherits, nothing.
 *
 * <p>Of one plan builder: {@link #setUp}, {@link #enter} and {@link #cleanUp} once each. With cgroups the plan is for a runner that
 * stays outside of them, and gets a keeper ({@link PlanBuilder#keeper}): they do not outlive the runner, however that ends. A cgroup is named
 * {@code velo-<process>-<random number>}. Controllers that had to be enabled for the cgroup's siblings stay enabled.
 */
public final class LimitPlan {
    private final ResourceLimits limits;
    private final LimitFacts facts;
    private final List<Cgroup> cgroups = new ArrayList<>();
    private final List<LimitDecision> decisions = new ArrayList<>();
    private final List<PlanEntry> made = new ArrayList<>();

    private LimitPlan(ResourceLimits limits, LimitFacts facts) {
        this.limits = limits;
        this.facts = facts;
        String name = "velo-" + ProcessHandle.current().pid() + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
        for (CgroupParent parent : facts.cgroups().parents(limits.resources())) {
            cgroups.add(new Cgroup(parent, name));
        }
        for (LimitedResource resource : limits.resources()) {
            decisions.add(decide(resource));
        }
    }

    /**
     * Decides by what this process may do on this machine; makes nothing yet.
     *
     * @throws IOException if {@code /proc} cannot be read
     */
    public static LimitPlan of(ResourceLimits limits) throws IOException {
        return of(limits, limits.resources().isEmpty() ? LimitFacts.unread() : LimitFacts.read());
    }

    static LimitPlan of(ResourceLimits limits, LimitFacts facts) {
        return new LimitPlan(limits, facts);
    }

    /** What holds each limit that is wanted. */
    public List<LimitDecision> decisions() {
        return List.copyOf(decisions);
    }

    /** Whether there is work before and after the command, so that it takes a runner outside of the limits. */
    public boolean usesCgroups() {
        return !cgroups.isEmpty();
    }

    /** Adds to the setup section, and asks for a keeper: makes the cgroups. Nothing if there are none. */
    public void setUp(PlanBuilder plan) {
        if (!usesCgroups()) {
            return;
        }
        plan.keeper().setup();
        for (Cgroup cgroup : cgroups) {
            made.add(cgroup.make(plan, limits));
        }
        plan.what(null);
    }

    /**
     * Adds to the child section, to stand first in it: the child enters the cgroups, and takes what it and those it starts inherit.
     * A user namespace that the child begins in makes {@code RLIMIT_NPROC} count the processes of that namespace alone.
     */
    public void enter(PlanBuilder plan) {
        if (made.size() != cgroups.size()) {
            throw new IllegalStateException("the cgroups are to be made by setUp before they are entered");
        }
        plan.child();
        for (int i = 0; i < cgroups.size(); i++) {
            cgroups.get(i).enter(plan, made.get(i));
        }
        for (LimitDecision decision : decisions) {
            if (!decision.mechanism().isCgroup() && decision.isHeld()) {
                plan.what("cannot set the limit of " + decision.resource().text());
                inherit(plan, decision.resource());
            }
        }
        plan.what(null);
    }

    /**
     * Adds to the cleanup section: removes the cgroups, once their last process has ended. In the unified hierarchy what is left of
     * the command is killed for that.
     *
     * @param results absolute path of a file that exists, in which {@link #report} will find whether the limits were reached; null
     *     if nobody asks
     */
    public void cleanUp(PlanBuilder plan, byte @Nullable [] results) {
        if (!usesCgroups()) {
            return;
        }
        plan.cleanup();
        if (results != null) {
            PlanEntry out = plan.openat(PlanArgument.AT_FDCWD, results, FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, 0);
            cgroups.forEach(cgroup -> cgroup.copyEvents(plan, out.result()));
            plan.close(out.result()).onlyIf(out);
        }
        cgroups.forEach(cgroup -> cgroup.remove(plan));
        plan.what(null);
    }

    /**
     * What became of the limits, after the runner has ended.
     *
     * @param results the contents of the file that {@link #cleanUp} was given; empty if there was none
     */
    public LimitReport report(byte[] results) {
        return LimitReport.of(decisions, results);
    }

    List<Cgroup> cgroups() {
        return List.copyOf(cgroups);
    }

    private LimitDecision decide(LimitedResource resource) {
        for (Cgroup cgroup : cgroups) {
            if (cgroup.parent().resources().contains(resource)) {
                return new LimitDecision(resource, cgroup.parent().mechanism(), "");
            }
        }
        String because = ", because " + facts.cgroups().whyNot(resource);
        return switch (resource) {
            case MEMORY ->
                new LimitDecision(
                        resource,
                        LimitMechanism.RLIMIT,
                        "the address space of each process, not all together" + because);
            case PIDS ->
                facts.isRoot()
                        ? new LimitDecision(resource, LimitMechanism.NONE, "RLIMIT_NPROC does not bind root" + because)
                        : new LimitDecision(
                                resource,
                                LimitMechanism.RLIMIT,
                                "all processes of the user in the user namespace" + because);
            case CPU ->
                facts.processors().isEmpty()
                        ? new LimitDecision(resource, LimitMechanism.NONE, "no time is shared out" + because)
                        : new LimitDecision(
                                resource,
                                LimitMechanism.AFFINITY,
                                wholeCores() + (wholeCores() == 1 ? " whole processor" : " whole processors")
                                        + ", unless a process chooses others" + because);
        };
    }

    private void inherit(PlanBuilder plan, LimitedResource resource) {
        switch (resource) {
            case MEMORY -> {
                long bytes = least(limits.memoryBytes().orElseThrow(), facts.hardAddressSpace());
                plan.rlimit(ProcessCalls.RLIMIT_AS, bytes, bytes);
            }
            case PIDS -> {
                long pids = least(limits.pids().orElseThrow(), facts.hardProcesses());
                plan.rlimit(ProcessCalls.RLIMIT_NPROC, pids, pids);
            }
            case CPU -> plan.schedSetaffinity(someProcessors());
        }
    }

    /** A hard limit can be lowered by everybody, and raised by few. */
    private static long least(long wanted, long hard) {
        return hard == ProcessCalls.RLIM_INFINITY ? wanted : Math.min(wanted, hard);
    }

    private int wholeCores() {
        double cores = Math.ceil(limits.cpuCores().orElseThrow());
        return (int) Math.min(cores, facts.processors().cardinality());
    }

    /** Neighbours, but not the same for every run: several runs would share the first processor while others are idle. */
    private BitSet someProcessors() {
        int[] all = facts.processors().stream().toArray();
        int first = ThreadLocalRandom.current().nextInt(all.length);
        BitSet some = new BitSet();
        for (int i = 0; i < wholeCores(); i++) {
            some.set(all[(first + i) % all.length]);
        }
        return some;
    }
}
