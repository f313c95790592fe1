package dev.velo.core.testing;

import dev.velo.ffm.AttributeCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** The extended attributes of one entry that a tree is expected to keep, values as printable text. */
record Attributes(SortedMap<String, String> values) {
    private static final SortedMap<String, String> NONE = new TreeMap<>();

    @FunctionalInterface
    private interface Value {
        byte[] of(byte[] attribute) throws IOException;
    }

    /** Of an open file or directory. */
    static Attributes of(int descriptor) throws IOException {
        return read(
                AttributeCalls.flistxattr(descriptor), attribute -> AttributeCalls.fgetxattr(descriptor, attribute));
    }

    /** Of what cannot be opened: by a path through the directory's descriptor, which is short at any depth. */
    static Attributes of(int directory, byte[] name) throws IOException {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.writeBytes(("/proc/self/fd/" + directory + "/").getBytes(StandardCharsets.US_ASCII));
        path.writeBytes(name);
        byte[] bytes = path.toByteArray();
        return read(AttributeCalls.llistxattr(bytes), attribute -> AttributeCalls.lgetxattr(bytes, attribute));
    }

    private static Attributes read(byte[] names, Value value) throws IOException {
        if (names.length == 0) {
            return new Attributes(NONE);
        }
        SortedMap<String, String> values = new TreeMap<>();
        int start = 0;
        for (int at = 0; at < names.length; at++) {
            if (names[at] != 0) {
                continue;
            }
            byte[] name = Arrays.copyOfRange(names, start, at);
            String text = PrintableBytes.of(name);
            if (isKept(text)) {
                values.put(text, PrintableBytes.of(value.of(name)));
            }
            start = at + 1;
        }
        return new Attributes(values);
    }

    private static boolean isKept(String name) {
        return name.startsWith("user.") || name.startsWith("system.posix_acl_") || name.equals("security.capability");
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
