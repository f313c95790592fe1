package dev.velo.ffm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of a plan under construction; its methods refine it and return it. Belongs to the {@link PlanBuilder} that made it. */
public final class PlanEntry {
    final Syscall call;
    final List<PlanArgument> arguments;
    final @Nullable String what;
    int flags;
    byte @Nullable [] path;

    @Nullable
    PlanEntry requires;

    PlanEntry(Syscall call, List<PlanArgument> arguments, @Nullable String what) {
        this.call = call;
        this.arguments = arguments;
        this.what = what;
    }

    /** What the call returned, as an argument of later calls: a descriptor, mostly. */
    public PlanArgument result() {
        return new PlanArgument.ResultOf(this);
    }

    /** Goes on with the plan if the call fails. */
    public PlanEntry ignoringErrors() {
        return with(PlanLayout.IGNORE);
    }

    /** Makes the call again after EINTR. Not for {@code close}. */
    public PlanEntry retryingInterrupts() {
        return with(PlanLayout.RETRY_EINTR);
    }

    /** Makes the call again every millisecond while it gives EBUSY, for five seconds: a folder that processes still hold. */
    public PlanEntry retryingBusy() {
        return with(PlanLayout.RETRY_BUSY);
    }

    /** Makes the call only if that earlier one was made and succeeded. */
    public PlanEntry onlyIf(PlanEntry earlier) {
        requires = earlier;
        return this;
    }

    /** The path that a report of the call's failure names. */
    public PlanEntry path(byte[] reported) {
        path = reported.clone();
        return this;
    }

    /** The entries without whose results this one cannot be. */
    List<PlanEntry> needs() {
        List<PlanEntry> needs = new ArrayList<>();
        for (PlanArgument argument : arguments) {
            if (argument instanceof PlanArgument.ResultOf result) {
                needs.add(result.entry());
            }
        }
        if (requires != null) {
            needs.add(requires);
        }
        return needs;
    }

    PlanEntry with(int flag) {
        flags |= flag;
        return this;
    }
}
