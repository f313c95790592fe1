package dev.velo.core.present;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills the page cache before it is asked for. {@code sendfile} to {@code /dev/null} reads to the end, in the largest pieces that the
 * device has, without copying; {@code WILLNEED} returns at once, but reads no more than one window of read-ahead a call.
 */
public final class ReadAhead {
    private static final byte[] NOWHERE = PathBytes.of("/dev/null");

    /** No device has a smaller window unless it was set to. */
    private static final long WINDOW = 128 << 10;

    private static final long PAGE_BYTES = 4096;

    /** A range counts as cached if less than one part in so many is missing. */
    private static final long CACHED_SHARE = 64;

    /** Instead of the descriptor of a file that is not there any more. */
    private static final int GONE = -1;

    private ReadAhead() {}

    /** Has the kernel begin to read the start of a file, and does not wait for it; what is in memory already costs one call. */
    static void begin(byte[] path, long length) throws ErrnoException {
        try (Descriptor file = open(path, FileCalls.O_RDONLY)) {
            if (isCached(file.fd(), 0, length)) {
                return;
            }
            for (long at = 0; at < length; at += WINDOW) {
                FileCalls.fadvise64(file.fd(), at, WINDOW, FileCalls.POSIX_FADV_WILLNEED);
            }
        }
    }

    /** Those of the ranges that are not in memory already, of files that are still there; all of them where the kernel does not tell. */
    static List<FileRange> missing(List<FileRange> ranges) throws ErrnoException {
        List<FileRange> missing = new ArrayList<>();
        try (LastFile file = new LastFile()) {
            for (FileRange range : ranges) {
                int fd = file.of(range);
                if (fd != GONE && !isCached(fd, range.offset(), range.length())) {
                    missing.add(range);
                }
            }
        }
        return missing;
    }

    /** Whether all but a few pages are: those that are not come sooner alone than by reading past the others. */
    private static boolean isCached(int file, long offset, long length) throws ErrnoException {
        try {
            long pages = FileCalls.cachestat(file, offset, length);
            return pages * PAGE_BYTES >= length - length / CACHED_SHARE;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOSYS || e.errno() == Errno.EPERM || e.errno() == Errno.EOPNOTSUPP) {
                return false;
            }
            throw e;
        }
    }

    /** Reads these ranges now. */
    static void read(List<FileRange> ranges) throws ErrnoException {
        try (Descriptor nowhere = open(NOWHERE, FileCalls.O_WRONLY);
                LastFile file = new LastFile()) {
            for (FileRange range : ranges) {
                int fd = file.of(range);
                if (fd != GONE) {
                    FileCalls.fadvise64(fd, 0, 0, FileCalls.POSIX_FADV_SEQUENTIAL);
                    read(nowhere.fd(), fd, range.offset(), range.length());
                }
            }
        }
    }

    private static void read(int nowhere, int file, long offset, long length) throws ErrnoException {
        long done = 0;
        while (done < length) {
            long got =
                    FileCalls.sendfile(nowhere, file, offset + done, Math.min(length - done, FileCalls.SENDFILE_MAX));
            if (got == 0) {
                return;
            }
            done += got;
        }
    }

    /** Has a plan read these ranges beside the command. What cannot be read is passed over. */
    public static void beside(PlanBuilder plan, List<FileRange> ranges) {
        if (ranges.isEmpty()) {
            return;
        }
        plan.beside().what(null);
        int flags = FileCalls.O_RDONLY | FileCalls.O_CLOEXEC;
        PlanEntry nowhere = plan.openat(PlanArgument.AT_FDCWD, NOWHERE, FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, 0);
        byte[] path = {};
        PlanEntry file = nowhere;
        for (FileRange range : ranges) {
            if (!Arrays.equals(path, range.path())) {
                path = range.path();
                file = plan.openat(PlanArgument.AT_FDCWD, path, flags, 0).ignoringErrors();
                plan.fadvise64(file.result(), 0, 0, FileCalls.POSIX_FADV_SEQUENTIAL)
                        .onlyIf(file)
                        .ignoringErrors();
            }
            for (long done = 0; done < range.length(); done += FileCalls.SENDFILE_MAX) {
                long count = Math.min(range.length() - done, FileCalls.SENDFILE_MAX);
                plan.sendfile(nowhere.result(), file.result(), range.offset() + done, count)
                        .onlyIf(file)
                        .ignoringErrors();
            }
        }
    }

    /** Keeps the file of the last range open, because the next is mostly of the same. */
    private static final class LastFile implements AutoCloseable {
        private byte[] path = {};
        private @Nullable Descriptor open;

        /** {@link #GONE} if a collection has taken the file: what is mounted keeps it, and nobody finds it by its name. */
        int of(FileRange range) throws ErrnoException {
            Descriptor file = open;
            if (!Arrays.equals(path, range.path())) {
                close();
                file = openIfThere(range.path());
                open = file;
                path = range.path();
            }
            return file == null ? GONE : file.fd();
        }

        private static @Nullable Descriptor openIfThere(byte[] path) throws ErrnoException {
            try {
                return ReadAhead.open(path, FileCalls.O_RDONLY);
            } catch (ErrnoException e) {
                if (e.errno() == Errno.ENOENT) {
                    return null;
                }
                throw e;
            }
        }

        @Override
        public void close() {
            if (open != null) {
                open.close();
                open = null;
            }
        }
    }

    private static Descriptor open(byte[] path, int flags) throws ErrnoException {
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
    }
}
