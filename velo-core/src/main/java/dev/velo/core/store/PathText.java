package dev.velo.core.store;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Paths, which are bytes, in text files of a store. */
public final class PathText {
    private PathText() {}

    /** Percent-escapes what is not a printable ASCII character. */
    public static String escape(byte[] path) {
        StringBuilder text = new StringBuilder(path.length);
        for (byte b : path) {
            if (b > ' ' && b < 0x7f && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(HexFormat.of().toHexDigits(b));
            }
        }
        return text.toString();
    }

    /** The bytes of such a text; {@link IllegalArgumentException} if it is none. */
    public static byte[] unescape(String text) {
        ByteArrayOutputStream path = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                if (i + 3 > text.length()) {
                    throw new IllegalArgumentException("a path ends in the middle of an escape");
                }
                path.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                path.write(text.charAt(i));
            }
        }
        return path.toByteArray();
    }
}
