package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiler reads sources and classes from a view. */
final class JavacTest {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    /** The tree has {@code classes/lib/Greeting.class}, {@code lib.jar} with the same, and sources that need it. */
    private static WorkTree tree(Path folder) throws IOException {
        WorkTree.write(folder, "src/app/Main.java", """
                package app;
                public class Main implements java.util.function.Supplier<String> {
                    @Override public String get() { return lib.Greeting.of(new Name().toString()); }
                }
                """);
        WorkTree.write(folder, "src/app/Name.java", """
                package app;
                class Name { @Override public String toString() { return "velo"; } }
                """);
        Path greeting = Files.writeString(folder.resolve("Greeting.java"), """
                package lib;
                public class Greeting { public static String of(String name) { return "hello " + name; } }
                """);
        Path classes = Files.createDirectories(folder.resolve("tree/classes"));
        assertThat(JAVAC.run(null, null, null, "-d", classes.toString(), greeting.toString()))
                .isZero();
        Jars.write(folder.resolve("tree/lib.jar"), classes);
        return new WorkTree(folder);
    }

    private static void compile(WorkTree tree, Path output, Path classes, Way way) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = JAVAC.getStandardFileManager(diagnostics, null, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of(classes));
            // javac loads processors from files of the default file system only, by default from the class path
            files.setLocationFromPaths(StandardLocation.ANNOTATION_PROCESSOR_PATH, List.of());
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(Files.createDirectories(output)));
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(tree.at("src")));
            Iterable<? extends JavaFileObject> sources = way.sources(files, tree.at("src/app"));
            assertThat(JAVAC.getTask(null, files, diagnostics, List.of("-Xlint:-path"), null, sources)
                            .call())
                    .as(diagnostics.getDiagnostics().toString())
                    .isTrue();
        }
    }

    /** How the sources are given. */
    private interface Way {
        Iterable<? extends JavaFileObject> sources(StandardJavaFileManager files, Path directory) throws IOException;
    }

    private static void runs(Path... classPath) throws IOException {
        URL[] urls = new URL[classPath.length];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = classPath[i].toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, null)) {
            Object main = loader.loadClass("app.Main").getDeclaredConstructor().newInstance();
            assertThat(((Supplier<?>) main).get()).isEqualTo("hello velo");
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    @Test
    void sourcesAndClassesAreOfTheView(@TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder)) {
            Path output = folder.resolve("output");
            compile(tree, output, tree.at("classes"), (files, directory) -> {
                try (Stream<Path> all = Files.list(directory)) {
                    return files.getJavaFileObjectsFromPaths(all.toList());
                }
            });
            runs(output, tree.at("classes"));
        }
    }

    @Test
    void otherSourcesAreFoundOnTheSourcePath(@TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder)) {
            Path output = folder.resolve("output");
            compile(
                    tree,
                    output,
                    tree.at("classes"),
                    (files, directory) -> files.getJavaFileObjects(directory.resolve("Main.java")));
            assertThat(output.resolve("app/Name.class")).exists();
            runs(output, tree.at("classes"));
        }
    }

    @Test
    void classesAreOfAJarInTheView(@TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder);
                FileSystem jar = FileSystems.newFileSystem(tree.at("lib.jar"), Map.of())) {
            Path output = folder.resolve("output");
            compile(
                    tree,
                    output,
                    jar.getPath("/"),
                    (files, directory) -> files.getJavaFileObjects(directory.resolve("Main.java")));
            runs(output, tree.at("lib.jar"));
        }
    }

    @Test
    void theFileManagerListsTheView(@TempDir Path folder) throws IOException {
        try (WorkTree tree = tree(folder);
                StandardJavaFileManager files = JAVAC.getStandardFileManager(null, null, null)) {
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(tree.at("src")));
            Iterable<JavaFileObject> listed =
                    files.list(StandardLocation.SOURCE_PATH, "app", Set.of(JavaFileObject.Kind.SOURCE), true);
            assertThat(listed)
                    .extracting(JavaFileObject::toUri)
                    .containsExactlyInAnyOrder(
                            tree.at("src/app/Main.java").toUri(),
                            tree.at("src/app/Name.java").toUri());
            assertThat(listed).allSatisfy(file -> assertThat(files.asPath(file)).exists());
            assertThat(listed)
                    .extracting(file -> files.inferBinaryName(StandardLocation.SOURCE_PATH, file))
                    .containsExactlyInAnyOrder("app.Main", "app.Name");
        }
    }
}
