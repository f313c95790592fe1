package dev.velo.core.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * What an argument of a call has to be for its rule to apply.
 *
 * <p>Values are compared with the low 32 bits of the argument: the kernel takes no more of an {@code int}, so that a comparison of all 64
 * would be passed by the same value with a bit above set (CVE-2019-10063).
 */
sealed interface ArgumentTest {
    /** Instructions that end in this verdict where the test holds, and in {@link Verdict#ALLOW} elsewhere; they change the accumulator. */
    List<BpfInstruction> compile(Verdict verdict);

    /** The argument has any of these bits, of all 64. */
    record AnyBit(int argument, long bits) implements ArgumentTest {
        @Override
        public List<BpfInstruction> compile(Verdict verdict) {
            List<BpfInstruction> program = new ArrayList<>();
            if (bits >>> Integer.SIZE != 0) {
                program.add(BpfInstruction.load(offset(argument) + Integer.BYTES));
                program.add(BpfInstruction.ifAnyBit((int) (bits >>> Integer.SIZE), 3, 0));
            }
            program.add(BpfInstruction.load(offset(argument)));
            program.add(BpfInstruction.ifAnyBit((int) bits, 1, 0));
            program.add(BpfInstruction.answer(Verdict.ALLOW));
            program.add(BpfInstruction.answer(verdict));
            return program;
        }
    }

    /** The argument is one of these. */
    record OneOf(int argument, List<Integer> values) implements ArgumentTest {
        @Override
        public List<BpfInstruction> compile(Verdict verdict) {
            return choose(argument, values, verdict, Verdict.ALLOW);
        }
    }

    /** The argument is none of these. */
    record NoneOf(int argument, List<Integer> values) implements ArgumentTest {
        @Override
        public List<BpfInstruction> compile(Verdict verdict) {
            return choose(argument, values, Verdict.ALLOW, verdict);
        }
    }

    private static List<BpfInstruction> choose(int argument, List<Integer> values, Verdict among, Verdict other) {
        List<BpfInstruction> program = new ArrayList<>();
        program.add(BpfInstruction.load(offset(argument)));
        for (int i = 0; i < values.size(); i++) {
            program.add(BpfInstruction.ifEqual(values.get(i), values.size() - i, 0));
        }
        program.add(BpfInstruction.answer(other));
        program.add(BpfInstruction.answer(among));
        return program;
    }

    /** Where the low half of an argument stands in {@code struct seccomp_data} of a little-endian machine. */
    private static int offset(int argument) {
        return 16 + argument * Long.BYTES;
    }
}
