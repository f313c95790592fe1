package dev.velo.nio;

import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Following;
import dev.velo.core.view.View;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A view as a read-only file system. Closing it closes the view, unless that is somebody else's. */
public final class VeloFileSystem extends FileSystem {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final VeloFileSystemProvider provider;
    private final View view;
    private final int number;
    private final FileSystemKey key;
    private final Ownership ownership;
    private final VeloPath root;
    private final VeloFileStore store;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final OpenResources resources = new OpenResources();

    /** Who closes the view. */
    private enum Ownership {
        OWNED,
        BORROWED
    }

    private VeloFileSystem(
            VeloFileSystemProvider provider, View view, int number, FileSystemKey key, Ownership ownership) {
        this.provider = provider;
        this.view = view;
        this.number = number;
        this.key = key;
        this.ownership = ownership;
        this.root = VeloPath.of(this, PathBytes.of("/"));
        this.store = new VeloFileStore(view.image().tree().toString());
    }

    int number() {
        return number;
    }

    /** The file system of a view that somebody else closes, found by URIs until it is closed itself. */
    public static VeloFileSystem ofView(View view) {
        int number = NUMBERS.incrementAndGet();
        FileSystemKey key = FileSystemKey.ofView(number);
        return registered(new VeloFileSystem(VeloFileSystemProvider.instance(), view, number, key, Ownership.BORROWED));
    }

    /** The file system that has a view for itself; without a key it gets one. */
    static VeloFileSystem owning(VeloFileSystemProvider provider, View view, @Nullable FileSystemKey key) {
        int number = NUMBERS.incrementAndGet();
        FileSystemKey named = key == null ? FileSystemKey.ofView(number) : key;
        return registered(new VeloFileSystem(provider, view, number, named, Ownership.OWNED));
    }

    private static VeloFileSystem registered(VeloFileSystem made) {
        try {
            OpenFileSystems.add(made);
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    FileSystemKey key() {
        return key;
    }

    VeloPath root() {
        return root;
    }

    /** The view, if it may still be used. */
    View view() {
        if (!isOpen()) {
            throw new ClosedFileSystemException();
        }
        return view;
    }

    /** What whoever wants to write is told. */
    ReadOnlyFileSystemException refusal() {
        view();
        return new ReadOnlyFileSystemException();
    }

    /** What is asked of the view. */
    @FunctionalInterface
    interface Question<T> {
        T of(View view) throws IOException;
    }

    /** An answer of the view, which another thread may close at any moment. */
    <T> T ask(Question<T> question) throws IOException {
        View open = view();
        try {
            return question.of(open);
        } catch (IllegalStateException e) {
            if (isOpen() || e instanceof ClosedFileSystemException) {
                throw e;
            }
            ClosedFileSystemException closing = new ClosedFileSystemException();
            closing.initCause(e);
            throw closing;
        }
    }

    int node(VeloPath path, Following last) throws IOException {
        return ask(open -> Nodes.require(open, path.lookupBytes(), last));
    }

    /** The attributes of what is there, or null. */
    @Nullable
    VeloAttributes attributesIfFound(VeloPath path, LinkOption... options) throws IOException {
        byte[] bytes = path.lookupBytes();
        boolean follow = Nodes.following(options) == Following.ALL;
        int node = ask(open -> follow ? open.find(bytes) : open.findLink(bytes));
        return node == View.NONE ? null : ask(open -> VeloAttributes.of(open, node, number));
    }

    VeloAttributes attributes(VeloPath path, LinkOption... options) throws IOException {
        return ask(open -> {
            int node = Nodes.require(open, path.lookupBytes(), Nodes.following(options));
            return VeloAttributes.of(open, node, number);
        });
    }

    /** Opens a regular file; the channel ends with the file system. */
    ViewChannel open(VeloPath path, Following last) throws IOException {
        return ask(open -> {
            byte[] bytes = path.lookupBytes();
            int node = Nodes.checkFile(open, Nodes.require(open, bytes, last), bytes);
            open.requireRight(node);
            return resources.add(new ViewChannel(open, node, resources));
        });
    }

    /** Lists a directory; the stream ends with the file system. */
    DirectoryStream<Path> list(VeloPath directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
        return ask(open -> {
            int node = Nodes.requireDirectory(open, directory.lookupBytes());
            return resources.add(new ViewDirectoryStream(directory, open.list(node), filter, resources));
        });
    }

    @Override
    public VeloFileSystemProvider provider() {
        return provider;
    }

    @Override
    public boolean isOpen() {
        return !closed.get() && !view.isClosed();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            OpenFileSystems.remove(this);
            resources.close();
            if (ownership == Ownership.OWNED) {
                view.close();
            }
        }
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        view();
        return List.of(root);
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        view();
        return List.of(store);
    }

    FileStore fileStore() {
        return store;
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        view();
        return AttributeNames.views();
    }

    @Override
    public VeloPath getPath(String first, String... more) {
        view();
        return parse(first, more);
    }

    /** A path, of a closed file system too: what is only written needs none. */
    VeloPath parse(String first, String... more) {
        StringBuilder path = new StringBuilder(first);
        for (String name : more) {
            if (!name.isEmpty()) {
                path.append(path.isEmpty() ? "" : "/").append(name);
            }
        }
        return VeloPath.of(this, NameCodec.encode(path.toString()));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        view();
        int colon = syntaxAndPattern.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("a pattern is written glob:PATTERN or regex:PATTERN");
        }
        String pattern = syntaxAndPattern.substring(colon + 1);
        Pattern compiled = switch (syntaxAndPattern.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "glob" -> Glob.compile(pattern);
            case "regex" -> Pattern.compile(pattern);
            default -> throw new UnsupportedOperationException("no patterns of syntax " + syntaxAndPattern);
        };
        return path -> compiled.matcher(path.toString()).matches();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        view();
        return new Principals.Lookup();
    }

    @Override
    public WatchService newWatchService() {
        view();
        throw new UnsupportedOperationException("nothing in a view ever changes");
    }

    @Override
    public String toString() {
        return key.uriPrefix() + "/";
    }
}
