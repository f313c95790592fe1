package dev.velo.core.sandbox;

import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How much a sandbox may use; what is empty is not limited. What holds a limit on a machine, and what it means there, says
 * {@link LimitPlan#decisions}.
 *
 * @param memoryBytes memory of all processes together, with what they write to memory file systems and the files they have in the
 *     page cache; swap is not given in addition
 * @param pids processes and threads at one time, with the sandbox's own first process
 * @param cpuCores time on processors, 1.5 being that of one and a half
 */
public record ResourceLimits(OptionalLong memoryBytes, OptionalLong pids, OptionalDouble cpuCores) {
    /** Nothing is limited. */
    public static final ResourceLimits NONE =
            new ResourceLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.empty());

    /** Below this no program begins: the pages of a process's own tables and of its loader are many. */
    public static final long MIN_MEMORY_BYTES = 1 << 20;

    /** The kernel gives out no less than 1 ms of each 100 ms. */
    public static final double MIN_CPU_CORES = 0.01;

    /** @throws IllegalArgumentException if a limit is too small for any command to run */
    public ResourceLimits {
        if (memoryBytes.isPresent() && memoryBytes.getAsLong() < MIN_MEMORY_BYTES) {
            throw new IllegalArgumentException(
                    "a limit of " + memoryBytes.getAsLong() + " bytes of memory is too small, give at least 1 MiB");
        }
        if (pids.isPresent() && pids.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "a limit of " + pids.getAsLong() + " processes is too small, give at least 1");
        }
        // written so that NaN is refused too
        if (cpuCores.isPresent() && !(cpuCores.getAsDouble() >= MIN_CPU_CORES)) {
            throw new IllegalArgumentException("a limit of " + cpuCores.getAsDouble()
                    + " processors is too small, give at least " + MIN_CPU_CORES);
        }
    }

    public ResourceLimits withMemory(long bytes) {
        return new ResourceLimits(OptionalLong.of(bytes), pids, cpuCores);
    }

    public ResourceLimits withPids(long count) {
        return new ResourceLimits(memoryBytes, OptionalLong.of(count), cpuCores);
    }

    public ResourceLimits withCpu(double cores) {
        return new ResourceLimits(memoryBytes, pids, OptionalDouble.of(cores));
    }

    /** What is limited. */
    public Set<LimitedResource> resources() {
        Set<LimitedResource> limited = EnumSet.noneOf(LimitedResource.class);
        if (memoryBytes.isPresent()) {
            limited.add(LimitedResource.MEMORY);
        }
        if (pids.isPresent()) {
            limited.add(LimitedResource.PIDS);
        }
        if (cpuCores.isPresent()) {
            limited.add(LimitedResource.CPU);
        }
        return limited;
    }
}
