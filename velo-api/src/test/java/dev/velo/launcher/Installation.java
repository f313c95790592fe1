package dev.velo.launcher;

import dev.velo.core.testing.HostileTree;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The launcher as processes of any user can start it: this test's class path in one jar that everybody can read, with a
 * start-up archive that makes hundreds of starts bearable. Made once per test run, removed at its end.
 */
final class Installation {
    private static final Installation INSTANCE = make();

    private final Path folder;
    private final List<String> java;
    private final Path main;

    private Installation(Path folder, List<String> java, Path main) {
        this.folder = folder;
        this.java = java;
        this.main = main;
    }

    /** The words that start the launcher, with more options for the JVM. */
    static List<String> words(List<String> options) {
        List<String> words = new ArrayList<>(INSTANCE.java);
        words.addAll(options);
        words.add("-jar");
        words.add(INSTANCE.main.toString());
        return words;
    }

    /** The words that start a JVM with the start-up archive, as far as it fits. */
    static List<String> javaWords() {
        return INSTANCE.java;
    }

    /** The class path of programs that stand among the tests of this module, for everybody who may read the build's folder. */
    static String classPathWithTests() {
        return INSTANCE.main
                + File.pathSeparator
                + Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(entry -> entry.endsWith("test-classes"))
                        .collect(Collectors.joining(File.pathSeparator));
    }

    /** The words that run a Java program in one source file that uses the library. */
    static List<String> program(Path source) {
        List<String> words =
                new ArrayList<>(List.of(INSTANCE.java.getFirst(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", INSTANCE.main.toString(), source.toString()));
        return words;
    }

    private static Installation make() {
        try {
            Path folder = Files.createTempDirectory("velo-installation");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path main = folder.resolve("launcher.jar");
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(main), manifest())) {
                Set<String> packed = new HashSet<>();
                for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                    pack(Path.of(entry), packed, out);
                }
            }
            readable(main);
            Path archive = folder.resolve("starts.jsa");
            List<String> java = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-XX:TieredStopAtLevel=1",
                    "-Xlog:disable",
                    "-Xlog:all=off"));
            train(archive, java, main);
            java.add("-XX:SharedArchiveFile=" + archive);
            Installation made = new Installation(folder, java, main);
            Runtime.getRuntime().addShutdownHook(new Thread(made::remove));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "dev.velo.launcher.Main");
        manifest.getMainAttributes().put(new Attributes.Name("Enable-Native-Access"), "ALL-UNNAMED");
        return manifest;
    }

    /** Adds a directory of classes or a jar, but for tests and signatures. */
    private static void pack(Path entry, Set<String> packed, JarOutputStream out) throws IOException {
        if (Files.isRegularFile(entry)) {
            try (FileSystem jar = FileSystems.newFileSystem(entry)) {
                packFiles(jar.getPath("/"), packed, out);
            }
        } else if (Files.isDirectory(entry) && !entry.endsWith("test-classes")) {
            packFiles(entry, packed, out);
        }
    }

    private static void packFiles(Path root, Set<String> packed, JarOutputStream out) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                String name = root.relativize(path).toString();
                boolean wanted = !name.startsWith("META-INF/") && !name.endsWith("module-info.class");
                if (wanted && packed.add(name)) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(path, out);
                    out.closeEntry();
                }
            }
        }
    }

    /** In memory where there is some to be had. A failure only makes the starts slow. */
    private static void train(Path archive, List<String> java, Path main) throws IOException {
        Path work = MemoryFolder.create();
        List<String> words = new ArrayList<>(java);
        words.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-cp", main.toString()));
        words.addAll(List.of("dev.velo.launcher.Training", work.toString()));
        try {
            new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        HostileTree.deleteTree(work);
        if (Files.exists(archive)) {
            readable(archive);
        }
    }

    private void remove() {
        try {
            HostileTree.deleteTree(folder);
        } catch (IOException e) {
            System.err.println("left behind: " + folder);
        }
    }
}
