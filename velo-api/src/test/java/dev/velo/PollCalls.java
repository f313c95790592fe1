package dev.velo;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code poll(2)} of the C library, as a caller of the library would use it. */
@SuppressWarnings("restricted")
final class PollCalls {
    private static final short POLLIN = 1;
    private static final MethodHandle POLL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("poll").orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private PollCalls() {}

    static boolean isReadable(int fd, int millis) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(8, 4);
            one.set(ValueLayout.JAVA_INT, 0, fd);
            one.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            int count = (int) POLL.invokeExact(one, 1L, millis);
            return count == 1 && (one.get(ValueLayout.JAVA_SHORT, 6) & POLLIN) != 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
