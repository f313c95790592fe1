package dev.velo.ffm;

import java.lang.foreign.MemorySegment;

/** Mapping of files into memory. */
@SuppressWarnings("restricted")
public final class MemoryCalls {
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;

    public static final int MADV_SEQUENTIAL = 2;
    public static final int MADV_WILLNEED = 3;

    private MemoryCalls() {}

    /**
     * {@code void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)}; the caller unmaps. A page past the
     * end of a file that shrank raises an error in Java, not a crash.
     */
    public static MemorySegment mmap(long length, int protection, int flags, int fd, long offset)
            throws ErrnoException {
        long address = Door.call(Syscall.MMAP, 0, 0, length, protection, flags, fd, offset);
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    /** {@code int munmap(void *addr, size_t length)}; nobody may use the segment afterwards. */
    public static void munmap(MemorySegment segment) throws ErrnoException {
        Door.call(Syscall.MUNMAP, 0, segment.address(), segment.byteSize(), 0, 0, 0, 0);
    }

    /** {@code int madvise(void *addr, size_t length, int advice)}. */
    public static void madvise(MemorySegment segment, int advice) throws ErrnoException {
        Door.call(Syscall.MADVISE, 0, segment.address(), segment.byteSize(), advice, 0, 0, 0);
    }
}
