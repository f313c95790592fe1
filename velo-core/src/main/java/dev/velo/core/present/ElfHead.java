package dev.velo.core.present;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the beginning of an ELF file says of how it runs. Source: elf(5). Every number is checked before it is followed.
 *
 * @param bits 32 or 64
 * @param machine {@code e_machine}; 0 for a file whose other end comes first, which no machine here runs
 * @param interpreter the dynamic loader that it asks for, or null for a program that is linked statically
 * @param isGo the linker of Go has noted itself in it: its programs make system calls without libc, whether they link it or not
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record ElfHead(int bits, int machine, byte @Nullable [] interpreter, boolean isGo) {
    /** Reads a file at any offset. */
    @FunctionalInterface
    public interface Bytes {
        /** The bytes from this offset on, at most so many; fewer at the file's end, none behind it. */
        byte[] read(long offset, int count) throws IOException;
    }

    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
    private static final int CLASS_AT = 4;
    private static final int DATA_AT = 5;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int MACHINE_AT = 18;
    private static final int HEADER_BYTES = 64;
    private static final int HEADERS_OFFSET_AT = 32;
    private static final int ENTRY_BYTES_AT = 54;
    private static final int ENTRY_COUNT_AT = 56;
    private static final int ENTRY_BYTES = 56;

    /** The kernel takes no more: 64 KiB of program headers. */
    private static final int ENTRIES_LIMIT = (1 << 16) / ENTRY_BYTES;

    private static final int OFFSET_AT = 8;
    private static final int LENGTH_AT = 32;
    private static final int PT_INTERP = 3;
    private static final int PT_NOTE = 4;
    private static final int PATH_LIMIT = 4096;
    private static final int NOTES_LIMIT = 1 << 16;
    private static final int NOTE_HEADER_BYTES = 12;
    private static final byte[] GO = {'G', 'o', 0, 0};
    private static final int GO_BUILD_ID = 4;

    /** Whether these are the first bytes of an ELF file. */
    public static boolean isElf(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Reads an ELF file's head.
     *
     * @param file its name, for messages
     * @throws FormatException for a file that the kernel would not execute either
     */
    public static ElfHead read(String file, Bytes bytes) throws IOException {
        byte[] start = piece(file, bytes, 0, HEADER_BYTES);
        ByteBuffer header = numbers(start);
        if (!isElf(start)) {
            throw new FormatException(file, 0, Reason.BAD_MAGIC, "no ELF file");
        }
        int bits = header.get(CLASS_AT) == CLASS_64 ? 64 : 32;
        int machine = header.get(DATA_AT) == LITTLE_ENDIAN ? header.getShort(MACHINE_AT) & 0xffff : 0;
        if (bits == 32 || machine == 0) {
            return new ElfHead(bits, machine, null, false);
        }
        int count = header.getShort(ENTRY_COUNT_AT) & 0xffff;
        if (header.getShort(ENTRY_BYTES_AT) != ENTRY_BYTES || count > ENTRIES_LIMIT) {
            throw new FormatException(file, ENTRY_BYTES_AT, Reason.BAD_LENGTH, count + " program headers");
        }
        ByteBuffer entries = numbers(piece(file, bytes, header.getLong(HEADERS_OFFSET_AT), count * ENTRY_BYTES));
        byte[] interpreter = null;
        boolean isGo = false;
        for (int at = 0; at < entries.limit(); at += ENTRY_BYTES) {
            int type = entries.getInt(at);
            long offset = entries.getLong(at + OFFSET_AT);
            long length = entries.getLong(at + LENGTH_AT);
            if (type == PT_INTERP && interpreter == null) {
                interpreter = interpreter(file, bytes, offset, length);
            } else if (type == PT_NOTE) {
                isGo |= hasGoNote(bytes, offset, length);
            }
        }
        return new ElfHead(bits, machine, interpreter, isGo);
    }

    private static byte[] interpreter(String file, Bytes bytes, long offset, long length) throws IOException {
        if (length < 2 || length > PATH_LIMIT) {
            throw new FormatException(file, offset, Reason.BAD_LENGTH, "the path of a dynamic loader");
        }
        byte[] path = piece(file, bytes, offset, (int) length);
        int end = 0;
        while (end < path.length && path[end] != 0) {
            end++;
        }
        if (end == path.length || end == 0) {
            throw new FormatException(file, offset, Reason.INCONSISTENT, "the path of a dynamic loader has no end");
        }
        return Arrays.copyOf(path, end);
    }

    /** Nobody but debuggers reads notes, so what is wrong with them ends the search and no more. */
    private static boolean hasGoNote(Bytes bytes, long offset, long length) throws IOException {
        if (offset < 0 || length < 0) {
            return false;
        }
        byte[] notes = bytes.read(offset, (int) Math.min(length, NOTES_LIMIT));
        ByteBuffer in = numbers(notes);
        int at = 0;
        while (at + NOTE_HEADER_BYTES <= notes.length) {
            long nameBytes = Integer.toUnsignedLong(in.getInt(at));
            long contentBytes = Integer.toUnsignedLong(in.getInt(at + 4));
            int type = in.getInt(at + 8);
            int name = at + NOTE_HEADER_BYTES;
            if (type == GO_BUILD_ID
                    && nameBytes == GO.length
                    && name + GO.length <= notes.length
                    && Arrays.equals(notes, name, name + GO.length, GO, 0, GO.length)) {
                return true;
            }
            long next = name + aligned(nameBytes) + aligned(contentBytes);
            if (next > notes.length) {
                return false;
            }
            at = (int) next;
        }
        return false;
    }

    private static long aligned(long length) {
        return (length + 3) & -4;
    }

    private static byte[] piece(String file, Bytes bytes, long offset, int count) throws IOException {
        byte[] piece = offset < 0 ? new byte[0] : bytes.read(offset, count);
        if (piece.length < count) {
            throw new FormatException(file, offset, Reason.TRUNCATED, "an ELF file");
        }
        return piece;
    }

    private static ByteBuffer numbers(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
