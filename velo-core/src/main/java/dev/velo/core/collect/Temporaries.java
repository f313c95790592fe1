package dev.velo.core.collect;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is being made in a store, or was being made by a process that was killed. */
final class Temporaries {
    /** Temporary names begin with the number of the process that made them. */
    private static final Pattern NAME = Pattern.compile("\\.tmp-([0-9]{1,10})-.*");

    /** Processes of other pid namespaces seem to have ended, so that what they write must be old as well. */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private Temporaries() {}

    /** Whether this is a temporary name in the directory of this descriptor, and nobody goes on with what it stands for. */
    static boolean isAbandoned(int directory, byte[] name) throws ErrnoException {
        Matcher matcher = NAME.matcher(PathBytes.show(name));
        if (!matcher.matches()
                || ProcessHandle.of(Long.parseLong(matcher.group(1))).isPresent()) {
            return false;
        }
        Statx stat = new Statx();
        try {
            FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false; // finished, or removed, meanwhile
            }
            throw e;
        }
        return !Ages.isYounger(stat.changeSeconds(), FORGOTTEN);
    }
}
