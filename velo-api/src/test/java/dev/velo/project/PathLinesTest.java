package dev.velo.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PathLinesTest {
    @Test
    void pathsComeBack() throws IOException {
        List<String> paths = List.of("packages/a/node_modules", "odd \n name/ü/%", "...");

        assertThat(PathLines.parse("file", PathLines.of(paths))).isEqualTo(paths);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/../b", "/etc", "a//b", "a/", ".", "a/./b", "", "%2e%2e/x", "a%00b", "a%2", "a%zz"})
    void noneLeadsElsewhere(String line) {
        assertThatThrownBy(() -> PathLines.parse("the file", line + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the file: names " + line);
    }
}
