package dev.velo.nio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;

/**
 * Names between bytes and text without loss: UTF-8, and a byte that is not part of valid UTF-8 is the lone surrogate U+DC00 plus that
 * byte, as in Python's {@code surrogateescape} (PEP 383). What was decoded is always encoded to the same bytes again.
 */
public final class NameCodec {
    private static final int ESCAPE = 0xDC00;

    private NameCodec() {}

    /** The text of these bytes. */
    public static String decode(byte[] bytes) {
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return decodeEscaping(bytes);
        }
    }

    /**
     * The bytes of this text.
     *
     * @throws InvalidPathException if it holds a NUL, or a lone surrogate that stands for no byte
     */
    public static byte[] encode(String text) {
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new InvalidPathException(text.replace('\0', '\u2400'), "Nul character not allowed", nul);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return hasLoneSurrogate(text) ? encodeEscaped(text) : bytes;
    }

    private static boolean isAscii(byte[] bytes) {
        int all = 0;
        for (byte b : bytes) {
            all |= b;
        }
        return all >= 0;
    }

    private static String decodeEscaping(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int length = sequenceLength(bytes, at);
            if (length == 0) {
                text.append((char) (ESCAPE + (bytes[at] & 0xff)));
                at++;
            } else {
                text.append(new String(bytes, at, length, StandardCharsets.UTF_8));
                at += length;
            }
        }
        return text.toString();
    }

    /** The length of the valid UTF-8 sequence that begins here, or 0; without overlong forms and surrogates. */
    private static int sequenceLength(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || bytes.length - at < length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private static byte[] encodeEscaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!Character.isSurrogate(c) || isPair(text, at)) {
                int next = at + (Character.isSurrogate(c) ? 2 : 1);
                bytes.writeBytes(text.substring(at, next).getBytes(StandardCharsets.UTF_8));
                at = next;
            } else if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff) {
                bytes.write(c - ESCAPE);
                at++;
            } else {
                throw new InvalidPathException(text, "Lone surrogate that stands for no byte", at);
            }
        }
        return bytes.toByteArray();
    }
}
