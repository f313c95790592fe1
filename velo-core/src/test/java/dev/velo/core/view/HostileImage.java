package dev.velo.core.view;

import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** The bytes of an image, to be changed at will, with checksums that fit all the same. */
final class HostileImage {
    private static final int TRAILER_CRC = ErofsFormat.offset(ImageFormat.TRAILER, "crc32c");

    private final byte[] sound;
    private final ByteBuffer bytes;

    HostileImage(byte[] sound) {
        this.sound = sound.clone();
        this.bytes = ByteBuffer.wrap(sound.clone()).order(ByteOrder.LITTLE_ENDIAN);
    }

    int length() {
        return sound.length;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** Undoes every change. */
    HostileImage reset() {
        System.arraycopy(sound, 0, bytes.array(), 0, sound.length);
        return this;
    }

    static int superblock(String field) {
        return ErofsFormat.SUPERBLOCK_OFFSET + ErofsFormat.offset(ErofsFormat.SUPERBLOCK, field);
    }

    int trailer(String field) {
        return sound.length - ImageFormat.TRAILER_BYTES + ErofsFormat.offset(ImageFormat.TRAILER, field);
    }

    /** Sets a number of so many bytes. */
    HostileImage set(int at, int width, long value) {
        switch (width) {
            case 1 -> bytes.put(at, (byte) value);
            case 2 -> bytes.putShort(at, (short) value);
            case 4 -> bytes.putInt(at, (int) value);
            default -> bytes.putLong(at, value);
        }
        return this;
    }

    long get(int at, int width) {
        return switch (width) {
            case 1 -> bytes.get(at);
            case 2 -> bytes.getShort(at);
            case 4 -> bytes.getInt(at);
            default -> bytes.getLong(at);
        };
    }

    /** Makes the checksums of superblock, contents and trailer right, as a stranger would. */
    byte[] sealed() {
        int shift = bytes.get(superblock("blkszbits"));
        if (shift >= ErofsFormat.MIN_BLOCK_SHIFT && shift <= ErofsFormat.MAX_BLOCK_SHIFT) {
            int end = Math.min(ErofsFormat.checksumEnd(1 << shift), sound.length);
            int crc = ErofsFormat.checksum(bytes.array(), superblock("feature_compat"), end);
            bytes.putInt(superblock("checksum"), crc);
        }
        CRC32C contents = new CRC32C();
        contents.update(bytes.array(), 0, sound.length - ImageFormat.TRAILER_BYTES);
        bytes.putInt(trailer("content_crc32c"), (int) contents.getValue());
        CRC32C crc = new CRC32C();
        int start = sound.length - ImageFormat.TRAILER_BYTES;
        crc.update(bytes.array(), start, TRAILER_CRC);
        bytes.putInt(start + TRAILER_CRC, (int) crc.getValue());
        return bytes.array();
    }

    /** A tree with an inode of every kind and form, so small that everything in its image can be tried. */
    static Path tree(TestStore store) throws IOException {
        Path tree = store.directory("tree");
        Path directory = Files.createDirectory(tree.resolve("directory"));
        for (int i = 0; i < 24; i++) {
            Files.writeString(directory.resolve("a-file-of-this-number-" + i), i % 3 == 0 ? "" : "content " + i % 5);
        }
        Files.createDirectories(tree.resolve("a/b/c/d"));
        Files.writeString(tree.resolve("a/b/c/d/e"), "e");
        Files.write(tree.resolve("large"), new byte[70_000]);
        sparse(tree.resolve("sparse"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("directory"));
        Files.createSymbolicLink(tree.resolve("a/up"), Path.of("../link/a-file-of-this-number-1"));
        Files.createSymbolicLink(tree.resolve("loop"), Path.of("/loop"));
        Files.createSymbolicLink(tree.resolve("long"), Path.of("./".repeat(400) + "a"));
        Files.createLink(tree.resolve("second"), tree.resolve("large"));
        HostileNodes.addTo(tree);
        return tree;
    }

    private static void sparse(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(PathBytes.of("start")), 0);
            channel.write(ByteBuffer.wrap(PathBytes.of("end")), (1 << 20) + 70_000);
        }
    }
}
