package dev.velo.core.tar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** An archive in the making, byte by byte, so that each defect can be had alone. In strings each character is one byte. */
final class TarArchive {
    static final int BLOCK = 512;

    private static final int CHECKSUM_AT = 148;
    private static final int SIZE_AT = 124;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    TarArchive directory(String name) {
        return entry(name, '5', "", new byte[0]);
    }

    TarArchive file(String name, String contents) {
        return entry(name, '0', "", latin(contents));
    }

    TarArchive symlink(String name, String target) {
        return entry(name, '2', target, new byte[0]);
    }

    TarArchive hardLink(String name, String target) {
        return entry(name, '1', target, new byte[0]);
    }

    /** An entry of any type, of user 7 and group 8, mode 0644, from the thousandth second. */
    TarArchive entry(String name, char type, String target, byte[] contents) {
        return raw(header(name, type, target, contents.length)).contents(contents);
    }

    /** A pax header with these records. */
    TarArchive pax(String... keysAndValues) {
        return entry("pax", 'x', "", records(keysAndValues));
    }

    static byte[] records(String... keysAndValues) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String rest = " " + keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n";
            int length = rest.length() + 1;
            while (Integer.toString(length).length() + rest.length() != length) {
                length++;
            }
            records.writeBytes(latin(length + rest));
        }
        return records.toByteArray();
    }

    TarArchive contents(byte[] contents) {
        raw(contents);
        return raw(new byte[-contents.length & (BLOCK - 1)]);
    }

    TarArchive raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    static byte[] header(String name, char type, String target, long size) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000007");
        put(header, 116, "0000010");
        put(header, SIZE_AT, String.format(Locale.ROOT, "%011o", size));
        put(header, 136, "00000001750");
        header[156] = (byte) type;
        put(header, 157, target);
        put(header, 257, "ustar\00000");
        put(header, 329, "0000000");
        put(header, 337, "0000000");
        return summed(header);
    }

    /** With the checksum that belongs to the rest. */
    static byte[] summed(byte[] header) {
        put(header, CHECKSUM_AT, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, CHECKSUM_AT, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header;
    }

    static void put(byte[] header, int at, String text) {
        System.arraycopy(latin(text), 0, header, at, text.length());
    }

    /** All so far, without an end. */
    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** The whole archive. */
    byte[] ended() {
        return raw(new byte[2 * BLOCK]).bytes();
    }

    InputStream stream() {
        return new ByteArrayInputStream(ended());
    }
}
