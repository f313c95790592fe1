package dev.velo.ffm;

import java.util.List;
import java.util.OptionalLong;

/**
 * How the runner starts: the soft limit of descriptors to go back to (HotSpot raises it), the name that process lists show, and an
 * environment of its own; the command's is in the plan.
 */
public record RunnerOptions(OptionalLong softDescriptorLimit, String name, List<byte[]> environment) {
    /** Limits left as they are, a plain name, no environment. */
    public static final RunnerOptions DEFAULT = new RunnerOptions(OptionalLong.empty(), "velo-runner", List.of());

    public RunnerOptions withSoftDescriptorLimit(long limit) {
        return new RunnerOptions(OptionalLong.of(limit), name, environment);
    }

    public RunnerOptions withName(String shown) {
        return new RunnerOptions(softDescriptorLimit, shown, environment);
    }

    public RunnerOptions withEnvironment(List<byte[]> variables) {
        return new RunnerOptions(softDescriptorLimit, name, List.copyOf(variables));
    }
}
