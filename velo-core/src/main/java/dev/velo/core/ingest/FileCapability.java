package dev.velo.core.ingest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The value of {@code security.capability}, which names the root of a user namespace or means every one's. Source: {@code linux/capability.h}. */
final class FileCapability {
    private static final int REVISION_MASK = 0xFF00_0000;
    private static final int REVISION_2 = 0x0200_0000;
    private static final int REVISION_3 = 0x0300_0000;
    private static final int BYTES_2 = 20;
    private static final int BYTES_3 = 24;

    private FileCapability() {}

    static boolean hasRoot(byte[] value) {
        return value.length == BYTES_3 && (buffer(value).getInt(0) & REVISION_MASK) == REVISION_3;
    }

    static int root(byte[] value) {
        return buffer(value).getInt(BYTES_2);
    }

    static byte[] withRoot(byte[] value, int root) {
        byte[] changed = value.clone();
        buffer(changed).putInt(BYTES_2, root);
        return changed;
    }

    static byte[] withoutRoot(byte[] value) {
        byte[] changed = Arrays.copyOf(value, BYTES_2);
        int magic = buffer(value).getInt(0);
        buffer(changed).putInt(0, (magic & ~REVISION_MASK) | REVISION_2);
        return changed;
    }

    private static ByteBuffer buffer(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    }
}
