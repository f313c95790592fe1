package dev.velo.core.sandbox;

/**
 * One {@code struct sock_filter} of classic BPF, as {@code linux/bpf_common.h} and seccomp(2) have it.
 *
 * @param code what to do
 * @param jt how many instructions to skip if the comparison holds, 0 to {@value #LONGEST_JUMP}
 * @param jf how many if it does not
 * @param k the constant
 */
record BpfInstruction(int code, int jt, int jf, int k) {
    static final int BYTES = 8;

    /** The longest jump that a comparison can make. */
    static final int LONGEST_JUMP = 255;

    static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    static final int JUMP = 0x05; // BPF_JMP | BPF_JA
    static final int EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    static final int AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    static final int ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    static final int RETURN = 0x06; // BPF_RET | BPF_K

    /** Takes the 32 bits at this offset of {@code struct seccomp_data} into the accumulator. */
    static BpfInstruction load(int offset) {
        return new BpfInstruction(LOAD, 0, 0, offset);
    }

    static BpfInstruction jump(int count) {
        return new BpfInstruction(JUMP, 0, 0, count);
    }

    static BpfInstruction ifEqual(int value, int jt, int jf) {
        return new BpfInstruction(EQUAL, jt, jf, value);
    }

    /** Whether the accumulator is this or more, unsigned. */
    static BpfInstruction ifAtLeast(int value, int jt, int jf) {
        return new BpfInstruction(AT_LEAST, jt, jf, value);
    }

    static BpfInstruction ifAnyBit(int bits, int jt, int jf) {
        return new BpfInstruction(ANY_BIT, jt, jf, bits);
    }

    static BpfInstruction answer(Verdict verdict) {
        return new BpfInstruction(RETURN, 0, 0, verdict.action());
    }
}
