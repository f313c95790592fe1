package dev.velo.core.view;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Reason;
import dev.velo.core.view.ImageDefect.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What can be wrong at the ends of an image, of which opening reads both. */
final class ImageDefects {
    private static final int DEVICES = 1152;
    private static final int DEVICE_BYTES = 128;

    private final byte[] sound;
    private final ImageMap map;
    private final int trailer;
    private final int erofsBytes;
    private final List<ImageDefect> defects = new ArrayList<>();

    /** A change of the sound image. */
    interface Change {
        void to(HostileImage image) throws FormatException;
    }

    private ImageDefects(byte[] sound, Image opened) {
        this.sound = sound;
        this.map = new ImageMap(opened);
        this.trailer = sound.length - ImageFormat.TRAILER_BYTES;
        this.erofsBytes = Math.toIntExact(opened.erofsBytes());
    }

    /** @param sound the bytes of the image that is open */
    static List<ImageDefect> all(byte[] sound, Image opened) throws FormatException {
        ImageDefects all = new ImageDefects(sound, opened);
        all.addWholeFiles();
        all.addSuperblock();
        all.addDevices();
        all.addTrailer();
        all.addTrailerLengths();
        all.defects.addAll(ImageTreeDefects.all(sound, opened));
        return all.defects;
    }

    private void raw(String name, Reason reason, long offset, byte[] bytes) {
        defects.add(new ImageDefect(name, Found.OPENED, reason, offset, bytes));
    }

    private void defect(String name, Reason reason, long offset, Change change) throws FormatException {
        HostileImage image = new HostileImage(sound);
        change.to(image);
        raw(name, reason, offset, image.sealed());
    }

    private void addWholeFiles() {
        int least = DEVICES + ImageFormat.TRAILER_BYTES;
        raw("empty", Reason.EMPTY, 0, new byte[0]);
        raw("too-short", Reason.TRUNCATED, least - 1, Arrays.copyOf(sound, least - 1));
        raw("cut-by-one", Reason.TRUNCATED, trailer - 1, Arrays.copyOf(sound, sound.length - 1));
        raw("longer-by-one", Reason.TRUNCATED, trailer + 1, Arrays.copyOf(sound, sound.length + 1));
        int lookup = erofsBytes + 200;
        raw("lookup-section-cut", Reason.TRUNCATED, lookup - ImageFormat.TRAILER_BYTES, Arrays.copyOf(sound, lookup));
    }

    private void superblock(String name, Reason reason, String field, int width, long value) throws FormatException {
        int at = HostileImage.superblock(field);
        defect(name, reason, at, image -> image.set(at, width, value));
    }

    private void addSuperblock() throws FormatException {
        superblock("superblock-magic", Reason.BAD_MAGIC, "magic", 1, 0);
        HostileImage unsealed = new HostileImage(sound);
        int checksum = HostileImage.superblock("checksum");
        raw(
                "superblock-checksum",
                Reason.CHECKSUM,
                checksum,
                unsealed.set(checksum, 4, 0).bytes().array());
        superblock("block-size-too-small", Reason.BAD_LENGTH, "blkszbits", 1, 8);
        superblock("block-size-too-large", Reason.BAD_LENGTH, "blkszbits", 1, 13);
        defect(
                "blocks-do-not-fill",
                Reason.TRUNCATED,
                erofsBytes,
                image -> image.set(HostileImage.superblock("blkszbits"), 1, 12));
        superblock("feature-unknown", Reason.TOO_NEW, "feature_incompat", 4, 0x1c);
        superblock("directory-blocks-larger", Reason.TOO_NEW, "dirblkbits", 1, 1);
        superblock("block-count", Reason.BAD_LENGTH, "blocks", 4, erofsBytes / 512 + 1);
        superblock("root-past-end", Reason.OUT_OF_BOUNDS, "root_nid", 2, 0xffff);
        defect(
                "inodes-past-end",
                Reason.OUT_OF_BOUNDS,
                HostileImage.superblock("root_nid"),
                image -> image.set(HostileImage.superblock("meta_blkaddr"), 4, -1));
        int file = map.node("second");
        defect(
                "root-is-a-file",
                Reason.BAD_KIND,
                map.inode("second"),
                image -> image.set(HostileImage.superblock("root_nid"), 2, file));
    }

    private void addDevices() throws FormatException {
        superblock("devices-in-superblock", Reason.OUT_OF_BOUNDS, "devt_slotoff", 2, 8);
        defect(
                "devices-in-inodes",
                Reason.OUT_OF_BOUNDS,
                HostileImage.superblock("devt_slotoff"),
                image -> image.set(HostileImage.superblock("extra_devices"), 2, 4));
        defect(
                "device-without-tag",
                Reason.BAD_NAME,
                DEVICES + 2 * DEVICE_BYTES,
                image -> image.set(HostileImage.superblock("extra_devices"), 2, 3));
        defect("device-tag-no-id", Reason.BAD_NAME, DEVICES, image -> image.set(DEVICES, 1, 'g'));
    }

    /** @param offset of the report, from the start of the trailer */
    private void trailer(String name, Reason reason, int offset, String field, int width, long value)
            throws FormatException {
        defect(name, reason, trailer + offset, image -> image.set(image.trailer(field), width, value));
    }

    private void addTrailer() throws FormatException {
        HostileImage unsealed = new HostileImage(sound);
        int checksum = unsealed.trailer("crc32c");
        raw(
                "trailer-checksum",
                Reason.CHECKSUM,
                checksum,
                unsealed.set(checksum, 4, 0).bytes().array());
        trailer("trailer-magic", Reason.TRUNCATED, 0, "magic", 1, 'v');
        trailer("version-next", Reason.TOO_NEW, 0, "version", 4, 2);
        trailer("version-none", Reason.TOO_OLD, 0, "version", 4, 0);
        trailer("trailer-flags", Reason.INCONSISTENT, 12, "flags", 4, 7);
        trailer("trailer-reserved", Reason.INCONSISTENT, 60, "reserved", 4, 1);
    }

    private void addTrailerLengths() throws FormatException {
        HostileImage image = new HostileImage(sound);
        long blobs = image.get(image.trailer("blob_count"), 4);
        long shift = image.get(image.trailer("slot_shift"), 4);
        long paths = image.get(image.trailer("path_bytes"), 8);
        trailer("file-length", Reason.BAD_LENGTH, 0, "file_length", 8, sound.length + 1);
        trailer("kernel-part-longer", Reason.BAD_LENGTH, 0, "erofs_bytes", 8, erofsBytes + 512);
        trailer("kernel-part-unaligned", Reason.BAD_LENGTH, 0, "erofs_bytes", 8, erofsBytes + 1);
        trailer("kernel-part-past-end", Reason.BAD_LENGTH, 0, "erofs_bytes", 8, Long.MAX_VALUE & -512);
        trailer("paths-longer", Reason.BAD_LENGTH, 0, "path_bytes", 8, paths + 8);
        trailer("paths-past-end", Reason.BAD_LENGTH, 0, "path_bytes", 8, Long.MAX_VALUE & -8);
        trailer("paths-negative", Reason.BAD_LENGTH, 0, "path_bytes", 8, -8);
        trailer("blob-count-larger", Reason.BAD_LENGTH, 0, "blob_count", 4, blobs + 1);
        trailer("blob-count-negative", Reason.BAD_LENGTH, 0, "blob_count", 4, -1);
        trailer("slots-doubled", Reason.BAD_LENGTH, 0, "slot_shift", 4, shift + 1);
        trailer("slots-past-end", Reason.BAD_LENGTH, 0, "slot_shift", 4, 31);
        trailer("slots-negative", Reason.BAD_LENGTH, 0, "slot_shift", 4, -1);
        trailer("slots-all-taken", Reason.BAD_LENGTH, 0, "path_count", 4, 1L << shift);
    }
}
