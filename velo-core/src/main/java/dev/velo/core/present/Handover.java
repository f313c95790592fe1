package dev.velo.core.present;

import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;

/**
 * What a runner that is a child of this process holds for its command: its own error stream is this process's to read, so that a
 * failure before the command begins is known here.
 *
 * @param errors the descriptor that becomes the command's error stream
 * @param running the end of a pipe that is closed everywhere once the command runs, or will never run
 */
public record Handover(int errors, int running) {
    private static final int ERROR_STREAM = 2;

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
