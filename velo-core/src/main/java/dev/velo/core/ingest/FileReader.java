package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.tree.DirectoryChain;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads and hashes the files of one unit after another for one thread. A file whose times, size or inode number differ after reading
 * is read again; one that keeps changing is an error. Owns a chain of directory descriptors.
 *
 * <p>A write sets the times when it begins and copies its bytes afterwards. So a file that was changed just now is not read at
 * once: its bytes may be half old and half new, though its times stay the same from then on.
 */
final class FileReader implements AutoCloseable {
    private static final int ATTEMPTS = 4;
    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;
    private static final int NAME_MAX = 255;

    /** How long the times of a file must have stood still before it is read. */
    private static final long SETTLE_NANOS = 20_000_000;

    private final ScannedTree tree;
    private final ReadList list;
    private final FileFacts facts;
    private final BatchQueue queue;
    private final IngestOptions options;
    private final Warnings warnings;
    private final IngestListener listener;
    private final DirectoryChain chain;
    private final MessageDigest sha = Hashing.sha256();
    private final Statx stat = new Statx();
    private final MemorySegment name = Arena.ofAuto().allocate(NAME_MAX + 1L);
    private final byte[] digest = new byte[Digest.BYTES];
    private Batch batch;
    private ByteBuffer bytes;

    FileReader(Ingestion ingestion, int rootFd, BatchQueue queue) throws IOException {
        this.tree = ingestion.tree();
        this.list = ingestion.list();
        this.facts = ingestion.facts();
        this.options = ingestion.options();
        this.warnings = ingestion.warnings();
        this.listener = ingestion.listener();
        this.queue = queue;
        this.chain = new DirectoryChain(tree, 0, rootFd);
        this.batch = queue.takeEmpty();
        this.bytes = batch.buffer.asByteBuffer();
    }

    /** Reads all files of a unit and hands them on. */
    void readUnit(int unit) throws IOException {
        batch.clear(unit);
        long before = 0;
        for (int item = list.unitStart(unit); item < list.unitEnd(unit); item++) {
            before += read(unit, item);
        }
        batch.endsUnit = true;
        handOn(unit);
        listener.read(list.unitEnd(unit) - list.unitStart(unit), before);
    }

    private void handOn(int unit) throws IOException {
        queue.putFull(batch);
        batch = queue.takeEmpty();
        batch.clear(unit);
        bytes = batch.buffer.asByteBuffer();
    }

    private long read(int unit, int item) throws IOException {
        ScannedDirectory directory = tree.directories.get(list.directory(item));
        int index = list.index(item);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (readOnce(unit, directory, index, list.directory(item))) {
                    return directory.sizes[index];
                }
            }
        } catch (ErrnoException e) {
            byte[] path = tree.path(list.directory(item), index);
            boolean unreadable = e.errno() == Errno.EACCES || e.errno() == Errno.EPERM || e.errno() == Errno.EIO;
            if (unreadable && options.has(IngestOptions.Choice.SKIP_UNREADABLE)) {
                warnings.unreadable(path, e);
                facts.drop(directory.firstEntry + index);
                return 0;
            }
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP || e.errno() == Errno.ENXIO) {
                throw new IngestException(
                        path, "was removed or replaced while the tree was read; ingest again when it is at rest");
            }
            throw e.at(PathBytes.show(path));
        }
        throw new IngestException(
                tree.path(list.directory(item), index),
                "keeps changing while it is read; ingest again when it is at rest");
    }

    /** Returns false if the file changed under the reader, whose view of it is the newest one then. */
    private boolean readOnce(int unit, ScannedDirectory directory, int index, int directoryNumber) throws IOException {
        int fd = FileCalls.openat(chain.open(directoryNumber), nameOf(directory, index), FLAGS, 0);
        try {
            boolean same = hasSettled(fd, directory, index)
                    && (directory.sizes[index] > Batch.CAPACITY
                            ? streamLarge(unit, fd, directory, index)
                            : readSmall(unit, fd, directory, index));
            if (same) {
                byte[] attributes = Attributes.read(fd);
                if (attributes.length > 0) {
                    facts.setAttributes(directory.firstEntry + index, attributes);
                }
                return true;
            }
            FileCalls.fstatx(fd, stat);
            if (stat.type() != Statx.S_IFREG) {
                throw new IngestException(tree.path(directoryNumber, index), "was replaced while the tree was read");
            }
            directory.update(index, stat);
            return false;
        } finally {
            FileCalls.close(fd);
        }
    }

    /** Waits until the last change of a file lies safely back; returns false if another one came meanwhile. */
    private boolean hasSettled(int fd, ScannedDirectory directory, int index) throws IOException {
        long age = System.currentTimeMillis() * 1_000_000 - directory.changed[index];
        if (Math.abs(age) >= SETTLE_NANOS) {
            return true;
        }
        LockSupport.parkNanos(SETTLE_NANOS);
        return isAsBefore(fd, directory, index);
    }

    private boolean readSmall(int unit, int fd, ScannedDirectory directory, int index) throws IOException {
        int size = (int) directory.sizes[index];
        if (batch.filled + size > Batch.CAPACITY || batch.files == Batch.MAX_FILES) {
            handOn(unit);
        }
        int at = batch.filled;
        long got = readUpTo(fd, batch.buffer.address() + at, size + 1L, size);
        if (got != size || !isAsBefore(fd, directory, index)) {
            return false;
        }
        if (size == 0) {
            return true;
        }
        sha.update(bytes.limit(at + size).position(at));
        digestInto(batch.digests, 4 * batch.files);
        facts.setDigest(directory.firstEntry + index, batch.digests, 4 * batch.files);
        batch.offsets[batch.files] = at;
        batch.lengths[batch.files] = size;
        batch.files++;
        batch.filled = at + size;
        return true;
    }

    private boolean streamLarge(int unit, int fd, ScannedDirectory directory, int index) throws IOException {
        if (batch.files > 0) {
            handOn(unit);
        }
        try {
            return streamPieces(unit, fd, directory, index);
        } catch (ErrnoException e) {
            voidPieces(unit);
            throw e;
        }
    }

    private boolean streamPieces(int unit, int fd, ScannedDirectory directory, int index) throws IOException {
        long size = directory.sizes[index];
        long offset = 0;
        boolean whole = true;
        while (whole && offset < size) {
            long wanted = Math.min(Batch.CAPACITY, size - offset);
            boolean last = offset + wanted == size;
            long got = readUpTo(fd, batch.buffer.address(), last ? wanted + 1 : wanted, wanted);
            whole = got == wanted;
            sha.update(bytes.limit((int) wanted).position(0));
            batch.filled = (int) wanted;
            offset += wanted;
            if (whole && !last) {
                batch.content = Batch.Content.PIECE;
                handOn(unit);
            }
        }
        if (!whole || !isAsBefore(fd, directory, index)) {
            voidPieces(unit);
            return false;
        }
        digestInto(batch.digests, 0);
        facts.setDigest(directory.firstEntry + index, batch.digests, 0);
        batch.content = Batch.Content.LAST_PIECE;
        handOn(unit);
        return true;
    }

    private void voidPieces(int unit) throws IOException {
        sha.reset();
        batch.content = Batch.Content.VOID_PIECES;
        handOn(unit);
    }

    /** Reads until there are as many bytes as expected, or the file ends. One byte more may be asked for, to see it end. */
    private static long readUpTo(int fd, long address, long wanted, long expected) throws IOException {
        long got = FileCalls.read(fd, address, wanted);
        while (got < expected) {
            long more = FileCalls.read(fd, address + got, wanted - got);
            if (more == 0) {
                break;
            }
            got += more;
        }
        return got;
    }

    private boolean isAsBefore(int fd, ScannedDirectory directory, int index) throws IOException {
        FileCalls.fstatx(fd, stat);
        return directory.isAsBefore(index, stat);
    }

    private void digestInto(long[] words, int at) {
        try {
            sha.digest(digest, 0, Digest.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        Digest.of(digest, 0).writeTo(words, at);
    }

    private long nameOf(ScannedDirectory directory, int index) {
        int length = directory.nameLength(index);
        MemorySegment.copy(directory.names, directory.nameStart(index), name, ValueLayout.JAVA_BYTE, 0, length);
        name.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
        return name.address();
    }

    @Override
    public void close() {
        chain.close();
    }
}
