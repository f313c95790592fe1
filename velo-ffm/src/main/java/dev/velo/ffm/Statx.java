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

    public static final int S_IFMT = 0xF000;
    public static final int S_IFSOCK = 0xC000;
    public static final int S_IFLNK = 0xA000;
    public static final int S_IFREG = 0x8000;
    public static final int S_IFBLK = 0x6000;
    public static final int S_IFDIR = 0x4000;
    public static final int S_IFCHR = 0x2000;
    public static final int S_IFIFO = 0x1000;

    private static final int BYTES = 256;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final MemorySegment segment = Arena.ofAuto().allocate(BYTES, Long.BYTES);

    long address() {
        return segment.address();
    }

    public int linkCount() {
        return segment.get(INT, 16);
    }

    public int uid() {
        return segment.get(INT, 20);
    }

    public int gid() {
        return segment.get(INT, 24);
    }

    /** Type and permission bits, as {@code st_mode}. */
    public int mode() {
        return Short.toUnsignedInt(segment.get(ValueLayout.JAVA_SHORT, 28));
    }

    public int type() {
        return mode() & S_IFMT;
    }

    public long inode() {
        return segment.get(LONG, 32);
    }

    public long size() {
        return segment.get(LONG, 40);
    }

    /** Allocated space in units of 512 bytes. */
    public long blocks() {
        return segment.get(LONG, 48);
    }

    public long changeSeconds() {
        return segment.get(LONG, 96);
    }

    public int changeNanos() {
        return segment.get(INT, 104);
    }

    public long modificationSeconds() {
        return segment.get(LONG, 112);
    }

    public int modificationNanos() {
        return segment.get(INT, 120);
    }

    /** Major number in the high half, minor in the low one, of what a device node stands for. */
    public long representedDevice() {
        return (long) segment.get(INT, 128) << 32 | Integer.toUnsignedLong(segment.get(INT, 132));
    }

    /** Major number in the high half, minor in the low one, of the device that holds the file. */
    public long device() {
        return (long) segment.get(INT, 136) << 32 | Integer.toUnsignedLong(segment.get(INT, 140));
    }
}
