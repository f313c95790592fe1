package dev.velo.core.tar;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.PathBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One header block of a tar archive: POSIX ustar, the older form of GNU, or the form without magic before both. Source: pax(1), and
 * "Basic Tar Format" of the manual of GNU tar. Numbers are checked when they are asked for.
 */
final class TarHeader {
    static final int BYTES = 512;

    private static final int NAME_AT = 0;
    private static final int NAME_BYTES = 100;
    private static final int MODE_AT = 100;
    private static final int UID_AT = 108;
    private static final int GID_AT = 116;
    private static final int SIZE_AT = 124;
    private static final int MTIME_AT = 136;
    private static final int CHECKSUM_AT = 148;
    private static final int TYPE_AT = 156;
    private static final int TARGET_AT = 157;
    private static final int MAGIC_AT = 257;
    private static final int MAJOR_AT = 329;
    private static final int MINOR_AT = 337;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_BYTES = 155;
    private static final int SHORT_NUMBER = 8;
    private static final int LONG_NUMBER = 12;

    /** GNU's sparse files: four stretches in the header, 21 in each block behind it, and what the file's length is. */
    private static final int SPARSE_AT = 386;

    private static final int SPARSE_COUNT = 4;
    private static final int SPARSE_MORE_AT = 482;
    private static final int REAL_SIZE_AT = 483;
    private static final int EXTENSION_COUNT = 21;
    private static final int EXTENSION_MORE_AT = 504;

    private static final byte[] POSIX = {'u', 's', 't', 'a', 'r', 0};
    private static final int BASE_256 = 0x80;
    private static final String OCTAL = "[0-7]+";

    private final String file;
    private final long offset;
    private final byte[] block;

    /** Of a block of 512 bytes at this offset of the archive; {@code file} names it in messages. */
    TarHeader(String file, long offset, byte[] block) {
        this.file = file;
        this.offset = offset;
        this.block = block;
    }

    /** Whether all is zero, which is where an archive ends. */
    boolean isEnd() {
        return Arrays.mismatch(block, new byte[BYTES]) < 0;
    }

    /** Throws if this is no header. Some old programs took the bytes for signed. */
    void requireChecksum() throws FormatException {
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < BYTES; i++) {
            byte value = i >= CHECKSUM_AT && i < CHECKSUM_AT + SHORT_NUMBER ? (byte) ' ' : block[i];
            unsigned += value & 0xff;
            signed += value;
        }
        String digits = octalDigits(CHECKSUM_AT, SHORT_NUMBER);
        long stated = digits.matches(OCTAL) ? Long.parseLong(digits, 8) : -1;
        if (stated != unsigned && stated != signed) {
            throw offset == 0
                    ? new FormatException(file, 0, Reason.BAD_MAGIC, "no tar archive, or compressed in an unknown way")
                    : new FormatException(file, offset, Reason.CHECKSUM, "of the header of an entry");
        }
    }

    char type() {
        return (char) (block[TYPE_AT] & 0xff);
    }

    byte[] name() {
        byte[] name = text(NAME_AT, NAME_BYTES);
        boolean posix = Arrays.equals(block, MAGIC_AT, MAGIC_AT + POSIX.length, POSIX, 0, POSIX.length);
        byte[] prefix = posix ? text(PREFIX_AT, PREFIX_BYTES) : new byte[0];
        return prefix.length == 0 ? name : PathBytes.join(prefix, name);
    }

    byte[] target() {
        return text(TARGET_AT, NAME_BYTES);
    }

    long mode() throws FormatException {
        return number(MODE_AT, SHORT_NUMBER, "mode");
    }

    long uid() throws FormatException {
        return number(UID_AT, SHORT_NUMBER, "user");
    }

    long gid() throws FormatException {
        return number(GID_AT, SHORT_NUMBER, "group");
    }

    long size() throws FormatException {
        return number(SIZE_AT, LONG_NUMBER, "size");
    }

    long mtime() throws FormatException {
        return number(MTIME_AT, LONG_NUMBER, "time");
    }

    long major() throws FormatException {
        return number(MAJOR_AT, SHORT_NUMBER, "major number");
    }

    long minor() throws FormatException {
        return number(MINOR_AT, SHORT_NUMBER, "minor number");
    }

    long realSize() throws FormatException {
        return number(REAL_SIZE_AT, LONG_NUMBER, "size");
    }

    /** Adds the stretches that this header of a sparse file tells of; returns whether a block with more follows. */
    boolean addStretches(SparseMap map) throws FormatException {
        return addStretches(map, SPARSE_AT, SPARSE_COUNT, SPARSE_MORE_AT);
    }

    /** The same of a block that follows such a header. */
    boolean addMoreStretches(SparseMap map) throws FormatException {
        return addStretches(map, 0, EXTENSION_COUNT, EXTENSION_MORE_AT);
    }

    private boolean addStretches(SparseMap map, int from, int count, int moreAt) throws FormatException {
        for (int at = from; at < from + count * 2 * LONG_NUMBER; at += 2 * LONG_NUMBER) {
            if (block[at + LONG_NUMBER] != 0) {
                map.add(number(at, LONG_NUMBER, "offset"), number(at + LONG_NUMBER, LONG_NUMBER, "length"));
            }
        }
        return block[moreAt] != 0;
    }

    private byte[] text(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, at, end);
    }

    private long number(int at, int length, String field) throws FormatException {
        return (block[at] & BASE_256) != 0 ? binary(at, length, field) : octal(at, length, field);
    }

    /** GNU's way for numbers that octal digits are too few for: two's complement below the highest bit, big-endian. */
    private long binary(int at, int length, String field) throws FormatException {
        boolean negative = (block[at] & BASE_256 >> 1) != 0;
        long value = negative ? -1 : 0;
        for (int i = at; i < at + length; i++) {
            int digit = i == at && !negative ? block[i] & ~BASE_256 & 0xff : block[i] & 0xff;
            if (value >> (Long.SIZE - Byte.SIZE - 1) != (negative ? -1 : 0)) {
                throw new FormatException(file, offset + at, Reason.BAD_LENGTH, field);
            }
            value = value << Byte.SIZE | digit;
        }
        return value;
    }

    private long octal(int at, int length, String field) throws FormatException {
        String digits = octalDigits(at, length);
        if (!digits.isEmpty() && !digits.matches(OCTAL)) {
            throw new FormatException(file, offset + at, Reason.BAD_LENGTH, field + " that is no number");
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    /** What stands between blanks and NULs. */
    private String octalDigits(int at, int length) {
        return new String(text(at, length), StandardCharsets.ISO_8859_1).strip();
    }
}
