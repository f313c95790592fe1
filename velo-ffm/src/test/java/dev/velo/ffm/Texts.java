package dev.velo.ffm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Text and paths as the bytes that the calls under test take. */
final class Texts {
    private Texts() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(Path path) {
        return bytes(path.toString());
    }

    static List<byte[]> list(String... texts) {
        return Arrays.stream(texts).map(Texts::bytes).toList();
    }

    /** A set of signals in the text of a {@code /proc/<pid>/status}. */
    static long signals(String status, String name) {
        int at = status.indexOf(name + ":") + name.length() + 1;
        return Long.parseUnsignedLong(
                status.substring(at, status.indexOf('\n', at)).strip(), 16);
    }
}
