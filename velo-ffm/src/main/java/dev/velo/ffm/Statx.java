package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The kernel's {@code struct statx}, filled again and again by one thread; its memory belongs to the garbage collector. Source:
 * statx(2).
 */
public final class Statx {
    /** {@code STATX_BASIC_STATS}: everything that {@code stat} fills. */
    public static final int BASIC_STATS = 0x7ff;

    /** {@code STATX_BTIME}: the time at which the file came to be, where the file system keeps it. */
    public static final int BIRTH_TIME = 0x800;

    public static final int S_IFMT = 0xF000;
    public static final int S_IFSOCK = 0xC000;
    public static final int S_IFLNK = 0xA000;
    public static final int S_IFREG = 0x8000;
    public static final int S_IFBLK = 0x6000;
    public static final int S_IFDIR = 0x4000;
    public static final int S_IFCHR = 0x2000;
    public static final int S_IFIFO = 0x1000;

    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
    private static final int BYTES = 256;
    private static final int WORDS = BYTES / Long.BYTES;

    private final MemorySegment segment = Arena.ofAuto().allocate(BYTES, Long.BYTES);

    /** The structure as words: one copy is cheaper than a dozen accesses to native memory, above all in code not yet compiled. */
    private final long[] words = new long[WORDS];

    long address() {
        return segment.address();
    }

    /** Takes over what the kernel has written. */
    void filled() {
        MemorySegment.copy(segment, ValueLayout.JAVA_LONG, 0, words, 0, WORDS);
    }

    /** Whether something is mounted at the path that was asked (Linux 5.8). */
    public boolean isMountRoot() {
        return (words[1] & STATX_ATTR_MOUNT_ROOT) != 0;
    }

    public int linkCount() {
        return (int) words[2];
    }

    public int uid() {
        return (int) (words[2] >>> 32);
    }

    public int gid() {
        return (int) words[3];
    }

    /** Type and permission bits, as {@code st_mode}. */
    public int mode() {
        return (int) (words[3] >>> 32) & 0xFFFF;
    }

    public int type() {
        return mode() & S_IFMT;
    }

    public long inode() {
        return words[4];
    }

    public long size() {
        return words[5];
    }

    /** Allocated space in units of 512 bytes. */
    public long blocks() {
        return words[6];
    }

    /** Zero unless {@link #BIRTH_TIME} was asked for and is known. */
    public long birthSeconds() {
        return words[10];
    }

    public int birthNanos() {
        return (int) words[11];
    }

    public long changeSeconds() {
        return words[12];
    }

    public int changeNanos() {
        return (int) words[13];
    }

    public long modificationSeconds() {
        return words[14];
    }

    public int modificationNanos() {
        return (int) words[15];
    }

    /** Major number in the high half, minor in the low one, of what a device node stands for. */
    public long representedDevice() {
        return words[16] << 32 | words[16] >>> 32;
    }

    /** Major number in the high half, minor in the low one, of the device that holds the file. */
    public long device() {
        return words[17] << 32 | words[17] >>> 32;
    }
}
