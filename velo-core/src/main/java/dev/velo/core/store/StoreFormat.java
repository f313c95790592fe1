package dev.velo.core.store;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The file {@code FORMAT} of a store, which says that the directory is one, and of which version. A store of an older version that is
 * still read stays what it is until something is written that only the newer one has. Safe for any number of threads and processes.
 */
final class StoreFormat {
    /** Copies of manifests are the manifests themselves. */
    private static final int PLAIN_COPIES = 1;

    /** Copies of manifests may be compact. */
    private static final int COMPACT_COPIES = 2;

    static final byte[] FILE = PathBytes.of("FORMAT");

    private static final String WORD = "velo-store";
    private static final int LIMIT = 256;
    private static final int PRIVATE = 0600;
    private static final int PERMISSIONS = 0777;

    private final int directory;
    private final String shown;
    private int version;

    /** Of the store in the directory of this descriptor, which stays the caller's; {@code shown} is the path of the file, for messages. */
    StoreFormat(int directory, String shown) {
        this.directory = directory;
        this.shown = shown;
    }

    /** Reads the file; returns whether there is one. */
    synchronized boolean read() throws IOException {
        String found;
        try {
            found = new String(bytes(directory, FILE), StandardCharsets.ISO_8859_1);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e.at(shown);
        }
        for (int known = PLAIN_COPIES; known <= COMPACT_COPIES; known++) {
            if (found.equals(text(known))) {
                version = known;
                return true;
            }
        }
        throw refusal(found);
    }

    private static byte[] bytes(int directory, byte[] name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return FileBytes.read(arena, directory, name, LIMIT).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static String text(int version) {
        return WORD + " " + version + " sha-256 512\n";
    }

    private FormatException refusal(String found) {
        String[] words = found.split(" ", -1);
        if (!words[0].equals(WORD) || words.length < 2 || !words[1].matches("[0-9]{1,9}")) {
            return new FormatException(shown, 0, Reason.BAD_MAGIC, "not a Velo store");
        }
        int other = Integer.parseInt(words[1]);
        Reason reason =
                other > COMPACT_COPIES ? Reason.TOO_NEW : other < PLAIN_COPIES ? Reason.TOO_OLD : Reason.INCONSISTENT;
        String detail = "version " + other + ", this Velo reads " + PLAIN_COPIES + " to " + COMPACT_COPIES;
        return new FormatException(shown, 0, reason, detail);
    }

    /** Marks the directory, whose rooms are there, as a store of the newest version, durably, unless another process has marked it. */
    synchronized void begin() throws IOException {
        try (PublishedFile file = PublishedFile.create(directory, PRIVATE)) {
            write(file);
            FileCalls.fsync(file.fd());
            if (file.publishNew(FILE)) {
                FileCalls.fsync(directory);
            }
        }
        // the other process may be of an older Velo
        read();
    }

    /**
     * Makes the store one that may have compact copies of manifests, durably, if it is not one yet; one whose file somebody has taken
     * away is left alone.
     *
     * @param room descriptor of a room, in which what a killed process leaves is found and taken away
     */
    synchronized void admitCompactCopies(int room) throws IOException {
        // another process may have done it by now
        if (version == COMPACT_COPIES || !read() || version == COMPACT_COPIES) {
            return;
        }
        byte[] name = PublishedFile.newName();
        try (PublishedFile file = PublishedFile.create(room, PRIVATE)) {
            write(file);
            openAsBefore(file.fd());
            FileCalls.fsync(file.fd());
            file.publishNew(name);
            LinkCalls.renameat2(room, name, directory, FILE, 0);
            FileCalls.fsync(directory);
        }
        version = COMPACT_COPIES;
    }

    /** Who could read the file before can go on: the owner may have opened the store to others. */
    private void openAsBefore(int fd) throws ErrnoException {
        Statx before = new Statx();
        FileCalls.statx(directory, FILE, FileCalls.AT_SYMLINK_NOFOLLOW, before);
        Statx now = new Statx();
        FileCalls.fstatx(fd, now);
        if (before.uid() != now.uid() || before.gid() != now.gid()) {
            AttributeCalls.fchown(fd, before.uid(), before.gid());
        }
        AttributeCalls.fchmod(fd, before.mode() & PERMISSIONS);
    }

    private static void write(PublishedFile file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] text = text(COMPACT_COPIES).getBytes(StandardCharsets.ISO_8859_1);
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, text));
        }
    }

    /** Whether a store is at this absolute path, of whichever version. */
    static boolean isAt(byte[] store) throws IOException {
        try {
            byte[] found = bytes(FileCalls.AT_FDCWD, PathBytes.join(store, FILE));
            return PathBytes.startsWith(found, PathBytes.of(WORD + " "));
        } catch (ErrnoException e) {
            return false;
        }
    }
}
