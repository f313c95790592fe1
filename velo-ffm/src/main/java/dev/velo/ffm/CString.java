package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * NUL-terminated bytes in native memory.
 *
 * <p>{@link #first} and {@link #second} lend out two buffers of the calling thread, for the one or two paths of a call; what they
 * held is gone with the thread's next call of the same method.
 */
@SuppressWarnings("restricted")
public final class CString {
    /** Longest path that Velo hands to the kernel in one piece; PATH_MAX is 4096 with the NUL. */
    private static final int CAPACITY = 1 << 16;

    private static final MemorySegment EVERYTHING = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ThreadLocal<MemorySegment> FIRST = ThreadLocal.withInitial(CString::buffer);
    private static final ThreadLocal<MemorySegment> SECOND = ThreadLocal.withInitial(CString::buffer);

    private static final MemorySegment NOTHING = Arena.global().allocate(1);

    private CString() {}

    /** The address of the empty string, which many calls take for the descriptor itself. */
    public static long empty() {
        return NOTHING.address();
    }

    /** The address of a copy of these bytes, with a NUL behind, in this thread's first buffer. */
    public static long first(byte[] bytes) {
        return put(FIRST.get(), bytes);
    }

    /** The address of a copy of these bytes, with a NUL behind, in this thread's second buffer. */
    public static long second(byte[] bytes) {
        return put(SECOND.get(), bytes);
    }

    /** The string at this address, decoded for a message. */
    public static String read(long address) {
        return new String(bytes(address), StandardCharsets.UTF_8);
    }

    /** The bytes of the string at this address, without the NUL; at most 64 KiB are looked at. */
    public static byte[] bytes(long address) {
        int length = 0;
        while (length < CAPACITY && EVERYTHING.get(ValueLayout.JAVA_BYTE, address + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(EVERYTHING, ValueLayout.JAVA_BYTE, address, bytes, 0, length);
        return bytes;
    }

    private static long put(MemorySegment buffer, byte[] bytes) {
        if (bytes.length >= CAPACITY) {
            throw new IllegalArgumentException(
                    "a path of " + bytes.length + " bytes is longer than any the kernel takes");
        }
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
        // not by set: the first use of a layout's accessor costs milliseconds of start-up
        buffer.asSlice(bytes.length, 1).fill((byte) 0);
        return buffer.address();
    }

    private static MemorySegment buffer() {
        return Arena.ofAuto().allocate(CAPACITY);
    }
}
