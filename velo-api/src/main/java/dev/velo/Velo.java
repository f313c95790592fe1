package dev.velo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Facts about this build of Velo.
 *
 * {@snippet :
 * System.out.println("Velo " + Velo.version());
 * }
 */
public final class Velo {
    private Velo() {}

    /**
     * The version of this build.
     *
     * @return such as {@code 0.1.0}
     */
    public static String version() {
        try (InputStream in = Velo.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
