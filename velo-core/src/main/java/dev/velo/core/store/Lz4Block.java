package dev.velo.core.store;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * LZ4's block format, without frame. Packs come from anywhere, so the decompressor is the one that checks every bound, of both arrays,
 * and it is told how much there may be of the result. It is also plain Java: what is faster by native code would be JNI, which Velo
 * has none of, and the other implementation in Java uses {@code sun.misc.Unsafe}, of which newer JDKs warn and which they will take
 * away. Safe for any number of threads.
 */
final class Lz4Block {
    private static final LZ4Factory FACTORY = LZ4Factory.safeInstance();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    /** Slow to write and as fast to read: what is compressed is put away. */
    private static final LZ4Compressor COMPRESSOR = FACTORY.highCompressor();

    private Lz4Block() {}

    /** How long the block of that many bytes may become at worst. */
    static int maxLength(int length) {
        return COMPRESSOR.maxCompressedLength(length);
    }

    /** Compresses the first bytes of an array into another, of {@link #maxLength} or more; returns the length of the block. */
    static int compress(byte[] bytes, int length, byte[] block) {
        return COMPRESSOR.compress(bytes, 0, length, block, 0, block.length);
    }

    /** Whether the first bytes of an array are a block that becomes just as many bytes as asked for; those are then in the other. */
    static boolean decompress(byte[] block, int stored, byte[] bytes, int length) {
        try {
            return DECOMPRESSOR.decompress(block, 0, stored, bytes, 0, length) == length;
        } catch (LZ4Exception e) {
            return false;
        }
    }
}
