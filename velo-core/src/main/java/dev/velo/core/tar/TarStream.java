package dev.velo.core.tar;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The bytes of an archive, by blocks and by the contents of one entry after the other. Read as a stream it is the contents begun last:
 * it ends with them, and an archive that ends before them is an error.
 */
final class TarStream extends InputStream {
    private final String file;
    private final InputStream in;
    private long offset;
    private long left;

    TarStream(String file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** How much of the archive has been read. */
    long offset() {
        return offset;
    }

    /** How much of the contents has not been read. */
    long left() {
        return left;
    }

    /** The next block, outside of contents. */
    byte[] block(String what) throws IOException {
        byte[] block = in.readNBytes(TarHeader.BYTES);
        if (block.length == 0 && offset == 0) {
            throw new FormatException(file, 0, Reason.EMPTY, "no archive");
        }
        offset += block.length;
        if (block.length < TarHeader.BYTES) {
            throw new FormatException(file, offset, Reason.TRUNCATED, "where " + what + " or the end mark should be");
        }
        return block;
    }

    /** Contents of this length begin here. */
    void begin(long size) {
        left = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int start, int count) throws IOException {
        if (left == 0) {
            return -1;
        }
        int got = in.read(bytes, start, (int) Math.min(count, left));
        if (got < 0) {
            throw new FormatException(
                    file, offset, Reason.TRUNCATED, left + " bytes before the end of an entry's contents");
        }
        offset += got;
        left -= got;
        return got;
    }

    /** Reads what is left of the contents up to the next block. */
    void skipToBlock() throws IOException {
        discard(Math.min(left, -offset & (TarHeader.BYTES - 1)));
    }

    /** Reads what is left of the contents and of their last block. */
    void skipRest() throws IOException {
        discard(left);
        left = -offset & (TarHeader.BYTES - 1);
        discard(left);
    }

    private void discard(long count) throws IOException {
        byte[] nowhere = new byte[(int) Math.min(count, 1 << 16)];
        long rest = count;
        while (rest > 0) {
            rest -= read(nowhere, 0, (int) Math.min(nowhere.length, rest));
        }
    }

    /** Reads to the very end, where compressed data has its checksum, and where whoever writes into a pipe wants to come to. */
    void drain() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }
}
