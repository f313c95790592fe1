package dev.velo.nio;

import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Following;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The provider of {@code velo:} file systems, whose URIs and environment the package describes; the JDK makes one of its own. Whatever
 * would write fails with {@link ReadOnlyFileSystemException}, and what is asked of a closed file system with
 * {@link java.nio.file.ClosedFileSystemException}. For any number of threads.
 */
public final class VeloFileSystemProvider extends FileSystemProvider {
    private static final int ANY_EXECUTE = 0111;
    private static final byte DOT = '.';

    /** For the service loader; programs reach the provider through {@link java.nio.file.FileSystems}. */
    public VeloFileSystemProvider() {}

    /** The one that the JDK has made, or one for where it cannot see this class. */
    static VeloFileSystemProvider instance() {
        for (FileSystemProvider installed : installedProviders()) {
            if (installed instanceof VeloFileSystemProvider own) {
                return own;
            }
        }
        return Own.PROVIDER;
    }

    /** Made only where it is needed. */
    private static final class Own {
        static final VeloFileSystemProvider PROVIDER = new VeloFileSystemProvider();
    }

    @Override
    public String getScheme() {
        return VeloUri.SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
        return new FileSystemOpening(this, VeloUri.manifest(uri), environment).openNamed();
    }

    /** The tree of a manifest file; several such file systems may be open at once, as the JDK asks. */
    @Override
    public FileSystem newFileSystem(Path manifest, Map<String, ?> environment) throws IOException {
        FileSystemOpening opening = new FileSystemOpening(this, manifest, environment);
        opening.requireManifest();
        return opening.openUnnamed();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return OpenFileSystems.require(VeloUri.parse(uri).key());
    }

    @Override
    public Path getPath(URI uri) {
        VeloUri parsed = VeloUri.parse(uri);
        return parsed.pathIn(OpenFileSystems.require(parsed.key()));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        VeloPath own = VeloPath.of(path);
        VeloFileSystem fileSystem = own.getFileSystem();
        fileSystem.view();
        return fileSystem.open(own, ReadOptions.check(options));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        VeloPath own = VeloPath.of(directory);
        return own.getFileSystem().list(own, Objects.requireNonNull(filter, "filter"));
    }

    @Override
    public boolean exists(Path path, LinkOption... options) {
        VeloPath own = VeloPath.of(path);
        try {
            return own.getFileSystem().attributesIfFound(own, options) != null;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        VeloPath own = VeloPath.of(path);
        requireType(type);
        return type.cast(own.getFileSystem().attributes(own, options));
    }

    @Override
    public <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
            Path path, Class<A> type, LinkOption... options) throws IOException {
        VeloPath own = VeloPath.of(path);
        requireType(type);
        return type.cast(own.getFileSystem().attributesIfFound(own, options));
    }

    private static void requireType(Class<?> type) {
        if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
            throw new UnsupportedOperationException("no attributes of " + Objects.requireNonNull(type, "type"));
        }
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        VeloPath own = VeloPath.of(path);
        if (AttributeNames.view(attributes).equals("user")) {
            return new ExtendedAttributes(own, options).values(attributes);
        }
        return AttributeNames.values(attributes, own.getFileSystem().attributes(own, options));
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        VeloPath own = VeloPath.of(path);
        own.getFileSystem().view();
        return type.cast(VeloAttributeView.of(Objects.requireNonNull(type, "type"), own, options));
    }

    /** Reading is always allowed: who may open the store may read all that is in it. */
    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        VeloPath own = VeloPath.of(path);
        VeloAttributes attributes = own.getFileSystem().attributes(own);
        for (AccessMode mode : modes) {
            if (mode == AccessMode.WRITE) {
                throw new AccessDeniedException(path.toString(), null, "Read-only file system");
            }
            if (mode == AccessMode.EXECUTE && (attributes.permissionBits() & ANY_EXECUTE) == 0) {
                throw new AccessDeniedException(path.toString(), null, "Permission denied");
            }
        }
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        VeloPath own = VeloPath.of(link);
        VeloFileSystem fileSystem = own.getFileSystem();
        return VeloPath.of(fileSystem, fileSystem.ask(view -> Nodes.requireTarget(view, own.lookupBytes())));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        VeloPath own = VeloPath.of(path);
        if (own.equals(Objects.requireNonNull(other, "other"))) {
            return true;
        }
        int node = own.getFileSystem().node(own, Following.ALL);
        return other instanceof VeloPath that
                && that.getFileSystem() == own.getFileSystem()
                && that.getFileSystem().node(that, Following.ALL) == node;
    }

    @Override
    public boolean isHidden(Path path) {
        VeloPath name = VeloPath.of(path).getFileName();
        return name != null && PathBytes.startsWith(name.bytes(), new byte[] {DOT});
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        VeloPath own = VeloPath.of(path);
        own.getFileSystem().node(own, Following.ALL);
        return own.getFileSystem().fileStore();
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) {
        throw refusal(directory);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) {
        throw refusal(link);
    }

    @Override
    public void createLink(Path link, Path existing) {
        throw refusal(link);
    }

    @Override
    public void delete(Path path) {
        throw refusal(path);
    }

    @Override
    public boolean deleteIfExists(Path path) {
        throw refusal(path);
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw refusal(source, target);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw refusal(source, target);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw refusal(path);
    }

    private static ReadOnlyFileSystemException refusal(Path... paths) {
        for (Path path : paths) {
            VeloPath.of(path).getFileSystem().view();
        }
        return new ReadOnlyFileSystemException();
    }
}
