package dev.velo.core.store;

import dev.velo.core.format.CompactManifestFormat;
import dev.velo.core.format.CompactManifestReader;
import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestFormat;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The store's own copies of registered manifests, {@code roots/DIGEST.velo}. Only this and {@link ManifestCopy} know that they are
 * manifests or compact ones; a copy is named after the digest of the manifest in any case.
 */
public final class ManifestCopies {
    static final String SUFFIX = ".velo";

    private static final int MAX_BUFFER = 1 << 30;

    private final Store store;
    private final int directory;

    /** For a store that stays open as long as this is used. */
    public ManifestCopies(Store store) {
        this.store = store;
        this.directory = store.fd(Store.Room.ROOTS);
    }

    static byte[] name(Digest tree) {
        return PathBytes.of(tree + SUFFIX);
    }

    /** Begins a copy, whose maker closes it. */
    public ManifestCopy begin(SyncPolicy sync) throws ErrnoException {
        return new ManifestCopy(store, sync);
    }

    /** Whether the store has a copy of this manifest. */
    boolean has(Digest tree) throws ErrnoException {
        return Existence.of(directory, name(tree), 0);
    }

    /** The manifest of this digest. */
    public Manifest read(Digest tree) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return ManifestReader.read(shown(name(tree)), bytes(arena, name(tree)));
        }
    }

    /**
     * Reads the copy of this name, and compares the name with what is in it.
     *
     * @return the digest of the manifest
     * @throws FormatException if anything is wrong with it
     */
    public Digest verify(byte[] name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = bytes(arena, name);
            ManifestReader.read(shown(name), bytes);
            Digest found = digest(bytes);
            if (!PathBytes.show(name).equals(found + SUFFIX)) {
                throw new FormatException(shown(name), 0, Reason.WRONG_CONTENT, "SHA-256 of the manifest");
            }
            return found;
        }
    }

    /**
     * The bytes of the manifest of this digest, in memory of this arena.
     *
     * @throws FormatException if they are not
     */
    MemorySegment verified(Arena arena, Digest tree) throws IOException {
        MemorySegment bytes = bytes(arena, name(tree));
        if (!digest(bytes).equals(tree)) {
            throw new FormatException(shown(name(tree)), 0, Reason.WRONG_CONTENT, "SHA-256 of the manifest");
        }
        return bytes;
    }

    /** The digest of the manifest with these bytes. */
    public static Digest digest(MemorySegment bytes) {
        MessageDigest sha = Hashing.sha256();
        for (long at = 0; at < bytes.byteSize(); at += MAX_BUFFER) {
            sha.update(bytes.asSlice(at, Math.min(MAX_BUFFER, bytes.byteSize() - at))
                    .asByteBuffer());
        }
        return Digest.of(sha.digest(), 0);
    }

    /** Those of the manifest, whichever form the copy has. */
    private MemorySegment bytes(Arena arena, byte[] name) throws IOException {
        byte[] path = PathBytes.join(store.path(Store.Room.ROOTS), name);
        String shown = PathBytes.show(path);
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
        try (Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            MemorySegment bytes = FileBytes.read(arena, file.fd(), shown, ManifestReader.MAX_BYTES);
            return CompactManifestFormat.isMagic(bytes) ? CompactManifestReader.expand(shown, bytes, arena) : bytes;
        }
    }

    private String shown(byte[] name) {
        return PathBytes.show(PathBytes.join(store.path(Store.Room.ROOTS), name));
    }

    /**
     * The digests of this many blobs, by number, in the copy of a manifest that has just as many; null if there is none. Only the
     * digests are read, and not checked.
     */
    byte @Nullable [] digests(Digest tree, int blobs) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;
        try (Arena arena = Arena.ofConfined();
                Descriptor file = new Descriptor(FileCalls.openat(directory, name(tree), flags, 0))) {
            long offset = digestsAt(arena, file.fd(), blobs);
            long length = (long) blobs * Digest.BYTES;
            Statx stat = new Statx();
            FileCalls.fstatx(file.fd(), stat);
            if (offset < 0 || stat.size() < offset + length) {
                return null;
            }
            MemorySegment bytes = arena.allocate(Math.max(1, length));
            long read = FileBytes.readFully(file.fd(), bytes.address(), length, offset);
            return read == length ? bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE) : null;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP || store.isWithheld(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Where the digests begin; -1 in a file that has not just as many. */
    private static long digestsAt(Arena arena, int fd, int blobs) throws IOException {
        MemorySegment header = arena.allocate(CompactManifestFormat.HEADER);
        long got = FileBytes.readFully(fd, header.address(), header.byteSize(), 0);
        if (got < header.byteSize()) {
            // even the smallest manifest is longer
            return -1;
        }
        return CompactManifestFormat.isMagic(header)
                ? CompactManifestFormat.digests(header, blobs)
                : ManifestFormat.digests(header, blobs);
    }
}
