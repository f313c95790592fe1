package dev.velo.core.present;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.ResourceUse;
import dev.velo.ffm.Syscall;

/**
 * What a runner that is a child of this process holds for its command: its own error stream is this process's to read, so that a
 * failure before the command begins is known here.
 *
 * @param errors the descriptor that becomes the command's error stream
 * @param running the end of a pipe that is closed everywhere once the command runs, or will never run
 */
public record Handover(int errors, int running) {
    /**
     * Where in the file that is the runner's own error stream it writes what the command used, a {@code struct rusage}: behind any
     * message.
     */
    public static final long USAGE_AT = 1 << 16;

    private static final int ERROR_STREAM = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;

    /** The same file at a number that is free for something else in the new process; takes the descriptor over. */
    public Descriptor beside(int fd) throws ErrnoException {
        Descriptor given = new Descriptor(fd);
        if (fd > ERROR_STREAM && fd != errors && fd != running) {
            return given;
        }
        try (given) {
            return new Descriptor(
                    FileCalls.fcntl(fd, F_DUPFD_CLOEXEC, Math.max(ERROR_STREAM, Math.max(errors, running)) + 1));
        }
    }

    /** Adds to a child section that ends in the execution of the runner: it inherits these. */
    public void keep(PlanBuilder plan) {
        if (errors > ERROR_STREAM) {
            plan.setCloseOnExec(PlanArgument.of(errors), false);
        }
        plan.setCloseOnExec(PlanArgument.of(running), false);
    }

    /** Adds to a plan's cleanup what tells this process how much the command used. */
    public void tellUsage(PlanBuilder plan) {
        plan.cleanup();
        PlanArgument usage = PlanArgument.structure(new byte[ResourceUse.BYTES]);
        plan.call(Syscall.GETRUSAGE, PlanArgument.of(ProcessCalls.RUSAGE_CHILDREN), usage);
        plan.call(
                Syscall.PWRITE64,
                PlanArgument.of(ERROR_STREAM),
                usage,
                PlanArgument.of(ResourceUse.BYTES),
                PlanArgument.of(USAGE_AT));
    }

    /** Adds to the child section what gives the command its streams. */
    void to(PlanBuilder plan) {
        plan.what("cannot give the command its streams");
        plan.dup3(PlanArgument.of(errors), ERROR_STREAM, 0);
        if (errors > ERROR_STREAM) {
            plan.setCloseOnExec(PlanArgument.of(errors), true);
        }
        plan.setCloseOnExec(PlanArgument.of(running), true);
    }
}
