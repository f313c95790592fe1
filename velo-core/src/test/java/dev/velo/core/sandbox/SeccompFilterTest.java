package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.ffm.Architecture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compiled filter answers as the list says, on both architectures: it is run by an interpreter of its own. */
class SeccompFilterTest {
    private static final int NUMBERS = 600;
    private static final long[] INTERESTING = {
        0,
        1,
        2,
        3,
        8,
        10,
        16,
        17,
        31,
        40,
        0x80,
        0x100,
        0x400,
        0x5412,
        0x5413,
        0x541c,
        0x20000,
        0x20008,
        0x40000,
        0x2000000,
        0x4000000,
        0x8000000,
        0x10000000,
        0x20000000,
        0x40000000,
        0x80000000L,
        0xffffffffL,
        0x1_0000_0000L,
        0x1_0000_5412L,
        0x1_0000_541cL,
        0x1_0000_0001L,
        0x8000_0000_0000_0002L,
        0xffff_ffff_0002_0000L,
        -1
    };

    private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
    private static final int AUDIT_ARCH_AARCH64 = 0xc00000b7;

    private static int name(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> AUDIT_ARCH_X86_64;
            case AARCH64 -> AUDIT_ARCH_AARCH64;
        };
    }

    @ParameterizedTest
    @EnumSource
    void everyCallIsAnsweredAsTheListSays(Architecture architecture) {
        BpfMachine machine = new BpfMachine(SeccompFilter.of(architecture).toBytes());
        Map<Integer, RestrictedCall> calls = byNumber(architecture);
        List<String> wrong = new ArrayList<>();
        for (int number = 0; number <= NUMBERS; number++) {
            for (int argument = 0; argument < 6; argument++) {
                for (long value : INTERESTING) {
                    long[] arguments = new long[6];
                    arguments[argument] = value;
                    Verdict expected = expected(calls.get(number), architecture, number, arguments);
                    int answer = machine.run(BpfMachine.call(name(architecture), number, arguments));
                    if (answer != expected.action()) {
                        wrong.add("%d, argument %d 0x%x: 0x%x, not %s"
                                .formatted(number, argument, value, answer, expected));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** The list read plainly, and the gaps of the kernel's tables. */
    private static Verdict expected(
            @Nullable RestrictedCall call, Architecture architecture, int number, long[] arguments) {
        if (call == null) {
            boolean gap = number > 469
                    || (architecture == Architecture.X86_64 && number >= 337 && number <= 423)
                    || (architecture == Architecture.AARCH64 && number >= 295 && number <= 423)
                    || (architecture == Architecture.AARCH64 && number >= 244 && number <= 259);
            return gap ? Verdict.ENOSYS : Verdict.ALLOW;
        }
        ArgumentTest test = call.rule().test();
        return test == null || holds(test, arguments) ? call.rule().verdict() : Verdict.ALLOW;
    }

    private static boolean holds(ArgumentTest test, long[] arguments) {
        return switch (test) {
            case ArgumentTest.AnyBit any -> (arguments[any.argument()] & any.bits()) != 0;
            case ArgumentTest.OneOf one -> one.values().contains((int) arguments[one.argument()]);
            case ArgumentTest.NoneOf none -> !none.values().contains((int) arguments[none.argument()]);
        };
    }

    private static Map<Integer, RestrictedCall> byNumber(Architecture architecture) {
        Map<Integer, RestrictedCall> calls = new HashMap<>();
        for (RestrictedCall call : RestrictedCall.values()) {
            int number = call.number(architecture);
            if (number >= 0) {
                assertThat(calls.put(number, call)).as("twice: %d", number).isNull();
            }
        }
        return calls;
    }

    @ParameterizedTest
    @EnumSource
    void numbersOfX32AndNegativeOnesAreNoCalls(Architecture architecture) {
        BpfMachine machine = new BpfMachine(SeccompFilter.of(architecture).toBytes());
        for (int number :
                new int[] {0x40000000, 0x40000001, 0x40000000 | 165, 0x40000000 | 520, 0x7fffffff, 1 << 31, -1}) {
            assertThat(machine.run(BpfMachine.call(name(architecture), number))).isEqualTo(Verdict.ENOSYS.action());
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsOfOtherArchitecturesEndTheProcess(Architecture architecture) {
        BpfMachine machine = new BpfMachine(SeccompFilter.of(architecture).toBytes());
        Set<Integer> others = new HashSet<>(List.of(AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64));
        others.remove(name(architecture));
        others.addAll(List.of(0x40000003 /* i386 */, 0x40000028 /* arm */, 0, -1));
        for (int other : others) {
            for (int number = 0; number <= NUMBERS; number++) {
                assertThat(machine.run(BpfMachine.call(other, number))).isEqualTo(0x80000000);
            }
        }
    }

    /** Each call of a process pays for its filter; a list of as many comparisons would take eighty. */
    @ParameterizedTest
    @EnumSource
    void noCallTakesManyInstructions(Architecture architecture) {
        BpfMachine machine = new BpfMachine(SeccompFilter.of(architecture).toBytes());
        for (int number = 0; number <= NUMBERS; number++) {
            ByteBuffer call = BpfMachine.call(name(architecture), number, -1, -1, -1);
            machine.run(call);
            assertThat(machine.steps()).as("%d", number).isLessThanOrEqualTo(18);
        }
    }

    /** The actions of seccomp(2), typed a second time. */
    @ParameterizedTest
    @EnumSource
    void theAnswersAreTheKernels(Verdict verdict) {
        Map<Verdict, Long> actions = new TreeMap<>(Map.of(
                Verdict.ALLOW, 0x7fff0000L,
                Verdict.EPERM, 0x00050001L,
                Verdict.ENOSYS, 0x00050026L,
                Verdict.EAFNOSUPPORT, 0x00050061L,
                Verdict.KILL_PROCESS, 0x80000000L));
        assertThat(Integer.toUnsignedLong(verdict.action())).isEqualTo(actions.get(verdict));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRestrictedIsKnown(Architecture architecture) {
        List<String> unknown = new ArrayList<>();
        for (RestrictedCall call : RestrictedCall.values()) {
            for (UnknownCalls.Range range : UnknownCalls.of(architecture)) {
                int number = call.number(architecture);
                if (number >= range.first() && number <= range.last()) {
                    unknown.add(call.callName());
                }
            }
        }
        assertThat(unknown).isEmpty();
    }
}
