package dev.velo.core.damage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;

/** One byte of one file, changed in place until this is closed; a file that has been replaced or removed meanwhile is put back. */
final class Flip implements AutoCloseable {
    /** How a byte is changed. */
    enum Pattern {
        ONE_BIT,
        ALL_BITS,
        ZERO;

        /** Another byte, or the same where it is zero already. */
        byte of(byte value, int at) {
            return switch (this) {
                case ONE_BIT -> (byte) (value ^ 1 << at % Byte.SIZE);
                case ALL_BITS -> (byte) ~value;
                case ZERO -> 0;
            };
        }
    }

    private final Path file;
    private final byte[] sound;
    private final Object inode;
    private final FileTime modified;

    private Flip(Path file, byte[] sound) throws IOException {
        this.file = file;
        this.sound = sound;
        this.inode = Files.getAttribute(file, "unix:ino");
        this.modified = Files.getLastModifiedTime(file);
    }

    static Flip of(Path file, byte[] sound, int at, Pattern pattern) throws IOException {
        Flip flip = new Flip(file, sound);
        write(file, at, pattern.of(sound[at], at));
        flip.restoreTime();
        return flip;
    }

    private static void write(Path file, int at, byte... bytes) throws IOException {
        Object mode = Files.getAttribute(file, "unix:mode");
        Files.setAttribute(file, "unix:mode", 0600);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
        Files.setAttribute(file, "unix:mode", (int) mode & 07777);
    }

    private void restoreTime() throws IOException {
        Files.setLastModifiedTime(file, modified);
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(file) && Files.getAttribute(file, "unix:ino").equals(inode)) {
            write(file, 0, sound);
        } else {
            Path other = file.resolveSibling(".tmp-flip");
            Files.write(other, sound);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        restoreTime();
        if (!Arrays.equals(Files.readAllBytes(file), sound)) {
            throw new IOException(file + " was not put back");
        }
    }
}
