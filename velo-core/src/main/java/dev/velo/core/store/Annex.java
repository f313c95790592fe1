package dev.velo.core.store;

import dev.velo.core.format.Hashing;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.OwnEnvironment;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.IdentityCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Rooms of this user's own for a store that he can only read: {@code ${XDG_CACHE_HOME:-~/.cache}/velo/stores/STORE/}. Everything in
 * them is derived, and may be deleted when nothing uses it. Owns the descriptors of the rooms until closed; safe for many threads.
 */
final class Annex implements AutoCloseable {
    private static final int PRIVATE = 0700;
    private static final int OTHERS_WRITE = 022;
    private static final int NAME_BYTES = 16;
    private static final int FLAGS = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    private final byte[] path;
    private final Descriptor directory;
    private final Map<Store.Room, Descriptor> rooms = new EnumMap<>(Store.Room.class);

    private Annex(byte[] path, Descriptor directory) {
        this.path = path;
        this.directory = directory;
    }

    /**
     * The rooms for a store, made now if they are not there.
     *
     * @param store its absolute path
     * @param format identity of its {@code FORMAT}, which is written once for each version: two stores that take turns at one path do not meet here
     */
    static Annex open(byte[] store, Statx format) throws IOException {
        byte[] velo = PathBytes.join(cache(store), PathBytes.of("velo"));
        byte[] stores = PathBytes.join(velo, PathBytes.of("stores"));
        byte[] path = PathBytes.join(stores, name(store, format));
        try {
            Store.makeDirectories(path);
            for (byte[] directory : List.of(velo, stores, path)) {
                requirePrivate(directory, store);
            }
            return new Annex(path, new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, FLAGS, 0)));
        } catch (ErrnoException e) {
            throw new IOException(
                    sentence(store) + PathBytes.show(path) + " cannot be made ("
                            + e.errno().text() + "); name a folder that you can write with XDG_CACHE_HOME",
                    e);
        }
    }

    private static byte[] cache(byte[] store) throws IOException {
        byte[] cache = OwnEnvironment.value("XDG_CACHE_HOME");
        if (PathBytes.isAbsolute(cache)) {
            return cache;
        }
        byte[] home = OwnEnvironment.value("HOME");
        if (!PathBytes.isAbsolute(home)) {
            throw new IOException(
                    sentence(store) + "there is no $HOME; name a folder that you can write with XDG_CACHE_HOME");
        }
        return PathBytes.join(home, PathBytes.of(".cache"));
    }

    /** What is loaded into programs from here must be nobody else's to change, or to exchange. */
    private static void requirePrivate(byte[] directory, byte[] store) throws IOException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, directory, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        boolean isOwn = stat.uid() == IdentityCalls.geteuid() && stat.type() == Statx.S_IFDIR;
        if (!isOwn || (stat.mode() & OTHERS_WRITE) != 0) {
            throw new IOException(sentence(store) + PathBytes.show(directory)
                    + " can be changed by others; name a folder of your own with XDG_CACHE_HOME");
        }
    }

    private static String sentence(byte[] store) {
        return "the store " + PathBytes.show(store)
                + " can only be read, and what is made from it needs a folder of yours, but ";
    }

    private static byte[] name(byte[] store, Statx format) {
        String identity = " " + format.inode() + " " + format.modificationSeconds() + " " + format.modificationNanos();
        byte[] hash = Hashing.sha256().digest(PathBytes.concat(store, PathBytes.of(identity)));
        return PathBytes.of(HexFormat.of().formatHex(hash, 0, NAME_BYTES));
    }

    /** A room, made now if it is not there. */
    synchronized Store.Place room(Store.Room room) throws ErrnoException {
        Descriptor descriptor = rooms.get(room);
        if (descriptor == null) {
            Folder.make(directory.fd(), room.directoryName(), PRIVATE);
            descriptor = new Descriptor(FileCalls.openat(directory.fd(), room.directoryName(), FLAGS, 0));
            rooms.put(room, descriptor);
        }
        return new Store.Place(descriptor.fd(), PathBytes.join(path, room.directoryName()));
    }

    @Override
    public synchronized void close() {
        rooms.values().forEach(Descriptor::close);
        rooms.clear();
        directory.close();
    }
}
