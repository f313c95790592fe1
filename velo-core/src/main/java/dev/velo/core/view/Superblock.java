package dev.velo.core.view;

import static dev.velo.core.format.ErofsFormat.offset;

import dev.velo.core.format.ErofsFormat;
import dev.velo.core.tree.PathBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The first bytes of an image: superblock and device slots, with their checksum. */
final class Superblock {
    private static final byte[] VOLUME_NAME = PathBytes.of("velo");

    private final ImageLayout layout;
    private final BlobPlaces places;
    private final ByteBuffer bytes;

    Superblock(ImageLayout layout, BlobPlaces places, InodeFacts facts, byte[] uuid) {
        this.layout = layout;
        this.places = places;
        this.bytes =
                ByteBuffer.allocate(Math.toIntExact(layout.metadataOffset())).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(at("epoch"), facts.baseSeconds());
        bytes.putInt(at("fixed_nsec"), facts.baseNanos());
        bytes.put(at("uuid"), uuid);
    }

    byte[] toBytes() {
        int count = places.devices().size();
        bytes.putInt(at("magic"), ErofsFormat.MAGIC);
        bytes.putInt(at("feature_compat"), ErofsFormat.COMPAT_CHECKSUM | ErofsFormat.COMPAT_MTIME);
        bytes.put(at("blkszbits"), (byte) layout.blockShift());
        bytes.putShort(at("root_nid"), (short) layout.node(0));
        bytes.putLong(at("inos"), layout.inodeCount());
        bytes.putInt(at("blocks"), (int) (layout.erofsBytes() >>> layout.blockShift()));
        bytes.putInt(at("meta_blkaddr"), (int) (layout.metadataOffset() >>> layout.blockShift()));
        bytes.put(at("volume_name"), VOLUME_NAME);
        int table = count == 0 ? 0 : ErofsFormat.INCOMPAT_DEVICE_TABLE;
        bytes.putInt(at("feature_incompat"), ErofsFormat.INCOMPAT_CHUNKED_FILE | table);
        bytes.putShort(at("extra_devices"), (short) count);
        bytes.putShort(at("devt_slotoff"), (short) (ErofsFormat.DEVICES_OFFSET / ErofsFormat.DEVICE_BYTES));
        for (int i = 0; i < count; i++) {
            int slot = ErofsFormat.DEVICES_OFFSET + i * ErofsFormat.DEVICE_BYTES;
            bytes.put(slot, PathBytes.of(places.devices().get(i).id().toString()));
            long blocks = places.devices().get(i).blobBytes() >>> layout.blockShift();
            bytes.putInt(slot + offset(ErofsFormat.DEVICE, "blocks"), (int) blocks);
        }
        int start = ErofsFormat.SUPERBLOCK_OFFSET + offset(ErofsFormat.SUPERBLOCK, "feature_compat");
        int end = ErofsFormat.checksumEnd(layout.blockBytes());
        bytes.putInt(at("checksum"), ErofsFormat.checksum(bytes.array(), start, end));
        return bytes.array();
    }

    private static int at(String field) {
        return ErofsFormat.SUPERBLOCK_OFFSET + offset(ErofsFormat.SUPERBLOCK, field);
    }
}
