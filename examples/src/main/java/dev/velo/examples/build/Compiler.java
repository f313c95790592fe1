package dev.velo.examples.build;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** The JDK's compiler. Its file manager reads from any file system of {@code java.nio.file}, so from views as well. */
final class Compiler {
    private Compiler() {}

    /**
     * Compiles all sources.
     *
     * @param sources root of the sources
     * @param libraries folder of the jars that they may use
     * @param output existing folder for the classes
     * @throws CompilationFailure if they have errors
     */
    static void compile(Path sources, Path libraries, Path output, List<String> options) throws IOException {
        List<FileSystem> jars = new ArrayList<>();
        try {
            // javac opens jars of the default file system only by itself
            for (Path jar : find(libraries, ".jar")) {
                jars.add(FileSystems.newFileSystem(jar));
            }
            compile(sources, jars.stream().map(jar -> jar.getPath("/")).toList(), output, options);
        } finally {
            for (FileSystem jar : jars) {
                jar.close();
            }
        }
    }

    private static void compile(Path sources, List<Path> classPath, Path output, List<String> options)
            throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(sources));
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            files.setLocationFromPaths(StandardLocation.ANNOTATION_PROCESSOR_PATH, List.of());
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(find(sources, ".java"));
            if (!javac.getTask(messages, files, null, options, null, units).call()) {
                throw new CompilationFailure(messages.toString());
            }
        }
    }

    private static List<Path> find(Path root, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> path.toString().endsWith(suffix)).toList();
        }
    }
}
