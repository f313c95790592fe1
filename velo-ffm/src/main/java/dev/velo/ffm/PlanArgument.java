package dev.velo.ffm;

import java.util.Arrays;
import java.util.List;

/** What a call of a plan is given: a number, bytes or strings that the plan carries, or the result of an earlier call. */
public sealed interface PlanArgument {
    /** The working directory, where a directory's descriptor is asked for. */
    PlanArgument AT_FDCWD = of(-100);

    /** The null pointer, or the number 0. */
    PlanArgument NULL = of(0);

    /** A number. */
    static PlanArgument of(long value) {
        return new Literal(value);
    }

    /** The address of a C string of these bytes, which may not hold a NUL. */
    static PlanArgument string(byte[] bytes) {
        return new Data(terminated(bytes), true);
    }

    /** The address of a copy of these bytes, aligned to 8: a structure. Every use of one such argument is the same memory. */
    static PlanArgument structure(byte[] bytes) {
        return new Data(bytes.clone(), false);
    }

    /** The address of a NULL-terminated array of C strings. Every use of one such argument is the same memory. */
    static PlanArgument strings(List<byte[]> strings) {
        return new Strings(strings.stream().map(PlanArgument::terminated).toList());
    }

    private static byte[] terminated(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("a string of a plan may not hold a NUL byte");
            }
        }
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** See {@link #of}. */
    record Literal(long value) implements PlanArgument {}

    /** See {@link #string} and {@link #structure}. */
    final class Data implements PlanArgument {
        final byte[] bytes;
        final boolean shared;

        private Data(byte[] bytes, boolean shared) {
            this.bytes = bytes;
            this.shared = shared;
        }
    }

    /** See {@link #strings}. */
    final class Strings implements PlanArgument {
        final List<byte[]> terminated;

        private Strings(List<byte[]> terminated) {
            this.terminated = terminated;
        }
    }

    /** The address of the signal mask that the caller of the spawn had. */
    enum CallerMask implements PlanArgument {
        CALLER_MASK
    }

    /** The result of this entry; it must stand earlier in the plan. */
    record ResultOf(PlanEntry entry) implements PlanArgument {}
}
