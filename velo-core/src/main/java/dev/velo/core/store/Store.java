package dev.velo.core.store;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestFormat;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open store: owns the descriptors of its rooms until closed. What a sealed pack and a registered manifest do not say is not so;
 * everything else here is derived from them. Safe for any number of threads and processes.
 *
 * <p>A store that this user cannot write, because it is another user's or on a file system mounted read-only, is open for reading:
 * nothing is made in it, rooms that are missing or closed to this user are not {@linkplain #has there}, and what is made from it is
 * {@linkplain #making kept elsewhere}.
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
        TREES,
        SHIM,
        QUARANTINE,
        TRASH;

        byte[] directoryName() {
            return PathBytes.of(name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * A directory in which things of a room are kept.
     *
     * @param fd valid while the store is open
     * @param path absolute
     */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    public record Place(int fd, byte[] path) {}

    private static final byte[] SELF = PathBytes.of(".");
    private static final int W_OK = 2;
    private static final byte[] LOCK_FILE = PathBytes.of("lock");
    private static final byte[] COLLECT_FILE = PathBytes.of("collect.lock");
    private static final byte[] GATE_FILE = PathBytes.of("gate");
    private static final int PRIVATE = 0700;
    private static final int ROOM_FLAGS = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    private final byte[] path;
    private final Descriptor directory;
    private final @Nullable Errno refusal;
    private final Map<Room, Descriptor> rooms = new EnumMap<>(Room.class);
    private final StoreLock lock = new StoreLock();
    private final StoreFormat format;
    private @Nullable Annex annex;

    private Store(byte[] path, Descriptor directory, @Nullable Errno refusal) {
        this.path = path;
        this.directory = directory;
        this.refusal = refusal;
        this.format = new StoreFormat(directory.fd(), shown("FORMAT"));
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
        Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
        try {
            Store store = new Store(path, directory, refusal(directory.fd()));
            store.prepare();
            return store;
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    /** What stands against writing to this directory; null if nothing does. */
    private static @Nullable Errno refusal(int directory) throws ErrnoException {
        try {
            FileCalls.faccessat(directory, SELF, W_OK);
            return null;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES || e.errno() == Errno.EROFS) {
                return e.errno();
            }
            throw e;
        }
    }

    private void prepare() throws IOException {
        boolean isNew = !checkFormat();
        try {
            boolean made = false;
            for (Room room : Room.values()) {
                made |= open(room);
            }
            if (made) {
                // what is durable in a room is so only if the room is
                FileCalls.fsync(directory.fd());
            }
            if (isNew) {
                format.begin();
            }
        } catch (IOException e) {
            rooms.values().forEach(Descriptor::close);
            throw e;
        }
    }

    /** Returns whether the room was made. */
    private boolean open(Room room) throws ErrnoException {
        byte[] name = room.directoryName();
        if (!isReadOnly()) {
            return openOrMake(room, name);
        }
        try {
            rooms.put(room, new Descriptor(FileCalls.openat(directory.fd(), name, ROOM_FLAGS, 0)));
        } catch (ErrnoException e) {
            boolean isTruth = room == Room.PACKS || room == Room.ROOTS;
            if (isTruth || (e.errno() != Errno.ENOENT && e.errno() != Errno.EACCES)) {
                throw e.at(PathBytes.show(path(room)));
            }
        }
        return false;
    }

    private boolean openOrMake(Room room, byte[] name) throws ErrnoException {
        try {
            rooms.put(room, new Descriptor(FileCalls.openat(directory.fd(), name, ROOM_FLAGS, 0)));
            return false;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        boolean made = Folder.make(directory.fd(), name, PRIVATE);
        rooms.put(room, new Descriptor(FileCalls.openat(directory.fd(), name, ROOM_FLAGS, 0)));
        return made;
    }

    /** Returns false if the directory is to become a store. */
    private boolean checkFormat() throws IOException {
        if (format.read()) {
            return true;
        }
        if (isReadOnly()) {
            throw new IOException(PathBytes.show(path)
                    + ": no Velo store, and your user cannot make one there; name another with --store");
        }
        requireEmpty();
        return false;
    }

    /** A directory that holds other things is somebody's folder, named by mistake. */
    private void requireEmpty() throws IOException {
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
    }

    /** Whether a store is at this absolute path, of whichever version. */
    public static boolean isStore(byte[] path) throws IOException {
        return StoreFormat.isAt(path);
    }

    /** Lets the store have compact copies of manifests from now on: an older Velo refuses it then, and would take them for damaged. */
    void admitCompactCopies() throws IOException {
        format.admitCompactCopies(fd(Room.ROOTS));
    }

    /** The absolute path of the store. */
    public byte[] path() {
        return path;
    }

    /** The absolute path of one of its rooms. */
    public byte[] path(Room room) {
        return PathBytes.join(path, room.directoryName());
    }

    /** The descriptor of a room that is {@linkplain #has there}, valid while the store is open. */
    public int fd(Room room) {
        Descriptor descriptor = rooms.get(room);
        if (descriptor == null) {
            throw new IllegalStateException("the store is closed, or " + room + " of it is");
        }
        return descriptor.fd();
    }

    /** Whether this user can only read the store. */
    public boolean isReadOnly() {
        return refusal != null;
    }

    /** Throws if this user can only read the store. */
    public void requireWritable() throws ReadOnlyStoreException {
        if (refusal != null) {
            throw new ReadOnlyStoreException(path, refusal);
        }
    }

    /** Whether the store has this room, and this user may look into it; always so in a store that can be written. */
    public boolean has(Room room) {
        return rooms.containsKey(room);
    }

    /** A room that is {@linkplain #has there}. */
    public Place place(Room room) {
        return new Place(fd(room), path(room));
    }

    /**
     * Where things of a room are made: in the room itself, or for a store that can only be read in a folder of this user's.
     *
     * @throws IOException in one sentence, if this user has no place for them
     */
    public Place making(Room room) throws IOException {
        return isReadOnly() ? annex().room(room) : place(room);
    }

    private synchronized Annex annex() throws IOException {
        if (annex == null) {
            Statx identity = new Statx();
            FileCalls.statx(directory.fd(), StoreFormat.FILE, FileCalls.AT_SYMLINK_NOFOLLOW, identity);
            annex = Annex.open(path, identity);
        }
        return annex;
    }

    /** Whether a failure means that the owner of a store that can only be read has not opened something in it to this user. */
    public boolean isWithheld(ErrnoException failure) {
        return isReadOnly() && failure.errno() == Errno.EACCES;
    }

    /** Opens the packs as they are now; the caller closes them. */
    public Packs packs() throws IOException {
        return new Packs(fd(Room.PACKS), PathBytes.show(path(Room.PACKS)));
    }

    /** Whether the file at this path begins as a manifest does; what cannot be read does not. */
    public static boolean isManifest(byte[] path) {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
        try (Arena arena = Arena.ofConfined();
                Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            MemorySegment head = arena.allocate(ManifestFormat.MAGIC_BYTES, Long.BYTES);
            long read = FileBytes.readFully(file.fd(), head.address(), head.byteSize(), 0);
            return read == head.byteSize() && ManifestFormat.isMagic(head);
        } catch (IOException e) {
            return false;
        }
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
     * Takes the store's lock shared: blobs found now stay until it is closed. Waits while a collection switches packs, or is about
     * to; a thread that has it already does not.
     */
    public Descriptor lockShared() throws ErrnoException {
        return lock.shared(this::openLock, this::openGate);
    }

    /**
     * Takes the store's lock for whoever removes packs: waits until nobody relies on them, while those that come later wait for it.
     * Whatever takes the lock shared may not be called meanwhile by the same thread.
     */
    public Descriptor lockExclusive() throws IOException {
        requireWritable();
        return StoreLock.exclusive(this::openLock, this::openGate);
    }

    /** Whoever may only read the store can lock all the same. */
    private int openLock() throws ErrnoException {
        return openLock(LOCK_FILE);
    }

    /**
     * Takes the lock of whoever collects or packs this store.
     *
     * @throws IOException if another process has it
     */
    public Descriptor lockCollection() throws IOException {
        requireWritable();
        Descriptor collecting = new Descriptor(openLock(COLLECT_FILE));
        try {
            FileCalls.flock(collecting.fd(), FileCalls.LOCK_EX | FileCalls.LOCK_NB);
            return collecting;
        } catch (ErrnoException e) {
            collecting.close();
            throw e.errno() == Errno.EAGAIN
                    ? new IOException(PathBytes.show(path)
                            + " is being collected, or packed, by another process; wait for its end")
                    : e;
        }
    }

    /** One that the owner has not opened to a reader is passed by: it only keeps the order of those who wait for the lock. */
    private int openGate() throws ErrnoException {
        try {
            return openLock(GATE_FILE);
        } catch (ErrnoException e) {
            if (isWithheld(e)) {
                return openSelf();
            }
            throw e;
        }
    }

    private int openLock(byte[] name) throws ErrnoException {
        if (!isReadOnly()) {
            int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW;
            return FileCalls.openat(directory.fd(), name, flags, 0600);
        }
        try {
            return FileCalls.openat(directory.fd(), name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW, 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e.at(shown(PathBytes.show(name)));
            }
        }
        // nothing was ever ingested, or collected, so that there is nothing to hold
        return openSelf();
    }

    private int openSelf() throws ErrnoException {
        return FileCalls.openat(directory.fd(), SELF, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, 0);
    }

    private String shown(String name) {
        return PathBytes.show(path) + "/" + name;
    }

    static void makeDirectories(byte[] path) throws ErrnoException {
        boolean made;
        try {
            made = Folder.make(FileCalls.AT_FDCWD, path, PRIVATE);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT || path.length <= 1) {
                throw e;
            }
            makeDirectories(PathBytes.parent(path));
            made = Folder.make(FileCalls.AT_FDCWD, path, PRIVATE);
        }
        if (made) {
            syncDirectory(PathBytes.parent(path));
        }
    }

    /** One that cannot be read, and so not be opened, is left to the system. */
    private static void syncDirectory(byte[] path) throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            FileCalls.fsync(directory.fd());
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EACCES) {
                throw e;
            }
        }
    }

    @Override
    public synchronized void close() {
        if (annex != null) {
            annex.close();
        }
        rooms.values().forEach(Descriptor::close);
        rooms.clear();
        directory.close();
    }
}
