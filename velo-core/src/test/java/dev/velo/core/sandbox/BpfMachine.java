package dev.velo.core.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a filter as the kernel does, and refuses what it refuses; knows nothing of how the filter was made. */
final class BpfMachine {
    private static final int LD_W_ABS = 0x20;
    private static final int JMP_JA = 0x05;
    private static final int JMP_JEQ_K = 0x15;
    private static final int JMP_JGE_K = 0x35;
    private static final int JMP_JSET_K = 0x45;
    private static final int RET_K = 0x06;
    private static final int DATA_BYTES = 64;

    private final ByteBuffer program;
    private int steps;

    BpfMachine(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@code struct seccomp_data} of a call; arguments that are not given are 0. */
    static ByteBuffer call(int architecture, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(DATA_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .putInt(architecture)
                .putLong(0x7fff_1234_5678L);
        for (long argument : arguments) {
            data.putLong(argument);
        }
        return data;
    }

    /** What the filter returns. */
    int run(ByteBuffer data) {
        int accumulator = 0;
        steps = 0;
        for (int at = 0; at < program.limit() / 8; at++) {
            steps++;
            int code = program.getShort(at * 8);
            int k = program.getInt(at * 8 + 4);
            switch (code) {
                case LD_W_ABS -> {
                    if (k % 4 != 0 || k < 0 || k >= DATA_BYTES) {
                        throw new IllegalStateException("a load from " + k);
                    }
                    accumulator = data.getInt(k);
                }
                case JMP_JA -> at += k;
                case JMP_JEQ_K -> at += branch(at, accumulator == k);
                case JMP_JGE_K -> at += branch(at, Integer.compareUnsigned(accumulator, k) >= 0);
                case JMP_JSET_K -> at += branch(at, (accumulator & k) != 0);
                case RET_K -> {
                    return k;
                }
                default -> throw new IllegalStateException("instruction 0x" + Integer.toHexString(code));
            }
        }
        throw new IllegalStateException("the program has no end");
    }

    /** How many instructions the last run took. */
    int steps() {
        return steps;
    }

    private int branch(int at, boolean holds) {
        return program.get(at * 8 + (holds ? 2 : 3)) & 0xff;
    }
}
