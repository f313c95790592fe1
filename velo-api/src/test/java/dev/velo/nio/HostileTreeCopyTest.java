package dev.velo.nio;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.testing.TreeComparison.LinkGroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A tree of everything that trees can hold, read by the default file system and by Velo's, which must tell the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileTreeCopyTest {
    private static final String UNIX = "unix:mode,uid,gid,nlink,rdev,lastModifiedTime";

    /** What {@code java.nio.file} cannot say: it makes no fifos, and its paths have no slash at their end. */
    private static final List<String> UNSAID =
            List.of("only on the left", "./symlinks/long-target: ", "./symlinks/to-directory-slash: ");

    private Path folder;
    private WorkTree tree;

    /** Without what {@code java.nio.file} cannot make; owners are a view's own matter. */
    @BeforeAll
    void takeIn() throws IOException {
        folder = Files.createTempDirectory("velo-nio");
        Path original = Files.createDirectory(folder.resolve("tree"));
        HostileTree.Options options = HostileTree.Options.small()
                .withEntries(1500)
                .without(HostileTree.Feature.OWNERS, HostileTree.Feature.DEVICES, HostileTree.Feature.UNREADABLE);
        HostileTree.generate(original, options);
        tree = new WorkTree(folder);
    }

    @AfterAll
    void end() throws IOException {
        tree.close();
        HostileTree.deleteTree(folder);
    }

    /** The path of the default file system that has the same bytes below another directory: a URI carries any. */
    private static Path across(Path inView, Path root) {
        return Path.of(URI.create(root.toUri() + inView.toUri().getRawPath().substring(1)));
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> walk = Files.walk(tree.at(""))) {
            return walk.toList();
        }
    }

    @Test
    void everyEntryIsThere() throws IOException {
        List<URI> expected = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(tree.original())) {
            walk.map(Path::toUri).forEach(expected::add);
        }
        assertThat(all())
                .map(path -> across(path, tree.original()).toUri())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyEntryHasTheAttributesOfTheOriginal() throws IOException {
        Map<Object, Object> keys = new HashMap<>();
        for (Path path : all()) {
            Path original = across(path, tree.original());
            Map<String, Object> expected = new HashMap<>(Files.readAttributes(original, UNIX, NOFOLLOW_LINKS));
            Map<String, Object> found = new HashMap<>(Files.readAttributes(path, UNIX, NOFOLLOW_LINKS));
            assertThat(found).as(path.toUri().toString()).isEqualTo(expected);
            Object key = Files.getAttribute(path, "fileKey", NOFOLLOW_LINKS);
            assertThat(Files.getAttribute(original, "fileKey", NOFOLLOW_LINKS))
                    .isEqualTo(keys.computeIfAbsent(key, any -> fileKey(original)));
            // the default file system would wait for the other end of a fifo
            if (Files.isRegularFile(path, NOFOLLOW_LINKS) || Files.isDirectory(path, NOFOLLOW_LINKS)) {
                assertThat(userAttributes(path)).as(path.toUri().toString()).isEqualTo(userAttributes(original));
            }
        }
    }

    private static Object fileKey(Path path) {
        try {
            return Files.getAttribute(path, "fileKey", NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> userAttributes(Path path) throws IOException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        Map<String, String> values = new HashMap<>();
        for (String name : view.list()) {
            ByteBuffer value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            values.put(name, Arrays.toString(value.array()));
        }
        return values;
    }

    @Test
    void aCopyIsEqualToTheOriginal() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.walkFileTree(tree.at(""), new Copying(copy));
        TreeComparison.Options options = TreeComparison.Options.standard()
                .with(LinkGroups.IGNORED)
                .without(Aspect.ATTRIBUTES, Aspect.MTIME, Aspect.DEVICE, Aspect.SOCKETS);
        List<String> differences = TreeComparison.differences(tree.original(), copy, options);
        assertThat(differences)
                .filteredOn(difference -> UNSAID.stream().noneMatch(difference::contains))
                .isEmpty();
        assertThat(differences).hasSizeLessThan(20);
    }

    /** Copies with nothing but {@code java.nio.file}. */
    private static final class Copying extends SimpleFileVisitor<Path> {
        private final Path target;

        Copying(Path target) {
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            Files.createDirectories(across(directory, target));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path copy = across(file, target);
            if (attributes.isSymbolicLink()) {
                Files.createSymbolicLink(copy, targetOf(file));
            } else if (attributes.isRegularFile()) {
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                Files.setAttribute(copy, "unix:mode", Files.getAttribute(file, "unix:mode"));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            Files.setAttribute(across(directory, target), "unix:mode", Files.getAttribute(directory, "unix:mode"));
            return FileVisitResult.CONTINUE;
        }

        /** The target with its bytes; a URI only carries absolute paths. */
        private static Path targetOf(Path link) throws IOException {
            Path written = Files.readSymbolicLink(link);
            Path absolute = across(written.toAbsolutePath(), Path.of("/"));
            return written.isAbsolute() ? absolute : absolute.subpath(0, absolute.getNameCount());
        }
    }
}
