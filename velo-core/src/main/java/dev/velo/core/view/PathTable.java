package dev.velo.core.view;

import com.dynatrace.hash4j.hashing.Hasher64;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The hash table over full paths of a mapped image: open addressing, linear probing. Safe for any number of threads. */
final class PathTable {
    static final int NONE = -1;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong PATH_WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final String file;
    private final MemorySegment image;
    private final Hasher64 hasher;
    private final long slots;
    private final long paths;
    private final long pathBytes;
    private final long mask;

    PathTable(String file, MemorySegment image, ImageTrailer trailer) {
        this.file = file;
        this.image = image;
        this.hasher = ImageFormat.hasher(trailer.hashSeed());
        this.slots = trailer.slotsOffset();
        this.paths = trailer.pathsOffset();
        this.pathBytes = trailer.pathBytes();
        this.mask = (1L << trailer.slotShift()) - 1;
    }

    /** The offset of the slot of this path, which stands between two indexes of an array; {@link #NONE} if no slot has it. */
    long find(byte[] path, int start, int length) throws FormatException {
        long hash = hasher.hashBytesToLong(path, start, length);
        int high = (int) (hash >>> 32);
        // a sound table has free slots; a damaged one must not be searched in circles
        for (long probe = 0; probe <= mask; probe++) {
            long slot = slots + ((hash + probe & mask) << ImageFormat.SLOT_SHIFT);
            int stored = image.get(SHORT, slot + PathTableBuilder.PATH_LENGTH) & 0xffff;
            if (stored == 0) {
                return NONE;
            }
            if (stored == length && image.get(INT, slot) == high && isPath(slot, path, start, length)) {
                return slot;
            }
        }
        return NONE;
    }

    int node(long slot) {
        return image.get(INT, slot + PathTableBuilder.NID);
    }

    /** The type of file as directory entries have it. */
    int fileType(long slot) {
        return image.get(ValueLayout.JAVA_BYTE, slot + PathTableBuilder.FILE_TYPE);
    }

    private boolean isPath(long slot, byte[] path, int start, int length) throws FormatException {
        long offset =
                Integer.toUnsignedLong(image.get(INT, slot + PathTableBuilder.PATH_OFFSET)) << ImageFormat.PATH_SHIFT;
        if (offset > pathBytes - length) {
            throw new FormatException(file, slot, Reason.OUT_OF_BOUNDS, "path at " + offset);
        }
        long stored = paths + offset;
        int words = length & -Long.BYTES;
        for (int i = 0; i < words; i += Long.BYTES) {
            if (image.get(PATH_WORD, stored + i) != (long) WORD.get(path, start + i)) {
                return false;
            }
        }
        for (int i = words; i < length; i++) {
            if (image.get(ValueLayout.JAVA_BYTE, stored + i) != path[start + i]) {
                return false;
            }
        }
        return true;
    }
}
