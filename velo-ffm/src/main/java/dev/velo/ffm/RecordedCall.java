package dev.velo.ffm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A call that changed something, as a {@link Recorder} writes it down: enough to make the change again. Files are known by
 * {@linkplain #number numbers}, which a new file may have from one that has gone; what begins a file says so.
 *
 * @param file the number of the file or directory that was changed, or got a name; 0 for {@link Kind#MARK}
 * @param name the name in {@code file} that a rename or removal takes away, or the text of a mark; a Java character for each byte
 * @param directory the number of the directory in which {@code newName} is given; 0 if none is
 * @param newName the name that is given; a Java character for each byte
 * @param number where bytes are written, the new length, or the mode
 * @param bytes what is written, or the target of a symbolic link
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RecordedCall(
        Kind kind, long file, String name, long directory, String newName, long number, byte[] bytes) {
    /** What is changed. */
    public enum Kind {
        /** A new regular file, with a name or (directory 0) without. */
        CREATE,
        MKDIR,
        SYMLINK,
        /** A further name of {@code file}. */
        LINK,
        /** {@code name} in directory {@code file} goes. */
        UNLINK,
        /** {@code name} in directory {@code file} becomes {@code newName} in {@code directory}, in place of what has it. */
        RENAME,
        WRITE,
        TRUNCATE,
        MODE,
        /** {@code fsync} or {@code fdatasync}. */
        SYNC,
        /** A call that the recorder cannot write down; {@code name} is its own. What has one cannot be replayed. */
        UNKNOWN,
        /** Said by whoever makes the recording. */
        MARK
    }

    /** The number of the file with this inode on this device, so good as unique. */
    public static long number(long device, long inode) {
        return inode + device * 0x9E3779B97F4A7C15L;
    }

    static RecordedCall of(Kind kind, long file) {
        return new RecordedCall(kind, file, "", 0, "", 0, new byte[0]);
    }

    static RecordedCall mark(String text) {
        return new RecordedCall(Kind.MARK, 0, text, 0, "", 0, new byte[0]);
    }

    RecordedCall named(long inDirectory, String given) {
        return new RecordedCall(kind, file, name, inDirectory, given, number, bytes);
    }

    RecordedCall taking(String taken) {
        return new RecordedCall(kind, file, taken, directory, newName, number, bytes);
    }

    RecordedCall with(long value) {
        return new RecordedCall(kind, file, name, directory, newName, value, bytes);
    }

    RecordedCall with(byte[] written) {
        return new RecordedCall(kind, file, name, directory, newName, number, written);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(kind.name());
        out.writeLong(file);
        out.writeUTF(name);
        out.writeLong(directory);
        out.writeUTF(newName);
        out.writeLong(number);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** The next call of a recording. */
    public static RecordedCall read(DataInputStream in) throws IOException {
        Kind kind = Kind.valueOf(in.readUTF());
        long file = in.readLong();
        String name = in.readUTF();
        long directory = in.readLong();
        String newName = in.readUTF();
        long number = in.readLong();
        return new RecordedCall(kind, file, name, directory, newName, number, in.readNBytes(in.readInt()));
    }
}
