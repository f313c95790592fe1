package dev.velo.core.sandbox;

import dev.velo.ffm.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The filter of system calls that a command in a sandbox runs under: {@link RestrictedCall} and {@link UnknownCalls}, compiled to classic
 * BPF for seccomp(2). Calls of another architecture, such as 32-bit ones, end the process.
 *
 * <p>Immutable. It limits what a process may ask of the kernel, and nothing else: which files there are and who the process is, others say.
 */
public final class SeccompFilter {
    /** In {@code struct seccomp_data}. */
    private static final int NUMBER_AT = 0;

    private static final int ARCHITECTURE_AT = 4;

    /** {@code __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE}; the rest of {@code AUDIT_ARCH_*} is the number of ELF. */
    private static final int AUDIT_ARCH_64_LE = 0xc0000000;

    private final List<BpfInstruction> program;

    private SeccompFilter(List<BpfInstruction> program) {
        this.program = List.copyOf(program);
    }

    /** The filter for processes of this architecture. */
    public static SeccompFilter of(Architecture architecture) {
        List<BpfInstruction> program = new ArrayList<>();
        program.add(BpfInstruction.load(ARCHITECTURE_AT));
        program.add(BpfInstruction.ifEqual(AUDIT_ARCH_64_LE | architecture.machine(), 1, 0));
        program.add(BpfInstruction.answer(Verdict.KILL_PROCESS));
        program.add(BpfInstruction.load(NUMBER_AT));
        program.addAll(search(List.copyOf(rules(architecture).entrySet())));
        return new SeccompFilter(program);
    }

    /** The {@code struct sock_filter[]}, as {@link dev.velo.ffm.PlanCalls#seccomp} takes it. */
    public byte[] toBytes() {
        ByteBuffer out =
                ByteBuffer.allocate(program.size() * BpfInstruction.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (BpfInstruction instruction : program) {
            out.putShort((short) instruction.code())
                    .put((byte) instruction.jt())
                    .put((byte) instruction.jf())
                    .putInt(instruction.k());
        }
        return out.array();
    }

    List<BpfInstruction> program() {
        return program;
    }

    /** The rules by number: each from its key up to the next one. The first is 0. */
    private static NavigableMap<Long, Rule> rules(Architecture architecture) {
        NavigableMap<Long, Rule> starts = new TreeMap<>();
        starts.put(0L, Rule.ALLOW);
        for (RestrictedCall call : RestrictedCall.values()) {
            int number = call.number(architecture);
            if (number >= 0) {
                put(starts, number, number, call.rule());
            }
        }
        for (UnknownCalls.Range range : UnknownCalls.of(architecture)) {
            put(starts, range.first(), range.last(), UnknownCalls.rule());
        }
        return merged(starts);
    }

    private static void put(NavigableMap<Long, Rule> starts, long first, long last, Rule rule) {
        starts.put(first, rule);
        if (last != UnknownCalls.HIGHEST) {
            starts.putIfAbsent(last + 1, Rule.ALLOW);
        }
    }

    private static NavigableMap<Long, Rule> merged(NavigableMap<Long, Rule> starts) {
        NavigableMap<Long, Rule> merged = new TreeMap<>();
        for (Map.Entry<Long, Rule> start : starts.entrySet()) {
            if (merged.isEmpty() || !merged.lastEntry().getValue().isSame(start.getValue())) {
                merged.put(start.getKey(), start.getValue());
            }
        }
        return merged;
    }

    /** A binary search for the number in the accumulator; no way through it leads out at its end. */
    private static List<BpfInstruction> search(List<Map.Entry<Long, Rule>> rules) {
        if (rules.size() == 1) {
            return rules.getFirst().getValue().compile();
        }
        int middle = rules.size() / 2;
        int number = rules.get(middle).getKey().intValue();
        List<BpfInstruction> below = search(rules.subList(0, middle));
        List<BpfInstruction> program = new ArrayList<>();
        if (below.size() <= BpfInstruction.LONGEST_JUMP) {
            program.add(BpfInstruction.ifAtLeast(number, below.size(), 0));
        } else {
            program.add(BpfInstruction.ifAtLeast(number, 0, 1));
            program.add(BpfInstruction.jump(below.size()));
        }
        program.addAll(below);
        program.addAll(search(rules.subList(middle, rules.size())));
        return program;
    }
}
