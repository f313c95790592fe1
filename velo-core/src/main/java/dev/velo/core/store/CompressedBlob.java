package dev.velo.core.store;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.PackFormat;
import dev.velo.core.format.Reason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One compressed blob at a time, read from its pack and decompressed. Its arrays are as long as the longest so far, and none is longer
 * than {@link PackFormat#MAX_COMPRESSED_LENGTH}, whatever a pack says. For one thread.
 */
final class CompressedBlob {
    private byte[] block = {};
    private byte[] bytes = {};

    /**
     * Reads the blob at this place, whose entry is sound; what it becomes is not held against any digest yet.
     *
     * @param through memory through which the block is read
     */
    void read(Packs.Location location, MemorySegment through) throws IOException {
        int length = (int) location.length();
        int stored = (int) location.storedLength();
        block = block.length < stored ? new byte[stored] : block;
        bytes = bytes.length < length ? new byte[length] : bytes;
        readBlock(location, stored, through);
        if (!Lz4Block.decompress(block, stored, bytes, length)) {
            throw BlobReader.wrongContent(location, "the LZ4 block of blob " + location.digest());
        }
    }

    /** The array that begins with the bytes of the blob that was read last. */
    byte[] bytes() {
        return bytes;
    }

    /** The array that begins with the block that was read last. */
    byte[] block() {
        return block;
    }

    private void readBlock(Packs.Location location, int stored, MemorySegment through) throws IOException {
        long offset = location.offset();
        for (int done = 0; done < stored; ) {
            int part = (int) Math.min(through.byteSize(), stored - done);
            long got = FileBytes.readFully(location.pack().fd(), through.address(), part, offset + done);
            if (got < part) {
                throw new FormatException(
                        location.pack().file(), offset + done + got, Reason.TRUNCATED, "inside a blob");
            }
            MemorySegment.copy(through, ValueLayout.JAVA_BYTE, 0, block, done, part);
            done += part;
        }
    }
}
