package dev.velo.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files that are checked in and must stay as they are; {@code -Dvelo.regenerate=true} writes them anew. */
public final class TestData {
    private static final boolean REGENERATE = Boolean.getBoolean("velo.regenerate");

    private static final String END_OF_TABLE = "<!-- end -->";

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

    /** A page of the documentation with the table of this name replaced; two comments mark its place. */
    public static String withTable(String page, String name, String table) {
        String begin = "<!-- table: " + name + " -->\n";
        int from = page.indexOf(begin);
        int to = from < 0 ? -1 : page.indexOf(END_OF_TABLE, from);
        if (to < 0) {
            throw new IllegalStateException("the page has no place for the table " + name);
        }
        return page.substring(0, from + begin.length()) + table + page.substring(to);
    }
}
