package dev.velo.core.testing;

/** Bytes as people can read them in a message: ASCII as it is, everything else as {@code \xNN}. */
final class PrintableBytes {
    private PrintableBytes() {}

    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte value : bytes) {
            if (value >= ' ' && value < 0x7f && value != '\\') {
                text.append((char) value);
            } else {
                text.append(String.format("\\x%02x", value));
            }
        }
        return text.toString();
    }
}
