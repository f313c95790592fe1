package dev.velo.core.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What this process was started with, as bytes, because the JVM mangles what is not text in the locale's encoding. */
public final class OwnEnvironment {
    private OwnEnvironment() {}

    /** The variables, {@code NAME=value}. */
    public static List<byte[]> variables() {
        return strings("/proc/self/environ");
    }

    /** The value of a variable, empty if it is not set. */
    public static byte[] value(String name) {
        byte[] prefix = PathBytes.of(name + "=");
        for (byte[] variable : variables()) {
            if (PathBytes.startsWith(variable, prefix)) {
                return Arrays.copyOfRange(variable, prefix.length, variable.length);
            }
        }
        return new byte[0];
    }

    /** The command line with everything that the JVM was given. */
    public static List<byte[]> words() {
        return strings("/proc/self/cmdline");
    }

    private static List<byte[]> strings(String file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; is /proc mounted?", e);
        }
        List<byte[]> strings = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                strings.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return strings;
    }
}
