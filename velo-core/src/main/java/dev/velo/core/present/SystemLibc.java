package dev.velo.core.present;

import dev.velo.core.store.FileBytes;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The libc that programs of this system load, told from the dynamic loader that a program asks for.
 *
 * @param kind which libc
 * @param loader the loader's path
 */
public record SystemLibc(Kind kind, String loader) {
    /** The libcs that are told apart. */
    public enum Kind {
        GLIBC,
        MUSL,
        OTHER
    }

    /** The libc of this program; null for one that is linked statically. */
    public static @Nullable SystemLibc of(byte[] program) throws IOException {
        try (Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, program, FileCalls.O_RDONLY, 0))) {
            ElfHead head = ElfHead.read(PathBytes.show(program), (offset, count) -> read(file, offset, count));
            byte[] loader = head.interpreter();
            return loader == null ? null : named(PathBytes.show(loader));
        }
    }

    static SystemLibc named(String loader) {
        String name = loader.substring(loader.lastIndexOf('/') + 1);
        if (name.startsWith("ld-musl-")) {
            return new SystemLibc(Kind.MUSL, loader);
        }
        return new SystemLibc(name.startsWith("ld-linux") ? Kind.GLIBC : Kind.OTHER, loader);
    }

    private static byte[] read(Descriptor file, long offset, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, count));
            long got = FileBytes.readFully(file.fd(), bytes.address(), count, offset);
            return bytes.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
