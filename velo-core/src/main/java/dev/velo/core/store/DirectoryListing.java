package dev.velo.core.store;

import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names in a directory of the store, sorted; for directories that are walked once, not for trees. */
public final class DirectoryListing {
    private static final int BUFFER_BYTES = 1 << 15;
    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;

    private DirectoryListing() {}

    /** The names in an open directory, from its start. */
    public static List<byte[]> names(int directory) throws ErrnoException {
        List<byte[]> names = new ArrayList<>();
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Arena arena = Arena.ofConfined();
                Descriptor own = new Descriptor(FileCalls.openat(directory, PathBytes.of("."), flags, 0))) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
            int filled = FileCalls.getdents64(own.fd(), buffer.address(), BUFFER_BYTES);
            while (filled > 0) {
                for (int at = 0; at < filled; at += buffer.get(ValueLayout.JAVA_SHORT, at + RECORD_LENGTH)) {
                    byte[] name = name(buffer, at + NAME);
                    if (!PathBytes.show(name).equals(".")
                            && !PathBytes.show(name).equals("..")) {
                        names.add(name);
                    }
                }
                filled = FileCalls.getdents64(own.fd(), buffer.address(), BUFFER_BYTES);
            }
        }
        names.sort(Arrays::compareUnsigned);
        return names;
    }

    /** The names in the directory at this path. */
    public static List<byte[]> names(byte[] path) throws ErrnoException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            return names(directory.fd());
        }
    }

    /** Whether the directory at this path holds nothing. */
    public static boolean isEmpty(byte[] path) throws ErrnoException {
        return names(path).isEmpty();
    }

    private static byte[] name(MemorySegment buffer, int start) {
        int end = start;
        while (buffer.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        return buffer.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
    }
}
