package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One call on its way into a recording: what has to be looked at before it is made, and what it did. */
final class RecordedChange {
    /** A name in a directory that is known by its inode number. */
    private record Entry(long directory, String name) {}

    private static final int SEEK_CUR = 1;
    private static final int VECTOR_BYTES = 2 * Long.BYTES;

    private final Syscall call;
    private final long a;
    private final long b;
    private final long c;
    private final long d;

    /** Whether a file had the name before that the call opens. */
    private final boolean existed;

    private RecordedChange(Syscall call, long a, long b, long c, long d, boolean existed) {
        this.call = call;
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
        this.existed = existed;
    }

    /** The call with its first four arguments, which is about to be made. */
    static RecordedChange before(Syscall call, long a, long b, long c, long d) {
        boolean existed = call == Syscall.OPENAT && inode((int) a, b, 0) != 0;
        return new RecordedChange(call, a, b, c, d, existed);
    }

    /** What the call did, which ended in this; null if that is nothing that a disk keeps. */
    @Nullable
    RecordedCall made(long result) {
        return switch (call) {
            case OPENAT -> opened(result);
            case MKDIRAT -> named(RecordedCall.Kind.MKDIR, (int) a, b).with(c);
            case SYMLINKAT -> named(RecordedCall.Kind.SYMLINK, (int) b, c).with(CString.bytes(a));
            case LINKAT -> named(RecordedCall.Kind.LINK, (int) c, d);
            case UNLINKAT -> {
                Entry gone = entry((int) a, b);
                yield RecordedCall.of(RecordedCall.Kind.UNLINK, gone.directory).taking(gone.name);
            }
            case RENAMEAT2 -> {
                Entry from = entry((int) a, b);
                Entry to = entry((int) c, d);
                yield RecordedCall.of(RecordedCall.Kind.RENAME, from.directory)
                        .taking(from.name)
                        .named(to.directory, to.name);
            }
            case WRITE -> written(position() - result, bytes(b, result));
            case PWRITE64 -> written(d, bytes(b, result));
            case PWRITEV -> written(d, gathered(result));
            case FTRUNCATE -> of(RecordedCall.Kind.TRUNCATE).with(b);
            case FCHMOD -> of(RecordedCall.Kind.MODE).with(b);
            case FSYNC, FDATASYNC -> of(RecordedCall.Kind.SYNC);
            // a hint to write, or nothing that a replay compares
            case SYNC_FILE_RANGE, UTIMENSAT, FCHOWNAT -> null;
            default -> RecordedCall.of(RecordedCall.Kind.UNKNOWN, 0).taking(call.name());
        };
    }

    private @Nullable RecordedCall opened(long fd) {
        boolean nameless = (c & FileCalls.O_TMPFILE) == FileCalls.O_TMPFILE;
        if (!nameless && existed) {
            return null;
        }
        RecordedCall created = RecordedCall.of(RecordedCall.Kind.CREATE, inode((int) fd, CString.empty(), 0))
                .with(d);
        if (nameless) {
            return created;
        }
        Entry name = entry((int) a, b);
        return created.named(name.directory, name.name);
    }

    /** A file that has just got this name. */
    private static RecordedCall named(RecordedCall.Kind kind, int directory, long name) {
        Entry entry = entry(directory, name);
        return RecordedCall.of(kind, inode(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW))
                .named(entry.directory, entry.name);
    }

    private RecordedCall of(RecordedCall.Kind kind) {
        return RecordedCall.of(kind, inode((int) a, CString.empty(), 0));
    }

    private RecordedCall written(long offset, byte[] bytes) {
        return of(RecordedCall.Kind.WRITE).with(offset).with(bytes);
    }

    private long position() {
        return Stub.syscall(Syscall.LSEEK.number(), a, 0, SEEK_CUR, 0, 0, 0);
    }

    @SuppressWarnings("restricted")
    private static byte[] bytes(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The first so many bytes of the vectors. */
    @SuppressWarnings("restricted")
    private byte[] gathered(long length) {
        MemorySegment vectors = MemorySegment.ofAddress(b).reinterpret(c * VECTOR_BYTES);
        byte[] all = new byte[(int) length];
        int filled = 0;
        for (long at = 0; filled < length; at += VECTOR_BYTES) {
            long part = Math.min(vectors.get(ValueLayout.JAVA_LONG, at + Long.BYTES), length - filled);
            byte[] some = bytes(vectors.get(ValueLayout.JAVA_LONG, at), part);
            System.arraycopy(some, 0, all, filled, some.length);
            filled += some.length;
        }
        return all;
    }

    private static Entry entry(int directory, long path) {
        byte[] bytes = CString.bytes(path);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            return new Entry(inode(directory, CString.empty(), 0), text);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parent = arena.allocate(slash + 2L);
            MemorySegment.copy(bytes, 0, parent, ValueLayout.JAVA_BYTE, 0, Math.max(1, slash));
            return new Entry(inode(directory, parent.address(), 0), text.substring(slash + 1));
        }
    }

    /** A number for device and inode of what is there; 0 if nothing is. An empty name is the descriptor itself. */
    private static long inode(int directory, long name, int flags) {
        Statx stat = new Statx();
        long failed = Stub.syscall(
                Syscall.STATX.number(),
                directory,
                name,
                flags | FileCalls.AT_EMPTY_PATH,
                Statx.BASIC_STATS,
                stat.address(),
                0);
        if (failed < 0) {
            return 0;
        }
        stat.filled();
        return RecordedCall.number(stat.device(), stat.inode());
    }
}
