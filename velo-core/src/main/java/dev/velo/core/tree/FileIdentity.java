package dev.velo.core.tree;

import dev.velo.ffm.Statx;
import org.jspecify.annotations.Nullable;

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

    // by hand: what the compiler makes for records is put together at run time, which costs milliseconds of start-up

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileIdentity file
                && device == file.device
                && inode == file.inode
                && size == file.size
                && modified == file.modified
                && changed == file.changed;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(device * 31 + inode);
    }

    public static long nanos(long seconds, int nanos) {
        return seconds * 1_000_000_000L + nanos;
    }
}
