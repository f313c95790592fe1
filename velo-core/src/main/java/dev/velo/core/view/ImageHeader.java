package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The superblock and the device slots of an image, checked.
 *
 * @param packBytes for each pack how long it is up to the end of its blobs
 */
@SuppressWarnings("ArrayRecordComponent") // headers are never compared
record ImageHeader(
        int blockShift,
        long metadataOffset,
        int rootNode,
        long inodeCount,
        long baseSeconds,
        int baseNanos,
        byte[] uuid,
        List<Digest> packs,
        List<Long> packBytes) {

    private static final int KNOWN_FEATURES = ErofsFormat.INCOMPAT_CHUNKED_FILE | ErofsFormat.INCOMPAT_DEVICE_TABLE;

    int blockBytes() {
        return 1 << blockShift;
    }

    /** @param image the part that the kernel reads */
    static ImageHeader read(String file, MemorySegment image) throws FormatException {
        if (integer(image, "magic") != ErofsFormat.MAGIC) {
            throw new FormatException(file, at("magic"), Reason.BAD_MAGIC, "superblock");
        }
        int shift = image.get(ValueLayout.JAVA_BYTE, at("blkszbits"));
        if (shift < ErofsFormat.MIN_BLOCK_SHIFT || shift > ErofsFormat.MAX_BLOCK_SHIFT) {
            throw new FormatException(file, at("blkszbits"), Reason.BAD_LENGTH, "block size 2^" + shift);
        }
        int end = ErofsFormat.checksumEnd(1 << shift);
        if (image.byteSize() < end || image.byteSize() % (1L << shift) != 0) {
            throw new FormatException(file, image.byteSize(), Reason.TRUNCATED, "superblock");
        }
        int start = at("feature_compat");
        byte[] covered = image.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
        if (ErofsFormat.checksum(covered, 0, covered.length) != integer(image, "checksum")) {
            throw new FormatException(file, at("checksum"), Reason.CHECKSUM, "superblock");
        }
        int features = integer(image, "feature_incompat");
        if ((features & ~KNOWN_FEATURES) != 0) {
            throw new FormatException(
                    file, at("feature_incompat"), Reason.TOO_NEW, "features " + Integer.toHexString(features));
        }
        if (image.get(ValueLayout.JAVA_BYTE, at("dirblkbits")) != 0) {
            throw new FormatException(file, at("dirblkbits"), Reason.TOO_NEW, "directory blocks of another size");
        }
        long metadata = Integer.toUnsignedLong(integer(image, "meta_blkaddr")) << shift;
        int root = image.get(ValueLayout.JAVA_SHORT_UNALIGNED, at("root_nid")) & 0xffff;
        if (metadata + ((long) root << ErofsFormat.SLOT_SHIFT) > image.byteSize() - ErofsFormat.COMPACT_BYTES) {
            throw new FormatException(file, at("root_nid"), Reason.OUT_OF_BOUNDS, "root node " + root);
        }
        if (Integer.toUnsignedLong(integer(image, "blocks")) << shift != image.byteSize()) {
            throw new FormatException(file, at("blocks"), Reason.BAD_LENGTH, "blocks " + integer(image, "blocks"));
        }
        return new ImageHeader(
                shift,
                metadata,
                root,
                image.get(ValueLayout.JAVA_LONG_UNALIGNED, at("inos")),
                image.get(ValueLayout.JAVA_LONG_UNALIGNED, at("epoch")),
                integer(image, "fixed_nsec"),
                image.asSlice(at("uuid"), 16).toArray(ValueLayout.JAVA_BYTE),
                packs(file, image, metadata),
                packBytes(image, shift));
    }

    private static List<Long> packBytes(MemorySegment image, int blockShift) {
        List<Long> bytes = new ArrayList<>();
        int blocks = ErofsFormat.offset(ErofsFormat.DEVICE, "blocks");
        for (int i = 0; i < deviceCount(image); i++) {
            int count = image.get(ValueLayout.JAVA_INT_UNALIGNED, deviceSlot(image, i) + blocks);
            bytes.add(Integer.toUnsignedLong(count) << blockShift);
        }
        return List.copyOf(bytes);
    }

    private static int deviceCount(MemorySegment image) {
        return image.get(ValueLayout.JAVA_SHORT_UNALIGNED, at("extra_devices")) & 0xffff;
    }

    private static long deviceSlot(MemorySegment image, int number) {
        long first = image.get(ValueLayout.JAVA_SHORT_UNALIGNED, at("devt_slotoff")) & 0xffffL;
        return (first + number) * ErofsFormat.DEVICE_BYTES;
    }

    private static List<Digest> packs(String file, MemorySegment image, long metadata) throws FormatException {
        int count = deviceCount(image);
        long first = deviceSlot(image, 0);
        if (count > 0
                && (first < ErofsFormat.DEVICES_OFFSET
                        || first + (long) count * ErofsFormat.DEVICE_BYTES > metadata
                        || metadata > image.byteSize())) {
            throw new FormatException(file, at("devt_slotoff"), Reason.OUT_OF_BOUNDS, count + " device slots");
        }
        List<Digest> packs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long slot = deviceSlot(image, i);
            byte[] tag = image.asSlice(slot, ErofsFormat.TAG_BYTES).toArray(ValueLayout.JAVA_BYTE);
            try {
                packs.add(Digest.parse(new String(tag, StandardCharsets.ISO_8859_1)));
            } catch (IllegalArgumentException e) {
                throw new FormatException(file, slot, Reason.BAD_NAME, "the tag of device " + (i + 1));
            }
        }
        return List.copyOf(packs);
    }

    private static int at(String field) {
        return ErofsFormat.SUPERBLOCK_OFFSET + ErofsFormat.offset(ErofsFormat.SUPERBLOCK, field);
    }

    private static int integer(MemorySegment image, String field) {
        return image.get(ValueLayout.JAVA_INT_UNALIGNED, at(field));
    }
}
