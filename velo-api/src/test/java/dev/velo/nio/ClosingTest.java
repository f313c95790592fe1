package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.VeloView;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a closed file system does. The default one cannot be closed. */
final class ClosingTest {
    private static void ended(ThrowingCallable... uses) {
        for (ThrowingCallable use : uses) {
            assertThatThrownBy(use).isInstanceOf(ClosedFileSystemException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Subject.class, names = "LINUX", mode = EnumSource.Mode.EXCLUDE)
    void whatIsClosedIsNotUsed(Subject subject) throws IOException {
        Path tree = subject.make();
        FileSystem closed = tree.getFileSystem();
        Path text = tree.resolve("text");
        BasicFileAttributeView attributes = Files.getFileAttributeView(text, BasicFileAttributeView.class);
        closed.close();
        closed.close();
        assertThat(closed.isOpen()).isFalse();
        ended(
                () -> closed.getPath("/"),
                closed::getRootDirectories,
                closed::getFileStores,
                closed::supportedFileAttributeViews,
                closed::getUserPrincipalLookupService,
                () -> closed.getPathMatcher("glob:*"),
                closed::newWatchService);
        ended(
                () -> Files.readAllBytes(text),
                () -> Files.newByteChannel(text),
                () -> FileChannel.open(text),
                () -> Files.newDirectoryStream(tree),
                () -> Files.walk(tree),
                () -> Files.exists(text),
                () -> Files.isDirectory(text),
                () -> Files.isReadable(text),
                () -> Files.readAttributes(text, BasicFileAttributes.class),
                () -> Files.readAttributes(text, "unix:*"),
                () -> Files.getAttribute(text, "size"),
                () -> Files.readSymbolicLink(tree.resolve("to-text")),
                () -> Files.isSameFile(text, tree),
                () -> Files.getFileAttributeView(text, BasicFileAttributeView.class),
                text::toRealPath);
        ended(
                () -> Files.delete(text),
                () -> Files.writeString(text, "x"),
                () -> Files.createDirectory(tree.resolve("new")),
                () -> Files.createSymbolicLink(tree.resolve("new"), text),
                () -> Files.createLink(tree.resolve("new"), text),
                () -> Files.copy(text, tree.resolve("new")),
                () -> Files.move(text, tree.resolve("new")),
                () -> Files.setAttribute(text, "lastModifiedTime", FileTime.fromMillis(0)),
                () -> attributes.setTimes(null, null, null),
                attributes::readAttributes);
        assertThat(tree.resolve("a").relativize(text)).hasToString("../text");
        assertThat(text.endsWith("text")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = Subject.class, names = "LINUX", mode = EnumSource.Mode.EXCLUDE)
    @SuppressWarnings("StreamResourceLeak") // closed too early on purpose
    void whatWasOpenEnds(Subject subject) throws IOException {
        Path tree = subject.make();
        FileChannel channel = FileChannel.open(tree.resolve("data"));
        SeekableByteChannel bytes = Files.newByteChannel(tree.resolve("data"));
        InputStream stream = Files.newInputStream(tree.resolve("data"));
        DirectoryStream<Path> entries = Files.newDirectoryStream(tree);
        assertThat(stream.read()).isZero();
        tree.getFileSystem().close();
        assertThat(channel.isOpen()).isFalse();
        assertThat(bytes.isOpen()).isFalse();
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> bytes.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
        assertThatThrownBy(entries::iterator).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closedFileSystemsHaveNoUris(@TempDir Path folder) throws IOException {
        try (WorkTree tree = WorkTree.ofFixture(folder)) {
            URI uri = tree.at("text").toUri();
            assertThat(FileSystems.getFileSystem(uri)).isSameAs(tree.fileSystem());
            tree.fileSystem().close();
            assertThatThrownBy(() -> FileSystems.getFileSystem(uri)).isInstanceOf(FileSystemNotFoundException.class);
            assertThatThrownBy(() -> Path.of(uri)).isInstanceOf(FileSystemNotFoundException.class);
        }
    }

    @Test
    void theViewOutlivesItsFileSystem(@TempDir Path folder) throws IOException {
        try (WorkTree tree = WorkTree.ofFixture(folder)) {
            FileSystem first = tree.fileSystem();
            first.close();
            assertThat(tree.view().readAllBytes("text")).hasSize(8);
            assertThat(Files.size(tree.at("text"))).isEqualTo(8);
            assertThat(tree.fileSystem()).isNotSameAs(first);
        }
    }

    @Test
    void theFileSystemEndsWithItsView(@TempDir Path folder) throws IOException {
        try (WorkTree tree = WorkTree.ofFixture(folder)) {
            FileSystem fileSystem = tree.fileSystem();
            FileChannel channel = FileChannel.open(tree.at("text"));
            VeloView view = tree.view();
            view.close();
            assertThat(fileSystem.isOpen()).isFalse();
            assertThat(channel.isOpen()).isFalse();
            URI uri = URI.create(fileSystem + "text");
            assertThatThrownBy(() -> Path.of(uri)).isInstanceOf(FileSystemNotFoundException.class);
        }
    }

    @Test
    void whoeverReadsDuringTheCloseIsToldSo(@TempDir Path folder) throws Exception {
        try (WorkTree tree = WorkTree.ofFixture(folder)) {
            Map<String, ?> environment = Map.of("store", tree.storePath());
            for (int round = 0; round < 60; round++) {
                FileSystem shared = FileSystems.newFileSystem(tree.manifest(), environment);
                List<Reader> readers = List.of(new Reader(shared), new Reader(shared), new Reader(shared));
                readers.forEach(Thread::start);
                Thread.sleep(1);
                shared.close();
                for (Reader reader : readers) {
                    reader.join(20_000);
                    assertThat(reader.end)
                            .isInstanceOfAny(
                                    ClosedFileSystemException.class,
                                    ClosedChannelException.class,
                                    ClosedDirectoryStreamException.class);
                }
            }
        }
    }

    /** Uses a file system until that fails. */
    private static final class Reader extends Thread {
        private final Path root;
        private volatile Throwable end = new AssertionError("still reading");

        Reader(FileSystem fileSystem) {
            this.root = fileSystem.getPath("/");
        }

        @Override
        public void run() {
            try {
                while (true) {
                    Files.readAllBytes(root.resolve("data"));
                    Files.readAttributes(root.resolve("through/deep/leaf"), "unix:*");
                    Files.getAttribute(root.resolve("text"), "user:note");
                    assertThat(root.resolve("to-dir/up").toRealPath()).hasToString("/text");
                    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
                        entries.forEach(Files::exists);
                    }
                }
            } catch (IOException | RuntimeException e) {
                end = e;
            }
        }
    }
}
