package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK finds the provider by itself. */
final class InstalledProviderTest {
    private static final Pattern TESTS_ONLY = Pattern.compile(
            "test-classes|-tests\\.jar|junit|assertj|jimfs|guava|failureaccess|byte-buddy|opentest4j|apiguardian|surefire");

    private static final String PROBE = """
            import java.nio.file.*;
            import java.util.Map;
            public class Probe {
                public static void main(String[] words) throws Exception {
                    try (FileSystem view = FileSystems.newFileSystem(Path.of(words[0]), Map.of("store", words[1]))) {
                        Path text = view.getPath("text");
                        System.out.print(Files.readString(text));
                        System.out.print(new String(text.toUri().toURL().openStream().readAllBytes()));
                        System.out.print(view.provider().getClass().getModule().isNamed());
                    }
                }
            }
            """;

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !TESTS_ONLY.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String probe(Path folder, String... options) throws Exception {
        Path source = Files.writeString(folder.resolve("Probe.java"), PROBE);
        try (WorkTree tree = WorkTree.ofFixture(folder)) {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString());
            builder.command().addAll(List.of(options));
            builder.command()
                    .addAll(List.of(
                            source.toString(),
                            tree.manifest().toString(),
                            tree.storePath().toString()));
            Path errors = folder.resolve("errors");
            Process process = builder.redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
            return output;
        }
    }

    @Test
    void itIsInstalledOnce() {
        assertThat(FileSystemProvider.installedProviders())
                .filteredOn(provider -> provider.getScheme().equals("velo"))
                .singleElement()
                .isSameAs(Subject.VELO.fileSystem().provider());
        assertThat(ServiceLoader.load(FileSystemProvider.class)).anyMatch(VeloFileSystemProvider.class::isInstance);
    }

    @Test
    void onTheClassPath(@TempDir Path folder) throws Exception {
        assertThat(probe(folder, "--enable-native-access=ALL-UNNAMED", "--class-path", classPath()))
                .isEqualTo("one\ntwo\none\ntwo\nfalse");
    }

    @Test
    void onTheModulePath(@TempDir Path folder) throws Exception {
        assertThat(probe(
                        folder,
                        "--enable-native-access=dev.velo.ffm",
                        "--module-path",
                        classPath(),
                        "--add-modules",
                        "dev.velo"))
                .isEqualTo("one\ntwo\none\ntwo\ntrue");
    }

    @Test
    void manifestsOnlyAreItsOwn(@TempDir Path folder) throws IOException {
        Path other = Files.writeString(folder.resolve("other.zip"), "x");
        assertThat(FileSystemProvider.installedProviders())
                .filteredOn(VeloFileSystemProvider.class::isInstance)
                .allSatisfy(provider -> assertThatThrownBy(() -> provider.newFileSystem(other, Map.of()))
                        .isInstanceOf(UnsupportedOperationException.class));
    }
}
