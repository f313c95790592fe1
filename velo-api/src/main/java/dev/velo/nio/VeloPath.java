package dev.velo.nio;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A path in a view: bytes without doubled and trailing slashes. Relative paths begin at the root. Immutable. */
final class VeloPath implements Path {
    private static final byte SLASH = '/';

    private final VeloFileSystem fileSystem;
    private final byte[] path;
    private volatile int @Nullable [] starts;
    private @Nullable String text;

    private VeloPath(VeloFileSystem fileSystem, byte[] path) {
        this.fileSystem = fileSystem;
        this.path = path;
    }

    /** The path of these bytes, which are shared if they are clean. */
    static VeloPath of(VeloFileSystem fileSystem, byte[] bytes) {
        return new VeloPath(fileSystem, isClean(bytes) ? bytes : clean(bytes));
    }

    static VeloPath of(Path path) {
        if (Objects.requireNonNull(path, "path") instanceof VeloPath own) {
            return own;
        }
        throw new ProviderMismatchException();
    }

    /** A path of the same file system: one of another view would silently name something else here. */
    private VeloPath sibling(Path other) {
        VeloPath that = of(other);
        if (that.fileSystem != fileSystem) {
            throw new ProviderMismatchException(that + " is a path of " + that.fileSystem + ", not of " + fileSystem);
        }
        return that;
    }

    private static boolean isClean(byte[] bytes) {
        if (bytes.length > 1 && bytes[bytes.length - 1] == SLASH) {
            return false;
        }
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] == SLASH && bytes[i - 1] == SLASH) {
                return false;
            }
        }
        return true;
    }

    private static byte[] clean(byte[] bytes) {
        byte[] clean = new byte[bytes.length];
        int length = 0;
        for (byte b : bytes) {
            if (b != SLASH || length == 0 || clean[length - 1] != SLASH) {
                clean[length++] = b;
            }
        }
        boolean trailing = length > 1 && clean[length - 1] == SLASH;
        return Arrays.copyOf(clean, trailing ? length - 1 : length);
    }

    /** The bytes of the path; not to be changed. */
    byte[] bytes() {
        return path;
    }

    /** The bytes by which the view finds what the path names: the empty path is the root, where relative paths begin. */
    byte[] lookupBytes() {
        return path.length == 0 ? PathBytes.of("/") : path;
    }

    private boolean isEmpty() {
        return path.length == 0;
    }

    /** Where each name starts; an empty path has one empty name, the root none. */
    private int[] starts() {
        int[] known = starts;
        if (known == null) {
            known = findStarts();
            starts = known;
        }
        return known;
    }

    private int[] findStarts() {
        if (isEmpty()) {
            return new int[] {0};
        }
        int[] found = new int[path.length];
        int count = 0;
        for (int i = 0; i < path.length; i++) {
            if (path[i] != SLASH && (i == 0 || path[i - 1] == SLASH)) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private int end(int index) {
        int[] all = starts();
        return index + 1 < all.length ? all[index + 1] - 1 : path.length;
    }

    private byte[] nameBytes(int index) {
        return Arrays.copyOfRange(path, starts()[index], end(index));
    }

    private VeloPath with(byte[] bytes) {
        return new VeloPath(fileSystem, bytes);
    }

    @Override
    public VeloFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return PathBytes.isAbsolute(path);
    }

    @Override
    public @Nullable VeloPath getRoot() {
        return isAbsolute() ? fileSystem.root() : null;
    }

    @Override
    public @Nullable VeloPath getFileName() {
        int count = getNameCount();
        return count == 0 ? null : count == 1 && !isAbsolute() ? this : with(nameBytes(count - 1));
    }

    @Override
    public @Nullable VeloPath getParent() {
        int count = getNameCount();
        if (count == 0) {
            return null;
        }
        if (count == 1) {
            return getRoot();
        }
        return with(Arrays.copyOf(path, starts()[count - 1] - 1));
    }

    @Override
    public int getNameCount() {
        return starts().length;
    }

    @Override
    public VeloPath getName(int index) {
        if (index < 0 || index >= getNameCount()) {
            throw new IllegalArgumentException("there is no name " + index + " in " + this);
        }
        return with(nameBytes(index));
    }

    @Override
    public VeloPath subpath(int begin, int end) {
        if (begin < 0 || end > getNameCount() || begin >= end) {
            throw new IllegalArgumentException("there are no names " + begin + " to " + end + " in " + this);
        }
        return with(Arrays.copyOfRange(path, starts()[begin], end(end - 1)));
    }

    @Override
    public boolean startsWith(Path other) {
        if (!(Objects.requireNonNull(other) instanceof VeloPath that)
                || that.fileSystem != fileSystem
                || that.isAbsolute() != isAbsolute()
                || that.isEmpty() != isEmpty()) {
            return false;
        }
        int count = that.getNameCount();
        return count <= getNameCount() && hasNames(0, that, count);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(Objects.requireNonNull(other) instanceof VeloPath that)
                || that.fileSystem != fileSystem
                || that.isEmpty() != isEmpty()) {
            return false;
        }
        int count = that.getNameCount();
        if (that.isAbsolute()) {
            return equals(that);
        }
        return count <= getNameCount() && hasNames(getNameCount() - count, that, count);
    }

    private boolean hasNames(int from, VeloPath that, int count) {
        for (int i = 0; i < count; i++) {
            if (!Arrays.equals(nameBytes(from + i), that.nameBytes(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public VeloPath normalize() {
        return PathForms.isPlain(path) ? this : with(PathForms.normalize(path));
    }

    @Override
    public VeloPath resolve(Path other) {
        VeloPath that = sibling(other);
        if (that.isAbsolute() || isEmpty()) {
            return that;
        }
        return that.isEmpty() ? this : with(PathBytes.join(path, that.path));
    }

    @Override
    public VeloPath resolve(String other) {
        return resolve(fileSystem.parse(other));
    }

    @Override
    public Path resolveSibling(String other) {
        return resolveSibling(fileSystem.parse(other));
    }

    @Override
    public boolean startsWith(String other) {
        return startsWith(fileSystem.parse(other));
    }

    @Override
    public boolean endsWith(String other) {
        return endsWith(fileSystem.parse(other));
    }

    /** The entry of this name in this directory. */
    VeloPath child(byte[] name) {
        return isEmpty() ? with(name) : with(PathBytes.join(path, name));
    }

    @Override
    public VeloPath relativize(Path other) {
        VeloPath that = sibling(other);
        if (that.isAbsolute() != isAbsolute()) {
            throw new IllegalArgumentException("one of " + this + " and " + that + " is absolute, the other is not");
        }
        if (isEmpty() || that.equals(this)) {
            return isEmpty() ? that : with(new byte[0]);
        }
        return with(PathForms.relative(path, that.path));
    }

    @Override
    public URI toUri() {
        return VeloUri.of(this);
    }

    @Override
    public VeloPath toAbsolutePath() {
        return isAbsolute() ? this : with(PathBytes.join(PathBytes.of("/"), path));
    }

    @Override
    public VeloPath toRealPath(LinkOption... options) throws IOException {
        return with(fileSystem.ask(view -> new RealPath(view).of(this, options)));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        Objects.requireNonNull(watcher);
        throw new ProviderMismatchException();
    }

    @Override
    public Iterator<Path> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < getNameCount();
            }

            @Override
            public Path next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return getName(next++);
            }
        };
    }

    @Override
    public int compareTo(Path other) {
        VeloPath that = (VeloPath) other;
        int order = Arrays.compareUnsigned(path, that.path);
        return order != 0 ? order : Integer.compare(fileSystem.number(), that.fileSystem.number());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VeloPath that && that.fileSystem == fileSystem && Arrays.equals(path, that.path);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(path);
    }

    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = NameCodec.decode(path);
            text = known;
        }
        return known;
    }
}
