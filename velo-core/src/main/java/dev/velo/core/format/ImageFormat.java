package dev.velo.core.format;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.lang.foreign.StructLayout;

/**
 * The lookup section of an image, which stands behind the part that the kernel reads: digests, a hash table over full paths, the
 * paths themselves, and a trailer at the very end by which it is found. {@code docs/format/image.md} tells the rules.
 */
public final class ImageFormat {
    /** "VELOIMAG" as a little-endian word. */
    public static final long MAGIC = 0x47414d494f4c4556L;

    public static final int VERSION = 1;

    /** Some symbolic link of the tree leads, or may lead, to a directory, so that a path may exist under names that no table lists. */
    public static final int FLAG_DIRECTORY_LINKS = 1;

    /** Some directory may not be searched by everybody, so that a listed path may be out of reach. */
    public static final int FLAG_CLOSED_DIRECTORIES = 2;

    public static final int FLAGS = FLAG_DIRECTORY_LINKS | FLAG_CLOSED_DIRECTORIES;

    public static final StructLayout TRAILER = structLayout(
            JAVA_LONG.withName("magic"),
            JAVA_INT.withName("version"),
            JAVA_INT.withName("flags"),
            JAVA_LONG.withName("file_length"),
            JAVA_LONG.withName("erofs_bytes"),
            JAVA_LONG.withName("path_bytes"),
            JAVA_LONG.withName("hash_seed"),
            JAVA_INT.withName("blob_count"),
            JAVA_INT.withName("path_count"),
            JAVA_INT.withName("slot_shift"),
            JAVA_INT.withName("reserved"),
            sequenceLayout(Digest.BYTES, JAVA_BYTE).withName("tree"),
            JAVA_INT.withName("content_crc32c"),
            JAVA_INT.withName("crc32c"));

    public static final StructLayout SLOT = structLayout(
            JAVA_INT.withName("hash"),
            JAVA_INT.withName("nid"),
            JAVA_INT.withName("path_offset"),
            JAVA_SHORT.withName("path_length"),
            JAVA_BYTE.withName("file_type"),
            JAVA_BYTE.withName("reserved"));

    public static final int TRAILER_BYTES = (int) TRAILER.byteSize();
    public static final int SLOT_SHIFT = 4;
    public static final int SLOT_BYTES = (int) SLOT.byteSize();

    /** Paths begin at multiples of this and are padded with zeros, so that they can be compared by words. */
    public static final int PATH_SHIFT = 3;

    public static final int PATH_ALIGNMENT = 1 << PATH_SHIFT;

    /** The longest path that the table lists, and the longest that the kernel takes. */
    public static final int MAX_PATH_BYTES = 4095;

    public static final int MAX_SLOT_SHIFT = 30;

    private ImageFormat() {}

    /** The function that places paths in the table: rapidhash, version 3, with the image's own seed. Safe for any number of threads. */
    public static Hasher64 hasher(long seed) {
        return Hashing.rapidhashV3(seed);
    }

    /** How many slots, as a power of two, a table of so many paths has: at most two of three are taken. */
    public static int slotShift(int paths) {
        int shift = 3;
        while ((1L << shift) * 2 < paths * 3L) {
            shift++;
        }
        return shift;
    }
}
