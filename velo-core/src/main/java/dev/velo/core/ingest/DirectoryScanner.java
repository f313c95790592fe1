package dev.velo.core.ingest;

import dev.velo.core.store.FileBytes;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.DirectoryChain;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one directory after another for one thread of a scan. Owns its buffers and a chain of directory descriptors; the memory
 * belongs to the garbage collector.
 */
final class DirectoryScanner implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;
    private static final byte[] IGNORE_FILE = PathBytes.of(IgnoreRules.FILE);
    private static final int IGNORE_FILE_LIMIT = 1 << 20;

    private final ScannedTree tree;
    private final ScanPurpose purpose;
    private final IngestOptions options;
    private final Warnings warnings;
    private final DirectoryChain chain;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
    private final Statx stat = new Statx();

    /** What the buffer holds, where it is cheap to look at. */
    private final byte[] records = new byte[BUFFER_BYTES];

    DirectoryScanner(ScannedTree tree, int rootFd, ScanPurpose purpose, IngestOptions options, Warnings warnings) {
        this.tree = tree;
        this.purpose = purpose;
        this.options = options;
        this.warnings = warnings;
        this.chain = new DirectoryChain(tree, 0, rootFd);
    }

    /** Fills this directory, whose number is the one given. */
    void scan(ScannedDirectory directory, int number) throws IOException {
        int fd = open(number);
        if (fd < 0) {
            return;
        }
        FileCalls.fstatx(fd, stat);
        directory.device = stat.device();
        tree.learn(directory.device, fd);
        if (options.has(IngestOptions.Choice.ONE_FILE_SYSTEM)
                && number > 0
                && directory.device != tree.rootHolder.device) {
            return;
        }
        directory.attributes = Attributes.read(fd);
        boolean hasIgnoreFile = false;
        // each directory is listed once, so the chain's descriptor still stands at its start
        int filled = FileCalls.getdents64(fd, buffer.address(), BUFFER_BYTES);
        while (filled > 0) {
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, records, 0, filled);
            for (int at = 0; at < filled; at += recordLength(at)) {
                hasIgnoreFile |= take(directory, number, fd, at + NAME);
            }
            filled = FileCalls.getdents64(fd, buffer.address(), BUFFER_BYTES);
        }
        if (hasIgnoreFile && purpose instanceof ScanPurpose.Tree) {
            directory.rules = rulesWithFile(fd, number, directory.rules);
        }
        dropIgnored(directory, number);
        directory.sort();
    }

    private void dropIgnored(ScannedDirectory directory, int number) {
        IgnoreRules rules = directory.rules;
        directory.retain(index -> {
            int type = directory.type(index);
            if (rules != null && rules.ignores(directory.name(index), type == Statx.S_IFDIR)) {
                return false;
            }
            if (type == Statx.S_IFSOCK) {
                warnings.socket(PathBytes.join(tree.path(number), directory.name(index)));
                if (purpose instanceof ScanPurpose.Tree) {
                    return false;
                }
                directory.makeWhiteout(index);
            }
            return true;
        });
    }

    private int open(int number) throws IOException {
        try {
            return chain.open(number);
        } catch (ErrnoException e) {
            boolean unreadable = e.errno() == Errno.EACCES || e.errno() == Errno.EPERM;
            if (unreadable && options.has(IngestOptions.Choice.SKIP_UNREADABLE)) {
                warnings.unreadable(tree.path(number), e);
                return -1;
            }
            throw e.at(PathBytes.show(tree.path(number)));
        }
    }

    private int recordLength(int at) {
        return (records[at + RECORD_LENGTH] & 0xff) | (records[at + RECORD_LENGTH + 1] & 0xff) << 8;
    }

    /** Takes one entry and returns whether it is the file of ignore rules. */
    private boolean take(ScannedDirectory directory, int number, int fd, int nameAt) throws IOException {
        int end = nameAt;
        while (records[end] != 0) {
            end++;
        }
        int length = end - nameAt;
        if (records[nameAt] == '.' && (length == 1 || (length == 2 && records[nameAt + 1] == '.'))) {
            return false;
        }
        long address = buffer.address() + nameAt;
        try {
            FileCalls.statx(fd, address, FileCalls.AT_SYMLINK_NOFOLLOW, Statx.BASIC_STATS, stat);
            byte[] target = stat.type() == Statx.S_IFLNK ? LinkCalls.readlinkat(fd, address) : null;
            directory.add(records, nameAt, length, stat);
            if (purpose instanceof ScanPurpose.OwnLayer own && own.access().grant(fd, address, stat)) {
                FileCalls.statx(fd, address, FileCalls.AT_SYMLINK_NOFOLLOW, Statx.BASIC_STATS, stat);
                directory.update(directory.count - 1, stat);
            }
            if (target != null) {
                directory.setTarget(directory.count - 1, target);
            }
        } catch (ErrnoException e) {
            boolean unreadable = e.errno() == Errno.EACCES || e.errno() == Errno.EPERM;
            if (unreadable && options.has(IngestOptions.Choice.SKIP_UNREADABLE)) {
                warnings.unreadable(PathBytes.join(tree.path(number), Arrays.copyOfRange(records, nameAt, end)), e);
                return false;
            }
            // gone since it was listed
            if (e.errno() != Errno.ENOENT) {
                throw e.in(PathBytes.show(tree.path(number)));
            }
        }
        return length == IGNORE_FILE.length && Arrays.equals(records, nameAt, end, IGNORE_FILE, 0, length);
    }

    private @Nullable IgnoreRules rulesWithFile(int fd, int number, @Nullable IgnoreRules rules) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;
        try (Descriptor descriptor = new Descriptor(FileCalls.openat(fd, IGNORE_FILE, flags, 0));
                Arena arena = Arena.ofConfined()) {
            String shown = PathBytes.show(tree.path(number)) + "/" + IgnoreRules.FILE;
            MemorySegment bytes = FileBytes.read(arena, descriptor.fd(), shown, IGNORE_FILE_LIMIT);
            return (rules == null ? IgnoreRules.of(List.of(), List.of()) : rules)
                    .withFile(bytes.toArray(ValueLayout.JAVA_BYTE));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return rules;
            }
            if (e.errno() == Errno.ELOOP) {
                throw new IngestException(
                        PathBytes.join(tree.path(number), IGNORE_FILE),
                        "is a symbolic link; rules must stand in a regular file");
            }
            throw e.at(PathBytes.show(tree.path(number)) + "/" + IgnoreRules.FILE);
        }
    }

    @Override
    public void close() {
        chain.close();
    }
}
