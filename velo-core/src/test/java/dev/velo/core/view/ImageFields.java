package dev.velo.core.view;

import dev.velo.core.format.ErofsFormat;

/** Which places of an image hold something. */
final class ImageFields {
    /** What stands before the superblock is nobody's. */
    static final int FIRST = ErofsFormat.SUPERBLOCK_OFFSET;

    private static final int AROUND = 64;

    private ImageFields() {}

    /** Whether all bytes near this place are zero: free slots and padding, of which a few may stand for all. */
    static boolean isUnused(HostileImage image, int at) {
        for (int i = Math.max(0, at - AROUND); i < Math.min(image.length(), at + AROUND); i++) {
            if (image.bytes().get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
