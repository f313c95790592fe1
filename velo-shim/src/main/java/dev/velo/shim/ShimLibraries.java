package dev.velo.shim;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.present.ShimFiles;
import dev.velo.core.present.ShimSource;
import dev.velo.core.present.UnavailableException;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Architecture;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.IdentityCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built libraries of the preload shim on their way into a room: {@code shim/DIGEST/} of a store, which appears whole and is never changed,
 * so that processes that have the libraries mapped are at rest whatever version of Velo comes next.
 */
public final class ShimLibraries implements ShimSource {
    /** Those that this build holds for the architecture of this process. */
    public static final ShimLibraries BUILT =
            new ShimLibraries(Architecture.current().resourceName());

    private static final byte[] LIBRARY = PathBytes.of("libvelo.so");
    private static final byte[] AUDIT = PathBytes.of("libvelo-audit.so");
    private static final byte[] EMPTY = PathBytes.of("empty");
    private static final int NAME_DIGITS = 16;

    /** For everybody, where the store is opened to them. */
    private static final int READABLE = 0555;

    /** Its owner can delete it by {@code rm -r}. */
    private static final int FOLDER = 0755;

    private static final int OTHERS_WRITE = 022;
    private static final int READ_AND_EXECUTE = 5;
    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    private final String architecture;

    ShimLibraries(String architecture) {
        this.architecture = architecture;
    }

    /** Whether this build has the libraries. */
    public boolean arePresent() {
        return ShimLibraries.class.getResource(resource("libvelo")) != null
                && ShimLibraries.class.getResource(resource("libvelo-audit")) != null;
    }

    @Override
    public ShimFiles in(Store.Place room) throws IOException {
        byte[] library = read("libvelo");
        byte[] audit = read("libvelo-audit");
        byte[] name = name(library, audit);
        if (!Existence.of(room.fd(), name, FileCalls.AT_SYMLINK_NOFOLLOW)) {
            publish(room.fd(), name, library, audit);
        }
        if (!Existence.of(room.fd(), EMPTY, FileCalls.AT_SYMLINK_NOFOLLOW)) {
            makeEmpty(room.fd());
        }
        return files(room, name);
    }

    @Override
    public @Nullable ShimFiles find(Store.Place room) throws IOException {
        ShimFiles files = files(room, name(read("libvelo"), read("libvelo-audit")));
        Statx stat = new Statx();
        try {
            for (byte[] path : List.of(PathBytes.parent(files.library()), files.library(), files.audit())) {
                FileCalls.statx(FileCalls.AT_FDCWD, path, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
                boolean isTrusted = stat.uid() == 0 || stat.uid() == IdentityCalls.geteuid();
                if (!isTrusted || (stat.mode() & OTHERS_WRITE) != 0) {
                    return null;
                }
                FileCalls.faccessat(FileCalls.AT_FDCWD, path, READ_AND_EXECUTE);
            }
            FileCalls.faccessat(FileCalls.AT_FDCWD, files.empty(), READ_AND_EXECUTE);
            return files;
        } catch (ErrnoException e) {
            return null; // missing, or not for everybody
        }
    }

    private static byte[] name(byte[] library, byte[] audit) {
        return PathBytes.of(digestOf(library, audit).toString().substring(0, NAME_DIGITS));
    }

    private static ShimFiles files(Store.Place room, byte[] name) {
        byte[] folder = PathBytes.join(room.path(), name);
        return new ShimFiles(
                PathBytes.join(folder, LIBRARY), PathBytes.join(folder, AUDIT), PathBytes.join(room.path(), EMPTY));
    }

    private byte[] read(String library) throws UnavailableException {
        try (InputStream in = ShimLibraries.class.getResourceAsStream(resource(library))) {
            if (in != null) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(resource(library), e);
        }
        throw new UnavailableException("this build of Velo has no preload shim for " + architecture
                + "; build it where a C compiler for that is installed");
    }

    private String resource(String library) {
        return library + "-" + architecture + ".so";
    }

    private static Digest digestOf(byte[] library, byte[] audit) {
        MessageDigest sha = Hashing.sha256();
        sha.update(library);
        sha.update(audit);
        return Digest.of(sha.digest(), 0);
    }

    /** Of many who publish at once one is first, and the others are content with that. */
    private static void publish(int room, byte[] name, byte[] library, byte[] audit) throws IOException {
        byte[] building = PublishedFile.newName();
        Folder.make(room, building, FOLDER);
        try {
            try (Descriptor folder = new Descriptor(FileCalls.openat(room, building, FLAGS, 0))) {
                AttributeCalls.fchmod(folder.fd(), FOLDER);
                write(folder.fd(), LIBRARY, library);
                write(folder.fd(), AUDIT, audit);
                // what a power loss would leave of it could not be told from the whole
                FileCalls.fsync(folder.fd());
            }
            LinkCalls.renameat2(room, building, room, name, LinkCalls.RENAME_NOREPLACE);
        } catch (ErrnoException e) {
            Trash.delete(room, building);
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    private static void write(int folder, byte[] name, byte[] bytes) throws ErrnoException {
        try (PublishedFile file = PublishedFile.create(folder, READABLE);
                Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
            file.accept(copy.asSlice(0, bytes.length));
            AttributeCalls.fchmod(file.fd(), READABLE);
            FileCalls.fdatasync(file.fd());
            file.publishNew(name);
        }
    }

    private static void makeEmpty(int room) throws ErrnoException {
        Folder.make(room, EMPTY, FOLDER);
        try (Descriptor made = new Descriptor(FileCalls.openat(room, EMPTY, FLAGS, 0))) {
            AttributeCalls.fchmod(made.fd(), READABLE);
        }
    }
}
