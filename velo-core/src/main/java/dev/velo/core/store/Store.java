package dev.velo.core.store;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * An open store: owns the descriptors of its rooms until closed. What a sealed pack and a registered manifest do not say is not so;
 * everything else here is derived from them. Safe for any number of threads and processes.
 */
public final class Store implements AutoCloseable {
    /** The directories of a store. */
    public enum Room {
        PACKS,
        ROOTS,
        STATS,
        OBJECTS,
        HANDED,
        IMAGES,
        FARMS,
        MOUNTS,
        COPIES,
        SHIM,
        TRASH;

        byte[] directoryName() {
            return PathBytes.of(name().toLowerCase(Locale.ROOT));
        }
    }

    private static final byte[] FORMAT_FILE = PathBytes.of("FORMAT");
    private static final byte[] LOCK_FILE = PathBytes.of("lock");
    private static final String FORMAT_WORD = "velo-store";
    private static final int FORMAT_VERSION = 1;
    private static final String FORMAT = FORMAT_WORD + " " + FORMAT_VERSION + " sha-256 512\n";
    private static final int FORMAT_LIMIT = 256;
    private static final int PRIVATE = 0700;

    private final byte[] path;
    private final Descriptor directory;
    private final Map<Room, Descriptor> rooms = new EnumMap<>(Room.class);

    private Store(byte[] path, Descriptor directory) {
        this.path = path;
        this.directory = directory;
    }

    /** Opens the store at this absolute path, and makes it first if nothing is there. */
    public static Store open(byte[] path) throws IOException {
        makeDirectories(path);
        return openDirectory(path);
    }

    /** Opens the store at this absolute path; throws where there is none. */
    public static Store openExisting(byte[] path) throws IOException {
        return openDirectory(path);
    }

    private static Store openDirectory(byte[] path) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        Store store = new Store(path, new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0)));
        try {
            store.prepare();
            return store;
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    private void prepare() throws IOException {
        checkFormat();
        for (Room room : Room.values()) {
            byte[] name = room.directoryName();
            rooms.put(room, new Descriptor(openOrMake(directory.fd(), name)));
        }
    }

    private static int openOrMake(int parent, byte[] name) throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
        try {
            return FileCalls.openat(parent, name, flags, 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        makeDirectory(parent, name);
        return FileCalls.openat(parent, name, flags, 0);
    }

    private void checkFormat() throws IOException {
        String found;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = FileBytes.read(arena, directory.fd(), FORMAT_FILE, FORMAT_LIMIT);
            found = new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e.at(shown("FORMAT"));
            }
            begin();
            return;
        }
        if (found.equals(FORMAT)) {
            return;
        }
        String[] words = found.split(" ", -1);
        if (!words[0].equals(FORMAT_WORD) || words.length < 2 || !words[1].matches("[0-9]{1,9}")) {
            throw new FormatException(shown("FORMAT"), 0, Reason.BAD_MAGIC, "not a Velo store");
        }
        int version = Integer.parseInt(words[1]);
        Reason reason = version > FORMAT_VERSION
                ? Reason.TOO_NEW
                : version < FORMAT_VERSION ? Reason.TOO_OLD : Reason.INCONSISTENT;
        throw new FormatException(
                shown("FORMAT"), 0, reason, "version " + version + ", this Velo reads " + FORMAT_VERSION);
    }

    /** Marks an empty directory as a store; one that holds other things is somebody's folder, named by mistake. */
    private void begin() throws IOException {
        for (byte[] name : DirectoryListing.names(directory.fd())) {
            String file = PathBytes.show(name);
            boolean own = file.equals("FORMAT") || file.startsWith(".tmp-");
            for (Room room : Room.values()) {
                own |= file.equals(PathBytes.show(room.directoryName()));
            }
            if (!own) {
                throw new FormatException(
                        PathBytes.show(path),
                        0,
                        Reason.BAD_MAGIC,
                        "no Velo store: it holds " + file + "; name an empty folder or a store with --store");
            }
        }
        try (PublishedFile file = PublishedFile.create(directory.fd(), 0600);
                Arena arena = Arena.ofConfined()) {
            file.accept(arena.allocateFrom(FORMAT, StandardCharsets.ISO_8859_1).asSlice(0, FORMAT.length()));
            FileCalls.fsync(file.fd());
            boolean first = file.publishNew(FORMAT_FILE);
            if (first) {
                FileCalls.fsync(directory.fd());
            }
        }
    }

    /** Whether a store is at this absolute path, of whichever version. */
    public static boolean isStore(byte[] path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] file = PathBytes.join(path, FORMAT_FILE);
            MemorySegment bytes = FileBytes.read(arena, FileCalls.AT_FDCWD, file, FORMAT_LIMIT);
            return PathBytes.startsWith(bytes.toArray(ValueLayout.JAVA_BYTE), PathBytes.of(FORMAT_WORD + " "));
        } catch (ErrnoException e) {
            return false;
        }
    }

    /** The absolute path of the store. */
    public byte[] path() {
        return path;
    }

    /** The absolute path of one of its rooms. */
    public byte[] path(Room room) {
        return PathBytes.join(path, room.directoryName());
    }

    /** The descriptor of a room, valid while the store is open. */
    public int fd(Room room) {
        Descriptor descriptor = rooms.get(room);
        if (descriptor == null) {
            throw new IllegalStateException("the store is closed");
        }
        return descriptor.fd();
    }

    /** Opens the packs as they are now; the caller closes them. */
    public Packs packs() throws IOException {
        return new Packs(fd(Room.PACKS), PathBytes.show(path(Room.PACKS)));
    }

    /** Reads a manifest of this or any store. */
    public static Manifest readManifest(byte[] path) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            String shown = PathBytes.show(path);
            int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
            try (Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
                return ManifestReader.read(shown, FileBytes.read(arena, file.fd(), shown, ManifestReader.MAX_BYTES));
            }
        }
    }

    /**
     * Takes the store's lock shared: blobs found now stay until it is closed. Waits while a collection switches packs.
     */
    public Descriptor lockShared() throws ErrnoException {
        Descriptor lock = new Descriptor(openLock());
        try {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_SH);
            return lock;
        } catch (ErrnoException e) {
            lock.close();
            throw e;
        }
    }

    /** Whoever may only read the store can lock all the same. */
    private int openLock() throws ErrnoException {
        try {
            int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW;
            return FileCalls.openat(directory.fd(), LOCK_FILE, flags, 0600);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EACCES && e.errno() != Errno.EROFS) {
                throw e;
            }
            return FileCalls.openat(directory.fd(), LOCK_FILE, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW, 0);
        }
    }

    private String shown(String name) {
        return PathBytes.show(path) + "/" + name;
    }

    private static void makeDirectories(byte[] path) throws ErrnoException {
        try {
            makeDirectory(FileCalls.AT_FDCWD, path);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT || path.length <= 1) {
                throw e;
            }
            makeDirectories(PathBytes.parent(path));
            makeDirectory(FileCalls.AT_FDCWD, path);
        }
    }

    private static void makeDirectory(int parent, byte[] name) throws ErrnoException {
        try {
            LinkCalls.mkdirat(parent, name, PRIVATE);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        rooms.values().forEach(Descriptor::close);
        rooms.clear();
        directory.close();
    }
}
