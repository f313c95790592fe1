package dev.velo.nio;

import dev.velo.core.view.View;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file of a view, open for reading. Maps without a copy; a mapped buffer is good until the view is closed. */
public final class ViewChannel extends FileChannel {
    private static final int TRANSFER_BYTES = 1 << 16;

    private final View view;
    private final int file;
    private final @Nullable OpenResources among;
    private final Object positionLock = new Object();
    private long position;

    /** Opens a regular file's node. */
    public ViewChannel(View view, int file) {
        this(view, file, null);
    }

    /** Opens a regular file's node as one of these resources, which forget it when it is closed. */
    ViewChannel(View view, int file, @Nullable OpenResources among) {
        this.view = view;
        this.file = file;
        this.among = among;
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        synchronized (positionLock) {
            int count = read(into, position);
            position += Math.max(count, 0);
            return count;
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        synchronized (positionLock) {
            long total = 0;
            for (int i = offset; i < offset + length; i++) {
                if (into[i].hasRemaining()) {
                    int count = read(into[i]);
                    if (count < 0) {
                        return total == 0 ? -1 : total;
                    }
                    total += count;
                }
            }
            return total;
        }
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        if (at < 0) {
            throw new IllegalArgumentException("position " + at + " is negative");
        }
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        requireOpen();
        boolean completed = false;
        begin();
        try {
            int count = read(view, file, at, into);
            completed = true;
            return count;
        } catch (IllegalStateException e) {
            throw endedBy(e);
        } finally {
            end(completed);
        }
    }

    /** Reads bytes of a file into a buffer, which goes on by as many. */
    public static int read(View view, int file, long offset, ByteBuffer into) throws IOException {
        int count = view.read(file, offset, MemorySegment.ofBuffer(into));
        if (count > 0) {
            into.position(into.position() + count);
        }
        return count;
    }

    @Override
    public long position() throws IOException {
        synchronized (positionLock) {
            requireOpen();
            return position;
        }
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition + " is negative");
        }
        synchronized (positionLock) {
            position = newPosition;
        }
        return this;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        try {
            return view.size(file);
        } catch (IllegalStateException e) {
            throw endedBy(e);
        }
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        requireOpen();
        if (from < 0 || count < 0) {
            throw new IllegalArgumentException("position or count is negative");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, TRANSFER_BYTES));
        long done = 0;
        while (done < count) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
            if (read(buffer, from + done) <= 0) {
                break;
            }
            buffer.flip();
            int written = target.write(buffer);
            done += written;
            if (buffer.hasRemaining()) {
                break;
            }
        }
        return done;
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long count) throws IOException {
        requireOpen();
        if (!Objects.requireNonNull(mode, "mode").equals(MapMode.READ_ONLY)) {
            throw new NonWritableChannelException();
        }
        if (from < 0 || count < 0 || count > Integer.MAX_VALUE || from + count < 0) {
            throw new IllegalArgumentException("no mapping of " + count + " bytes from " + from);
        }
        if (from + count > size()) {
            throw new IOException("the file ends before byte " + (from + count) + ", and cannot be extended");
        }
        if (count == 0) {
            return (MappedByteBuffer) ByteBuffer.allocateDirect(0).asReadOnlyBuffer();
        }
        try {
            return (MappedByteBuffer) view.map(file).asSlice(from, count).asByteBuffer();
        } catch (IllegalStateException e) {
            throw endedBy(e);
        }
    }

    /** What it means to the reader when the view refuses. */
    private AsynchronousCloseException endedBy(IllegalStateException refusal) {
        if (!view.isClosed()) {
            throw refusal;
        }
        AsynchronousCloseException ended = new AsynchronousCloseException();
        ended.initCause(refusal);
        return ended;
    }

    /** A shared lock, which is always to be had: nobody writes. */
    @Override
    public @Nullable FileLock tryLock(long from, long count, boolean shared) throws IOException {
        requireOpen();
        if (!shared) {
            throw new NonWritableChannelException();
        }
        return new SharedLock(this, from, count);
    }

    @Override
    public FileLock lock(long from, long count, boolean shared) throws IOException {
        return Objects.requireNonNull(tryLock(from, count, shared));
    }

    @Override
    public void force(boolean metadata) throws IOException {
        requireOpen();
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        throw refusal();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        throw refusal();
    }

    @Override
    public int write(ByteBuffer from, long at) throws IOException {
        throw refusal();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        throw refusal();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        throw refusal();
    }

    private NonWritableChannelException refusal() throws ClosedChannelException {
        requireOpen();
        return new NonWritableChannelException();
    }

    @Override
    protected void implCloseChannel() {
        if (among != null) {
            among.remove(this);
        }
    }

    /** A lock that excludes nobody. */
    private static final class SharedLock extends FileLock {
        private volatile boolean released;

        SharedLock(FileChannel channel, long position, long size) {
            super(channel, position, size, true);
        }

        @Override
        public boolean isValid() {
            return !released && acquiredBy().isOpen();
        }

        @Override
        public void release() throws IOException {
            if (!acquiredBy().isOpen()) {
                throw new ClosedChannelException();
            }
            released = true;
        }
    }
}
