package dev.velo.core.tree;

import dev.velo.ffm.Statx;

/** What tells, as git does, whether a file is still the one that was read: times are nanoseconds, wrapping around. */
public record FileIdentity(long device, long inode, long size, long modified, long changed) {

    public static FileIdentity of(Statx stat) {
        return new FileIdentity(
                stat.device(),
                stat.inode(),
                stat.size(),
                nanos(stat.modificationSeconds(), stat.modificationNanos()),
                nanos(stat.changeSeconds(), stat.changeNanos()));
    }

    public static long nanos(long seconds, int nanos) {
        return seconds * 1_000_000_000L + nanos;
    }
}
