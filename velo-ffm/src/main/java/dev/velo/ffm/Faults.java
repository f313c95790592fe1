package dev.velo.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes system calls of this process go wrong, for tests of what Velo does then. The system property {@code velo.fault} says how:
 *
 * <ul>
 *   <li>{@code kill:N}, {@code kill-after:N}: SIGKILL before or after the N-th call that changes something
 *   <li>{@code cut:N}, {@code cut-after:N}: no thread makes that call, or the one after it, or any later one: each ends in a {@link
 *       Cut}, so that files and names are as if the process had been killed, but it goes on and can be armed again
 *   <li>{@code fail:N:ERRNO}: the N-th of the calls that can end in this error does, and is not made
 *   <li>{@code short:N}: the N-th call that reads or writes moves half of its bytes
 *   <li>{@code N+} instead of {@code N}: that call and all later ones
 *   <li>{@code count}: prints at the end how many calls change something
 *   <li>{@code armed}: nothing until {@link #arm} says what
 * </ul>
 *
 * <p>Numbers begin with 1; 0 befalls none. All threads count together. Without the property there is no instance of this class, and
 * {@link Door} has no code for it once it is compiled. What {@code java.nio} and the C side do is not counted.
 */
public final class Faults {
    private static final String PROPERTY = "velo.fault";
    private static final int SIGKILL = 9;

    /** As many tell one place of the program from another. */
    private static final int CALLERS = 4;

    /** One fault and how far it has counted; replaced as a whole. */
    private record Armed(Fault fault, AtomicLong counted, AtomicLong done, AtomicBoolean isCut, List<String> callers) {
        Armed(Fault fault) {
            this(
                    fault,
                    new AtomicLong(),
                    new AtomicLong(),
                    new AtomicBoolean(),
                    Collections.synchronizedList(new ArrayList<>()));
        }

        /** Counts a call, and notes who makes it if that is all the fault is for. */
        boolean befalls(Syscall call) {
            if (fault.first() == 0) {
                callers.add(call.callName() + caller());
            }
            return fault.befalls(counted.incrementAndGet());
        }
    }

    /** Ends a thread that would make a call after a cut; nobody but the test catches it. */
    @SuppressWarnings("serial") // never written anywhere
    public static final class Cut extends Error {
        Cut() {
            super("cut", null, true, false);
        }
    }

    /**
     * What came of a fault.
     *
     * @param counted how many calls there were that it could befall
     * @param done how many it befell
     * @param callers of each call that was counted its name and who made it, if the fault was to befall none
     */
    public record Outcome(long counted, long done, List<String> callers) {}

    private volatile @Nullable Armed armed;

    private Faults(@Nullable Armed armed) {
        this.armed = armed;
    }

    static @Nullable Faults fromProperty() {
        String spelled = System.getProperty(PROPERTY);
        if (spelled == null) {
            return null;
        }
        if (spelled.equals("armed")) {
            return new Faults(null);
        }
        Armed first = new Armed(Fault.parse(spelled));
        if (first.fault.action() == Fault.Action.COUNT) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> System.err.println("changing calls: " + first.counted.get())));
        }
        return new Faults(first);
    }

    /** Begins to count for another fault, spelled as the property; the process must have been started with that. */
    public static void arm(String spelled) {
        instance().armed = new Armed(Fault.parse(spelled));
    }

    /** Ends the fault; calls are made as they should from now on. */
    public static Outcome disarm() {
        Faults faults = instance();
        Armed ended = faults.armed;
        faults.armed = null;
        return ended == null
                ? new Outcome(0, 0, List.of())
                : new Outcome(ended.counted.get(), ended.done.get(), List.copyOf(ended.callers));
    }

    private static Faults instance() {
        Faults faults = Door.FAULTS;
        if (faults == null) {
            throw new IllegalStateException("start the process with -D" + PROPERTY + "=armed");
        }
        return faults;
    }

    /** Makes the call, or what becomes of it; returns what the kernel does or would. */
    long make(Syscall call, long a, long b, long c, long d, long e, long f) {
        Armed now = armed;
        if (now != null && now.isCut.get()) {
            throw new Cut();
        }
        if (now == null || !now.fault.site().has(call, b, c) || !now.befalls(call)) {
            return Stub.syscall(call.number(), a, b, c, d, e, f);
        }
        now.done.incrementAndGet();
        return switch (now.fault.action()) {
            case COUNT -> Stub.syscall(call.number(), a, b, c, d, e, f);
            case KILL_BEFORE -> {
                kill();
                yield 0;
            }
            case KILL_AFTER -> {
                long result = Stub.syscall(call.number(), a, b, c, d, e, f);
                kill();
                yield result;
            }
            case CUT_BEFORE -> {
                now.isCut.set(true);
                throw new Cut();
            }
            case CUT_AFTER -> {
                long result = Stub.syscall(call.number(), a, b, c, d, e, f);
                now.isCut.set(true);
                yield result;
            }
            case FAIL -> -errno(now.fault).number();
            case HALVE ->
                call == Syscall.PWRITEV
                        ? halfOfFirst(a, b, d)
                        : Stub.syscall(call.number(), a, b, Math.max(1, c / 2), d, e, f);
        };
    }

    /** The methods that have made the call, innermost first, from the first on that is not of this package. */
    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(
                                frame -> !frame.getClassName().startsWith(Faults.class.getPackageName() + "."))
                        .limit(CALLERS)
                        .map(frame -> " " + frame.getClassName() + "." + frame.getMethodName())
                        .collect(Collectors.joining()));
    }

    private static Errno errno(Fault fault) {
        return fault.errno() == null ? Errno.EIO : fault.errno();
    }

    /** Writes half of the first vector. */
    @SuppressWarnings("restricted")
    private static long halfOfFirst(long fd, long vectors, long offset) {
        MemorySegment first = MemorySegment.ofAddress(vectors).reinterpret(2L * Long.BYTES);
        long address = first.get(ValueLayout.JAVA_LONG, 0);
        long length = first.get(ValueLayout.JAVA_LONG, Long.BYTES);
        return Stub.syscall(Syscall.PWRITE64.number(), fd, address, Math.max(1, length / 2), offset, 0, 0);
    }

    private static void kill() {
        long self = Stub.syscall(Syscall.GETPID.number(), 0, 0, 0, 0, 0, 0);
        Stub.syscall(Syscall.KILL.number(), self, SIGKILL, 0, 0, 0, 0);
    }
}
