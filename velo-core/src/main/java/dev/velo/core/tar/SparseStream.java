package dev.velo.core.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The whole of a sparse file, its holes as zeros, from the stretches that an archive holds of it. */
final class SparseStream extends InputStream {
    private final InputStream stretches;
    private final SparseMap map;
    private final long size;
    private long position;
    private int stretch;

    SparseStream(InputStream stretches, SparseMap map, long size) {
        this.stretches = stretches;
        this.map = map;
        this.size = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int start, int count) throws IOException {
        if (position == size) {
            return -1;
        }
        while (stretch < map.count() && position >= map.offset(stretch) + map.length(stretch)) {
            stretch++;
        }
        long dataAt = stretch < map.count() ? map.offset(stretch) : size;
        if (position < dataAt) {
            int zeros = (int) Math.min(count, dataAt - position);
            Arrays.fill(bytes, start, start + zeros, (byte) 0);
            position += zeros;
            return zeros;
        }
        int most = (int) Math.min(count, dataAt + map.length(stretch) - position);
        int got = stretches.read(bytes, start, most);
        position += Math.max(0, got);
        return got;
    }
}
