package dev.velo.process;

import dev.velo.core.tree.PathBytes;
import dev.velo.nio.NameCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment as bytes, because the JVM mangles what is not text in the locale's encoding. */
public final class ProcessEnvironment {
    private static final Path OWN = Path.of("/proc/self/environ");

    private static volatile @Nullable List<byte[]> known;

    private ProcessEnvironment() {}

    /** That of this process, as {@code NAME=value}; it does not change in Java. */
    public static List<byte[]> inherited() throws IOException {
        List<byte[]> variables = known;
        if (variables == null) {
            variables = List.copyOf(read());
            known = variables;
        }
        return variables;
    }

    private static List<byte[]> read() throws IOException {
        byte[] bytes = Files.readAllBytes(OWN);
        List<byte[]> variables = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                variables.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return variables;
    }

    /** That of this process by name; as names of files are decoded, so that nothing is lost. */
    public static Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        try {
            for (byte[] variable : inherited()) {
                String text = NameCodec.decode(variable);
                int equals = text.indexOf('=');
                if (equals > 0) {
                    variables.put(text.substring(0, equals), text.substring(equals + 1));
                }
            }
        } catch (IOException e) {
            variables.putAll(System.getenv()); // without /proc, what the JVM knows
        }
        return variables;
    }

    /** As {@code NAME=value}. */
    public static List<byte[]> encode(Map<String, String> variables) {
        List<byte[]> encoded = new ArrayList<>();
        variables.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException("no name of a variable: " + name);
            }
            encoded.add(PathBytes.concat(NameCodec.encode(name), NameCodec.encode("=" + value)));
        });
        return encoded;
    }
}
