package dev.velo.core.testing;

import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the names of a directory as bytes, in unsigned byte order; the root of no other reader, so that tests have their own. */
final class DirectoryNames {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int RECORD_LENGTH = 16;
    private static final int TYPE = 18;
    private static final int NAME = 19;
    private static final int TYPE_SHIFT = 12;

    /** One name with its type as {@code st_mode} has it, 0 where the file system does not tell. */
    @SuppressWarnings("ArrayRecordComponent") // never compared by equals
    record Name(byte[] bytes, int type) {
        boolean isDirectory() {
            return type == Statx.S_IFDIR;
        }
    }

    private DirectoryNames() {}

    /** The names in the directory behind a descriptor that nobody has read yet, without {@code .} and {@code ..}. */
    static List<Name> of(int directory) throws IOException {
        List<Name> names = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
            int filled;
            while ((filled = FileCalls.getdents64(directory, buffer.address(), BUFFER_BYTES)) > 0) {
                addRecords(buffer, filled, names);
            }
        }
        names.sort((left, right) -> Arrays.compareUnsigned(left.bytes(), right.bytes()));
        return names;
    }

    private static void addRecords(MemorySegment buffer, int filled, List<Name> names) {
        int at = 0;
        while (at < filled) {
            int end = at + NAME;
            while (buffer.get(ValueLayout.JAVA_BYTE, end) != 0) {
                end++;
            }
            byte[] name = buffer.asSlice(at + NAME, end - at - NAME).toArray(ValueLayout.JAVA_BYTE);
            if (!isDots(name)) {
                int type = Byte.toUnsignedInt(buffer.get(ValueLayout.JAVA_BYTE, at + TYPE));
                names.add(new Name(name, type << TYPE_SHIFT));
            }
            at += Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + RECORD_LENGTH));
        }
    }

    private static boolean isDots(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
}
