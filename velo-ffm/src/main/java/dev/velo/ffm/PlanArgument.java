package dev.velo.ffm;

import java.util.ArrayList;
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
        List<PlanArgument> fields = new ArrayList<>();
        for (byte[] string : strings) {
            fields.add(string(string));
        }
        fields.add(NULL);
        return new Fields(fields);
    }

    /**
     * The address of a structure of 8-byte fields: numbers, and addresses of what the other arguments are. Every use of one such
     * argument is the same memory. Results of calls cannot be fields: what they are is not known before the plan runs.
     */
    static PlanArgument fields(PlanArgument... fields) {
        for (PlanArgument field : fields) {
            if (field instanceof ResultOf) {
                throw new IllegalArgumentException("the result of a call cannot be a field of a structure");
            }
        }
        return new Fields(List.of(fields));
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

    /** See {@link #fields} and {@link #strings}. */
    final class Fields implements PlanArgument {
        final List<PlanArgument> fields;

        private Fields(List<PlanArgument> fields) {
            this.fields = fields;
        }
    }

    /** The address of the signal mask that the caller of the spawn had. */
    enum CallerMask implements PlanArgument {
        CALLER_MASK
    }

    /** The result of this entry; it must stand earlier in the plan. */
    record ResultOf(PlanEntry entry) implements PlanArgument {}
}
