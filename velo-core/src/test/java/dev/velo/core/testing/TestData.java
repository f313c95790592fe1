package dev.velo.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files that are checked in and must stay as they are; {@code -Dvelo.regenerate=true} writes them anew. */
public final class TestData {
    private static final boolean REGENERATE = Boolean.getBoolean("velo.regenerate");

    private TestData() {}

    /** A path below the root of the project. */
    public static Path path(String relative) {
        return Path.of(Objects.requireNonNull(System.getProperty("velo.root"), "velo.root"), relative);
    }

    /** Compares the file with what the code makes today. */
    public static void check(Path file, byte[] expected) throws IOException {
        if (REGENERATE) {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, expected);
        }
        assertThat(file).hasBinaryContent(expected);
    }

    public static void check(Path file, String expected) throws IOException {
        if (REGENERATE) {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, expected);
        }
        assertThat(file).hasContent(expected);
    }
}
