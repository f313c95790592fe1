package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registered manifests of a store. A root has a file named after the manifest's path, and beside it stands a copy of the
 * manifest named after its digest, so that a tree stays whole though somebody removes the manifest file.
 */
public final class Roots {
    static final String ROOT_SUFFIX = ".root";
    private static final int NAME_BYTES = 16;
    private static final int ROOT_LIMIT = 1 << 16;

    private final Store store;
    private final int directory;
    private final ManifestCopies copies;

    public Roots(Store store) {
        this.store = store;
        this.copies = new ManifestCopies(store);
        this.directory = store.fd(Store.Room.ROOTS);
    }

    /** Registers a manifest, in place of what its path was registered for before. */
    public void register(Root root, SyncPolicy sync) throws ErrnoException {
        try (PublishedFile file = PublishedFile.create(directory, Settling.rootMode(sync));
                Arena arena = Arena.ofConfined()) {
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, root.encode()));
            if (sync != SyncPolicy.NONE) {
                FileCalls.fsync(file.fd());
            }
            file.publishOver(PathBytes.of(name(root.manifestPath())));
            if (sync != SyncPolicy.NONE) {
                FileCalls.fsync(directory);
            }
        }
    }

    /**
     * Takes back what {@link #register} did, durably; the store's copy of the manifest stays until the next collection. Returns whether
     * the root was there: another process may have removed it, or this is a second try.
     */
    public boolean remove(byte[] manifestPath) throws ErrnoException {
        boolean found = true;
        try {
            LinkCalls.unlinkat(directory, PathBytes.of(name(manifestPath)), 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            found = false;
        }
        FileCalls.fsync(directory);
        return found;
    }

    /** Whether nothing is any more where the manifest's file was. What this user may not see counts as there. */
    public static boolean isStale(Root root) throws ErrnoException {
        try {
            return !Existence.of(FileCalls.AT_FDCWD, root.manifestPath(), FileCalls.AT_SYMLINK_NOFOLLOW);
        } catch (ErrnoException e) {
            return switch (e.errno()) {
                case ENOTDIR -> true;
                case EACCES -> false;
                default -> throw e;
            };
        }
    }

    /** The root of this path, whatever became of the file there; null if there is none. */
    public @Nullable Root at(byte[] manifestPath) throws IOException {
        return read(PathBytes.of(name(manifestPath)));
    }

    /** When this root was registered; null if it is not any more. */
    public @Nullable Instant registered(Root root) throws ErrnoException {
        return modified(PathBytes.of(name(root.manifestPath())));
    }

    /**
     * Notes that a registered tree is shown now, as the modification time of the store's copy of its manifest. A hint: where it cannot be
     * noted, because the tree is not registered or the store is not this user's to change, nothing is said.
     */
    public void noteUse(Digest tree) {
        if (store.isReadOnly()) {
            return;
        }
        Instant now = Instant.now();
        try {
            AttributeCalls.utimensat(
                    directory, CString.first(ManifestCopies.name(tree)), now.getEpochSecond(), now.getNano(), 0);
        } catch (ErrnoException e) {
            // nobody relies on it
        }
    }

    /** When the tree of this root was last {@linkplain #noteUse shown}; null if it was not since this root was registered. */
    public @Nullable Instant lastUse(Root root) throws ErrnoException {
        Instant registered = registered(root);
        Instant used = modified(ManifestCopies.name(root.tree()));
        return registered == null || used == null || !used.isAfter(registered) ? null : used;
    }

    private @Nullable Instant modified(byte[] name) throws ErrnoException {
        Statx stat = new Statx();
        try {
            FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
            return Instant.ofEpochSecond(stat.modificationSeconds(), stat.modificationNanos());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || store.isWithheld(e)) {
                return null;
            }
            throw e;
        }
    }

    /** The root that this manifest file was registered as, if it is still the very file; null otherwise. */
    public @Nullable Root find(byte[] manifestPath) throws IOException {
        Root root = read(PathBytes.of(name(manifestPath)));
        if (root == null) {
            return null;
        }
        Statx stat = new Statx();
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, manifestPath, 0, stat);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
        return FileIdentity.of(stat).equals(root.identity()) ? root : null;
    }

    /** Whether the root of this path {@linkplain Settling was waited for}. */
    public boolean isSettled(byte[] manifestPath) throws ErrnoException {
        return Settling.isSettled(directory, PathBytes.of(name(manifestPath)));
    }

    /** Whether the store has its copy of this manifest. */
    public boolean keeps(Digest tree) throws ErrnoException {
        return copies.has(tree);
    }

    /**
     * Every root, in no particular order.
     *
     * @throws FormatException if one of them is damaged
     */
    public List<Root> all() throws IOException {
        List<FormatException> damaged = new ArrayList<>();
        List<Root> roots = readable(damaged::add);
        if (!damaged.isEmpty()) {
            throw damaged.getFirst();
        }
        return roots;
    }

    /** Every root that can be read, in no particular order; what is wrong with each of the others is told. */
    public List<Root> readable(Consumer<FormatException> damaged) throws IOException {
        List<Root> roots = new ArrayList<>();
        for (byte[] name : DirectoryListing.names(directory)) {
            if (PathBytes.show(name).endsWith(ROOT_SUFFIX)) {
                try {
                    Root root = read(name);
                    if (root != null) {
                        roots.add(root);
                    }
                } catch (FormatException e) {
                    damaged.accept(e);
                }
            }
        }
        return roots;
    }

    /** The manifest that has this digest, from the store's own copy. */
    public Manifest manifest(Digest tree) throws IOException {
        return copies.read(tree);
    }

    /** The same, if the manifest was registered here. */
    public Optional<Manifest> keptManifest(Digest tree) throws IOException {
        try {
            return Optional.of(manifest(tree));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || store.isWithheld(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The manifest of a root: the store's own copy, or the file where there is none. */
    public Manifest manifest(Root root) throws IOException {
        Optional<Manifest> kept = keptManifest(root.tree());
        return kept.isPresent() ? kept.get() : Store.readManifest(root.manifestPath());
    }

    /** The digest of a manifest file: the name of its tree. */
    public static Digest digestOf(byte[] manifestPath) throws IOException {
        try (Descriptor file =
                new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, manifestPath, FileCalls.O_RDONLY, 0))) {
            return FileBytes.digest(file.fd());
        }
    }

    /**
     * The root whose file has this name; null if it has gone, or is closed to this user.
     *
     * @throws FormatException if it is damaged
     */
    public @Nullable Root read(byte[] name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = FileBytes.read(arena, directory, name, ROOT_LIMIT);
            String shown = PathBytes.show(PathBytes.join(store.path(Store.Room.ROOTS), name));
            return Root.decode(shown, bytes.toArray(ValueLayout.JAVA_BYTE));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || store.isWithheld(e)) {
                return null;
            }
            throw e;
        }
    }

    private static String name(byte[] manifestPath) {
        byte[] hash = Hashing.sha256().digest(manifestPath);
        return HexFormat.of().formatHex(hash, 0, NAME_BYTES) + ROOT_SUFFIX;
    }
}
