package dev.velo.core.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The capabilities of this machine's kernel, see capabilities(7). */
public final class Capabilities {
    private static final Path LAST = Path.of("/proc/sys/kernel/cap_last_cap");
    private static final int LONGEST = 16;

    private Capabilities() {}

    /**
     * The number of the highest one, for {@link dev.velo.ffm.PlanCalls#dropCapabilities}.
     *
     * @throws IOException if {@code /proc} does not say, as where it is not mounted
     */
    public static int last() throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(LAST)) {
            // at once: a file of /proc/sys gives nothing more after a first read, which readString makes of one byte
            text = new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException(LAST + " is no number: " + text, e);
        }
    }
}
