package dev.velo.core.sandbox;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Syscall;
import java.util.Locale;
import java.util.stream.Collectors;

/** A cgroup that a plan makes, fills and removes. Its files: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/ of the kernel. */
final class Cgroup {
    /** As the kernel's default: longer ones let a command run, and then stand still, for longer. */
    private static final long PERIOD_MICROS = 100_000;

    private static final byte[] SELF = PathBytes.of("0");
    private static final int EVENTS_BYTES = 1024;

    private final CgroupParent parent;
    private final byte[] path;

    Cgroup(CgroupParent parent, String name) {
        this.parent = parent;
        this.path = PathBytes.join(parent.directory(), PathBytes.of(name));
    }

    CgroupParent parent() {
        return parent;
    }

    byte[] path() {
        return path;
    }

    /** Adds its making, and returns the entry whose result is what a process enters it by. */
    PlanEntry make(PlanBuilder plan, ResourceLimits limits) {
        plan.what("cannot make a cgroup for the limits; without --memory, --pids and --cpu none is needed");
        if (!parent.enabled().isEmpty()) {
            String controllers = parent.enabled().stream()
                    .map(resource -> "+" + resource.text())
                    .collect(Collectors.joining(" "));
            byte[] subtree = PathBytes.join(parent.directory(), PathBytes.of("cgroup.subtree_control"));
            plan.writeFile(subtree, PathBytes.of(controllers));
        }
        plan.mkdirat(PlanArgument.AT_FDCWD, path, 0755);
        for (LimitedResource resource : parent.resources()) {
            plan.what("cannot set the limit of " + resource.text());
            switch (resource) {
                case MEMORY -> limitMemory(plan, limits.memoryBytes().orElseThrow());
                case PIDS ->
                    plan.writeFile(file("pids.max"), decimal(limits.pids().orElseThrow()));
                case CPU -> limitCpu(plan, limits.cpuCores().orElseThrow());
            }
        }
        // opened here: from a cgroup namespace of its own, or another root, the child might find the file, or might not
        plan.what("cannot open the cgroup of the limits");
        return plan.openat(PlanArgument.AT_FDCWD, file("cgroup.procs"), FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, 0);
    }

    void enter(PlanBuilder plan, PlanEntry made) {
        plan.what("cannot enter the cgroup of the limits");
        plan.write(made.result(), SELF).path(file("cgroup.procs"));
    }

    /** Adds the copying of what has happened in it to this descriptor; see {@link LimitReport}. */
    void copyEvents(PlanBuilder plan, PlanArgument out) {
        for (LimitedResource resource : parent.resources()) {
            plan.write(out, LimitReport.heading(resource));
            byte[] events = file(eventsOf(resource));
            PlanEntry in = plan.openat(PlanArgument.AT_FDCWD, events, FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
            PlanArgument buffer = PlanArgument.structure(new byte[EVENTS_BYTES]);
            PlanEntry read = plan.call(Syscall.READ, in.result(), buffer, PlanArgument.of(EVENTS_BYTES))
                    .onlyIf(in);
            plan.call(Syscall.WRITE, out, buffer, read.result()).onlyIf(read);
            plan.close(in.result()).onlyIf(in);
        }
    }

    /** Adds its removal, which has to wait for its last process. */
    void remove(PlanBuilder plan) {
        plan.what("cannot remove the cgroup of the limits");
        if (parent.mechanism() == LimitMechanism.CGROUP_V2) {
            plan.writeFileIfThere(file("cgroup.kill"), PathBytes.of("1"));
        }
        plan.unlinkat(PlanArgument.AT_FDCWD, path, FileCalls.AT_REMOVEDIR).retryingBusy();
    }

    /** Swap would give in addition what memory has not; the kernel may have been built, or told, not to count it. */
    private void limitMemory(PlanBuilder plan, long bytes) {
        if (parent.mechanism() == LimitMechanism.CGROUP_V2) {
            plan.writeFile(file("memory.max"), decimal(bytes));
            plan.writeFileIfThere(file("memory.swap.max"), decimal(0));
            // all or nothing: a build whose compiler was killed would go on to fail elsewhere
            plan.writeFileIfThere(file("memory.oom.group"), decimal(1));
        } else {
            // in this order: memory with swap may never be less than memory alone
            plan.writeFile(file("memory.limit_in_bytes"), decimal(bytes));
            plan.writeFileIfThere(file("memory.memsw.limit_in_bytes"), decimal(bytes));
        }
    }

    private void limitCpu(PlanBuilder plan, double cores) {
        long quota = (long) (Math.min(cores, parent.cpuCores()) * PERIOD_MICROS);
        if (parent.mechanism() == LimitMechanism.CGROUP_V2) {
            plan.writeFile(file("cpu.max"), PathBytes.of(String.format(Locale.ROOT, "%d %d", quota, PERIOD_MICROS)));
        } else {
            plan.writeFile(file("cpu.cfs_period_us"), decimal(PERIOD_MICROS));
            plan.writeFile(file("cpu.cfs_quota_us"), decimal(quota));
        }
    }

    private String eventsOf(LimitedResource resource) {
        return switch (resource) {
            case MEMORY -> parent.mechanism() == LimitMechanism.CGROUP_V2 ? "memory.events" : "memory.oom_control";
            case PIDS -> "pids.events";
            case CPU -> "cpu.stat";
        };
    }

    private byte[] file(String name) {
        return PathBytes.join(path, PathBytes.of(name));
    }

    private static byte[] decimal(long value) {
        return PathBytes.of(Long.toString(value));
    }
}
