package dev.velo.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.tree.PathBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InputFilesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "requirements.txt, requirements*.txt, true",
        "requirements-dev.txt, requirements*.txt, true",
        "requirements.in, requirements*.txt, false",
        "txt, *txt, true",
        "a.b, *, true",
        "aba, ab*ba, false",
        "abba, ab*ba, true",
        "a-x-b-y-c, a*x*y*c, true",
        "npm_config_x, npm_config_*, true",
        "npm, npm, true",
        "npm2, npm, false",
    })
    void aStarStandsForAnyLetters(String name, String pattern, boolean matches) {
        assertThat(InputFiles.matches(name, pattern)).isEqualTo(matches);
    }

    @Test
    void patternsFindFilesAndPlainNamesNeedNotBeThere() throws Exception {
        for (String name :
                List.of("pom.xml", "core/pom.xml", "core/deep/pom.xml", "node_modules/x/pom.xml", "a/b/c/d")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
        Files.createDirectories(folder.resolve("odd/pom.xml"));

        assertThat(InputFiles.of(
                        PathBytes.of(folder), List.of("pom.xml", "*/pom.xml", "*/*/pom.xml", "missing", "none*.txt")))
                .containsExactly("core/deep/pom.xml", "core/pom.xml", "missing", "pom.xml");
    }
}
