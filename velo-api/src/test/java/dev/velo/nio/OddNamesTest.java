package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are not UTF-8, which Linux allows and text does not. */
final class OddNamesTest {
    /** A path of the default file system whose last name is written as in a URI: only so it takes any byte. */
    private static Path raw(Path directory, String name) {
        return Path.of(URI.create(directory.toUri() + name));
    }

    private static WorkTree tree(Path folder, String... names) throws IOException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        for (String name : names) {
            Files.writeString(raw(tree, name), name);
        }
        return new WorkTree(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%FF", "a%80b", "%C3", "%C3%28", "%ED%A0%80", "%F4%90%80%80", "%C0%AF", "%E2%82", "%EF%BF%BD"})
    void everyNameIsFoundAgain(String name, @TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder, name);
                Stream<Path> listed = Files.list(tree.at(""))) {
            Path only = listed.findFirst().orElseThrow();
            assertThat(Files.readString(only)).isEqualTo(name);
            FileSystem fileSystem = tree.fileSystem();
            assertThat(fileSystem.getPath(only.toString())).isEqualTo(only);
            assertThat(only.toUri().getRawPath()).endsWith("/" + name);
            assertThat(Path.of(only.toUri())).isEqualTo(only);
            assertThat(only.toRealPath()).isEqualTo(only);
        }
    }

    @Test
    void differentNamesAreDifferentTexts(@TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder, "%FF", "%FE", "%EF%BF%BD", "%C3%BF");
                Stream<Path> listed = Files.list(tree.at(""))) {
            assertThat(listed.map(Path::toString).distinct()).hasSize(4);
        }
    }

    @Test
    void patternsTakeOneByteForOneLetter(@TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder, "a%FFb", "a%F0%9F%98%80b", "ab");
                Stream<Path> listed = Files.list(tree.at(""))) {
            List<Path> found = listed.map(Path::getFileName)
                    .filter(tree.fileSystem().getPathMatcher("glob:a?b")::matches)
                    .toList();
            assertThat(found).hasSize(2);
        }
    }

    @Test
    void failuresNameThePath(@TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder, "%FF")) {
            Path missing = tree.at("\udcfe");
            assertThatThrownBy(() -> Files.readAllBytes(missing))
                    .isInstanceOfSatisfying(
                            NoSuchFileException.class,
                            e -> assertThat(e.getFile()).isEqualTo(missing.toString()));
        }
    }

    @Test
    void textThatStandsForNoBytesIsNoPath() {
        for (String text : List.of("\ud800", "a\udc41", "\udfff", "\ud83d\ud83d")) {
            assertThatThrownBy(() -> Subject.VELO.path(text)).isInstanceOf(InvalidPathException.class);
        }
    }
}
