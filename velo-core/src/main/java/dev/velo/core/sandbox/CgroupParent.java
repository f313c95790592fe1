package dev.velo.core.sandbox;

import java.util.Set;

/**
 * A cgroup in which this process can make one of its own.
 *
 * @param mechanism {@link LimitMechanism#CGROUP_V1} or {@link LimitMechanism#CGROUP_V2}
 * @param directory absolute path of it
 * @param resources what a cgroup made there can limit, and is to
 * @param enabled those whose controllers have to be enabled for its children first
 * @param cpuCores what its children may have at most; infinite if they may have all. A v1 child is refused more (EINVAL).
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record CgroupParent(
        LimitMechanism mechanism,
        byte[] directory,
        Set<LimitedResource> resources,
        Set<LimitedResource> enabled,
        double cpuCores) {}
