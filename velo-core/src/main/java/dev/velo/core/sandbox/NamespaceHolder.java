package dev.velo.core.sandbox;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.Runner;
import dev.velo.ffm.SpawnedProcess;
import dev.velo.ffm.Syscall;
import java.io.IOException;

/** A process that is in a namespace and does nothing, as long as it takes to open that namespace from outside. */
final class NamespaceHolder {
    private static final int F_DUPFD_CLOEXEC = 1030;

    /** A child that inherits the namespace may have its own descriptors at the numbers below. */
    private static final int LOWEST = 32;

    private NamespaceHolder() {}

    /** What is done from outside while the process is there. */
    @FunctionalInterface
    interface Care {
        void of(int process) throws IOException;
    }

    /**
     * A namespace of a new process, which ends then.
     *
     * @param name of the namespace in {@code /proc/PID/ns}
     * @param start the child section that makes it
     * @return the namespace, which exists as long as this is open
     */
    static Descriptor open(String name, PlanBuilder start, Care care) throws IOException {
        int[] ends = FileCalls.pipe2(FileCalls.O_CLOEXEC);
        try (Descriptor waiting = new Descriptor(ends[0]);
                Descriptor going = new Descriptor(ends[1]);
                Descriptor plan = new Descriptor(Runner.openPlan(waiting(waiting.fd())))) {
            start.setCloseOnExec(PlanArgument.of(waiting.fd()), false);
            start.restoreMask();
            Runner.execute(start, plan.fd());
            try (SpawnedProcess holder = ProcessCalls.spawn(start.build())) {
                try {
                    care.of(holder.pid());
                    byte[] path = PathBytes.of("/proc/" + holder.pid() + "/ns/" + name);
                    try (Descriptor opened =
                            new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, FileCalls.O_RDONLY, 0))) {
                        return new Descriptor(FileCalls.fcntl(opened.fd(), F_DUPFD_CLOEXEC, LOWEST));
                    }
                } finally {
                    FileCalls.close(going.release());
                    holder.waitFor();
                }
            }
        }
    }

    /** The plan of a process that does nothing until the other end of a pipe is closed. */
    private static Plan waiting(int pipe) {
        PlanBuilder plan = new PlanBuilder();
        plan.setup();
        plan.call(Syscall.READ, PlanArgument.of(pipe), PlanArgument.structure(new byte[Long.BYTES]), PlanArgument.of(1))
                .ignoringErrors();
        return plan.build();
    }
}
