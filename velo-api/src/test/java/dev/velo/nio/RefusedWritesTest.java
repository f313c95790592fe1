package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a view is changed, nor its paths used for those of others. */
final class RefusedWritesTest {
    private static final Path TEXT = Subject.VELO.at("text");
    private static final Path MISSING = Subject.VELO.at("missing");
    private static final Path FOLDER = Subject.VELO.at("dir");
    private static final FileTime NOW = FileTime.from(Instant.EPOCH);

    private static void refused(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOf(ReadOnlyFileSystemException.class);
    }

    @Test
    void whatWritesFilesIsRefused() {
        for (StandardOpenOption option :
                EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND, StandardOpenOption.DELETE_ON_CLOSE)) {
            refused(() -> Files.newByteChannel(TEXT, option));
            refused(() -> Files.newByteChannel(MISSING, StandardOpenOption.CREATE, option));
        }
        refused(() -> Files.newByteChannel(TEXT, StandardOpenOption.READ, StandardOpenOption.WRITE));
        refused(() -> Files.newOutputStream(TEXT));
        refused(() -> Files.writeString(MISSING, "x"));
        refused(() -> Files.createFile(MISSING));
        refused(() -> Files.createTempFile(FOLDER, "a", "b"));
    }

    @Test
    void whatChangesDirectoriesIsRefused() {
        refused(() -> Files.createDirectory(MISSING));
        refused(() -> Files.createDirectories(MISSING.resolve("below")));
        refused(() -> Files.createSymbolicLink(MISSING, TEXT));
        refused(() -> Files.createLink(MISSING, TEXT));
        refused(() -> Files.delete(TEXT));
        refused(() -> Files.deleteIfExists(TEXT));
        refused(() -> Files.delete(FOLDER));
        refused(() -> Files.copy(TEXT, MISSING));
        refused(() -> Files.copy(TEXT, Subject.VELO.at("data"), StandardCopyOption.REPLACE_EXISTING));
        refused(() -> Files.move(TEXT, MISSING));
    }

    @Test
    void whatChangesAttributesIsRefused() {
        refused(() -> Files.setLastModifiedTime(TEXT, NOW));
        refused(() -> Files.setAttribute(TEXT, "unix:mode", 0777));
        refused(() -> Files.setPosixFilePermissions(TEXT, Set.of()));
        refused(() -> Files.setOwner(TEXT, Files.getOwner(TEXT)));
        PosixFileAttributeView posix = Files.getFileAttributeView(TEXT, PosixFileAttributeView.class);
        refused(() -> posix.setTimes(NOW, null, null));
        refused(() -> posix.setPermissions(PosixFilePermissions.fromString("rwxrwxrwx")));
        refused(() -> posix.setGroup(posix.readAttributes().group()));
        UserDefinedFileAttributeView user = Files.getFileAttributeView(TEXT, UserDefinedFileAttributeView.class);
        refused(() -> user.write("new", ByteBuffer.allocate(1)));
        refused(() -> user.delete("note"));
    }

    @Test
    void nothingCanBeWritten() throws IOException {
        assertThat(TEXT.getFileSystem().isReadOnly()).isTrue();
        assertThat(Files.getFileStore(TEXT).isReadOnly()).isTrue();
        assertThat(Files.isWritable(TEXT)).isFalse();
        assertThatThrownBy(() -> TEXT.getFileSystem().provider().checkAccess(TEXT, AccessMode.READ, AccessMode.WRITE))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void whatComesFromOthersIsRefused(@TempDir Path elsewhere) throws IOException {
        Path source = Files.writeString(elsewhere.resolve("source"), "x");
        refused(() -> Files.copy(source, MISSING));
        refused(() -> Files.move(source, MISSING));
        assertThat(source).exists();
    }

    @Test
    void viewsAreNotWatched() {
        assertThatThrownBy(() -> TEXT.getFileSystem().newWatchService())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> TEXT.register(FileSystems.getDefault().newWatchService()))
                .isInstanceOf(ProviderMismatchException.class);
    }

    @Test
    void pathsOfOtherProvidersAreRefused() {
        FileSystemProvider provider = TEXT.getFileSystem().provider();
        Path other = Path.of("other");
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> provider.newByteChannel(other, Set.of()),
                () -> provider.newDirectoryStream(other, path -> true),
                () -> provider.readAttributes(other, "*"),
                () -> provider.exists(other),
                () -> provider.readSymbolicLink(other),
                () -> provider.isSameFile(other, TEXT),
                () -> provider.isHidden(other),
                () -> provider.getFileStore(other),
                () -> provider.checkAccess(other),
                () -> provider.createDirectory(other),
                () -> provider.delete(other),
                () -> provider.copy(other, TEXT),
                () -> provider.move(TEXT, other))) {
            assertThatThrownBy(use).isInstanceOf(ProviderMismatchException.class);
        }
    }

    @Test
    void pathsOfOtherViewsAreRefused(@TempDir Path folder) throws IOException {
        try (WorkTree other = WorkTree.ofFixture(folder)) {
            assertThatThrownBy(() -> FOLDER.resolve(other.at("text"))).isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> FOLDER.relativize(other.at("dir/sub")))
                    .isInstanceOf(ProviderMismatchException.class);
            assertThat(TEXT).isNotEqualTo(other.at("text")).isNotEqualByComparingTo(other.at("text"));
            assertThat(TEXT.startsWith(other.at(""))).isFalse();
            assertThat(Files.isSameFile(TEXT, other.at("text"))).isFalse();
            assertThat(Files.getAttribute(TEXT, "fileKey"))
                    .isNotEqualTo(Files.getAttribute(other.at("text"), "fileKey"));
        }
    }
}
