package dev.velo.core.store;

import dev.velo.core.format.PackFormat;

/**
 * One blob at a time and the LZ4 block that it is compressed to. Owns two arrays, as long as the longest blob and block so far, and none
 * longer than {@link PackFormat#MAX_COMPRESSED_LENGTH} asks for, whatever a pack says. For one thread.
 */
public final class CompressedBlob {
    /** Of a blob that is not worth being compressed. */
    public static final int NOT_WORTHWHILE = -1;

    /** What compression must save of a blob's 512-byte blocks: one in so many. */
    private static final int WORTH = 8;

    private byte[] block = {};
    private byte[] bytes = {};

    /** Whether a blob of this length may be worth being compressed. */
    public static boolean canBeWorthwhile(long length) {
        return length <= PackFormat.MAX_COMPRESSED_LENGTH && isWorthwhile(length, 1);
    }

    private static boolean isWorthwhile(long length, long stored) {
        long blocks = PackFormat.align(length, PackFormat.BLOCK_BYTES);
        return (blocks - PackFormat.align(stored, PackFormat.BLOCK_BYTES)) * WORTH >= blocks;
    }

    /** The array of the block, with room for this many bytes; it stays the same until more are asked for. */
    public byte[] block(int length) {
        block = block.length < length ? new byte[length] : block;
        return block;
    }

    /** The array of the blob, with room for this many bytes; it stays the same until more are asked for. */
    public byte[] bytes(int length) {
        bytes = bytes.length < length ? new byte[length] : bytes;
        return bytes;
    }

    /**
     * Decompresses the first {@code stored} bytes of the block.
     *
     * @return whether they are a block that becomes just {@code length} bytes; those begin the array of the blob then
     */
    public boolean decompress(int stored, int length) {
        return Lz4Block.decompress(block(stored), stored, bytes(length), length);
    }

    /**
     * Compresses the first {@code length} bytes of the blob.
     *
     * @return how long the block is, which begins its array then; or {@link #NOT_WORTHWHILE}
     */
    public int compress(int length) {
        int stored = Lz4Block.compress(bytes(length), length, block(Lz4Block.maxLength(length)));
        return isWorthwhile(length, stored) ? stored : NOT_WORTHWHILE;
    }
}
