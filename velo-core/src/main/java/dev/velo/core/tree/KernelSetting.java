package dev.velo.core.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Settings of the running kernel, see sysctl(8). */
public final class KernelSetting {
    private static final Path SETTINGS = Path.of("/proc/sys");
    private static final int LONGEST = 256;

    private KernelSetting() {}

    /**
     * The value of a setting, without the space around it.
     *
     * @param name as {@code user.max_user_namespaces}
     * @throws IOException if this kernel has no such setting, or {@code /proc} is not mounted
     */
    public static String value(String name) throws IOException {
        try (InputStream in = Files.newInputStream(SETTINGS.resolve(name.replace('.', '/')))) {
            // at once: such a file gives nothing more after a first read, which Files.readString makes of one byte
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
        }
    }
}
