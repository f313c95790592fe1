package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes, resources and services of a view, by the loaders that the JDK has. */
final class ClassLoadingTest {
    @TempDir
    private Path folder;

    private WorkTree tree;

    @BeforeEach
    void takeIn() throws IOException {
        WorkTree.write(folder.resolve("made"), "lib/Answer.java", """
                package lib;
                public class Answer implements java.util.concurrent.Callable<Integer> {
                    @Override public Integer call() { return 42; }
                }
                """);
        WorkTree.write(folder.resolve("made"), "module-info.java", """
                module lib { exports lib; provides java.util.concurrent.Callable with lib.Answer; }
                """);
        WorkTree.write(folder, "classes/META-INF/services/java.util.concurrent.Callable", "lib.Answer\n");
        WorkTree.write(folder, "classes/lib/my note.txt", "in the folder");
        Path classes = folder.resolve("tree/classes");
        Path sources = folder.resolve("made/tree");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                classes.toString(),
                                sources.resolve("lib/Answer.java").toString(),
                                sources.resolve("module-info.java").toString()))
                .isZero();
        Jars.write(folder.resolve("tree/lib.jar"), classes);
        tree = new WorkTree(folder);
    }

    @AfterEach
    void end() {
        tree.close();
    }

    private static void loads(Path place) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
            Class<?> answer = loader.loadClass("lib.Answer");
            assertThat(answer.getClassLoader()).isSameAs(loader);
            assertThat(answer.getProtectionDomain().getCodeSource().getLocation())
                    .isEqualTo(place.toUri().toURL());
            assertThat(((Callable<?>) answer.getDeclaredConstructor().newInstance()).call())
                    .isEqualTo(42);
            try (InputStream note = answer.getResourceAsStream("my note.txt")) {
                assertThat(note.readAllBytes()).asString().isEqualTo("in the folder");
            }
            URL found = loader.getResource("lib/my note.txt");
            try (InputStream note = found.openStream()) {
                assertThat(note.readAllBytes()).asString().isEqualTo("in the folder");
            }
            assertThat(Collections.list(loader.findResources("lib/my note.txt")))
                    .hasSize(1);
            assertThat(loader.getResource("lib/missing")).isNull();
            assertThatThrownBy(() -> loader.loadClass("lib.Missing")).isInstanceOf(ClassNotFoundException.class);
            assertThat(ServiceLoader.load(Callable.class, loader)
                            .findFirst()
                            .orElseThrow()
                            .call())
                    .isEqualTo(42);
        }
    }

    @Test
    void folders() throws Exception {
        loads(tree.at("classes"));
    }

    @Test
    void jars() throws Exception {
        loads(tree.at("lib.jar"));
    }

    @Test
    void foldersOfAFileSystemNamedByItsManifest() throws Exception {
        try (FileSystem opened = FileSystems.newFileSystem(
                URI.create("velo://" + tree.manifest().toUri().getRawPath() + ";/"),
                Map.of("store", tree.storePath()))) {
            loads(opened.getPath("/classes"));
            loads(opened.getPath("/lib.jar"));
        }
    }

    @Test
    void resourcesAreFoundAsPathsToo() throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {tree.at("classes").toUri().toURL()}, null)) {
            Path note = Path.of(loader.getResource("lib/my note.txt").toURI());
            assertThat(note).isEqualTo(tree.at("classes/lib/my note.txt"));
            assertThat(Files.readString(note)).isEqualTo("in the folder");
        }
    }

    @Test
    void modulesInFolders() throws Exception {
        ModuleFinder finder = ModuleFinder.of(tree.at("classes"));
        Configuration configuration =
                ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), Set.of("lib"));
        ModuleLayer layer =
                ModuleLayer.boot().defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
        Object answer = layer.findLoader("lib")
                .loadClass("lib.Answer")
                .getDeclaredConstructor()
                .newInstance();
        assertThat(answer.getClass().getModule().getName()).isEqualTo("lib");
        assertThat(((Callable<?>) answer).call()).isEqualTo(42);
    }

    @Test
    void jarsAreFileSystemsInFileSystems() throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(tree.at("lib.jar"), Map.of())) {
            assertThat(Files.readString(jar.getPath("lib/my note.txt"))).isEqualTo("in the folder");
            assertThat(List.of(jar.getPath("lib/Answer.class"))).allMatch(Files::isRegularFile);
        }
    }
}
