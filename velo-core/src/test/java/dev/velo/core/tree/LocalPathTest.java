package dev.velo.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths of Java's and bytes, there and back. */
final class LocalPathTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "a b%41+;!?#", "gr\u00c3\u00bcn", "\u00ff\u0080\u00fe", "new\nline\t", "back\\slash:"})
    void bytesBecomeAPathAndAreItsBytesAgain(String latin) throws Exception {
        byte[] name = latin.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = PathBytes.join(LocalPath.bytes(folder), name);

        Path path = LocalPath.of(bytes);

        assertThat(LocalPath.bytes(path)).isEqualTo(bytes);
        assertThat(path.getParent()).isEqualTo(folder);
        // a directory's URI ends in a slash, its path does not
        Files.createDirectory(path);
        assertThat(LocalPath.bytes(path)).isEqualTo(bytes);
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void aPathIsMadeAbsoluteAndNormalOnlyIfAsked() {
        String here = Path.of("").toAbsolutePath().toString();

        assertThat(LocalPath.bytes(Path.of("a/../b"))).asString().isEqualTo(here + "/a/../b");
        assertThat(LocalPath.normal(Path.of("a/../b/."))).asString().isEqualTo(here + "/b");
        assertThat(LocalPath.bytes(Path.of("/"))).asString().isEqualTo("/");
        assertThat(LocalPath.of(PathBytes.of("/"))).isEqualTo(Path.of("/"));
    }

    @Test
    void aPathOfAnotherFileSystemIsRefused() throws Exception {
        Path jar = folder.resolve("archive.zip");
        try (FileSystem zip = FileSystems.newFileSystem(jar, java.util.Map.of("create", "true"))) {
            assertThatExceptionOfType(ProviderMismatchException.class)
                    .isThrownBy(() -> LocalPath.bytes(zip.getPath("/x")));
        }
    }
}
