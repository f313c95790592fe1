package dev.velo.core.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call.
 *
 * @param verdict what it is
 * @param test where it is that, {@link Verdict#ALLOW} being the answer elsewhere; null for everywhere
 */
record Rule(Verdict verdict, @Nullable ArgumentTest test) {
    static final Rule ALLOW = new Rule(Verdict.ALLOW, null);

    /** Whether both have one answer, the same, to all arguments. */
    boolean isSame(Rule other) {
        // the equals of a record would cost a launch milliseconds
        return verdict == other.verdict && test == null && other.test == null;
    }

    List<BpfInstruction> compile() {
        return test == null ? List.of(BpfInstruction.answer(verdict)) : test.compile(verdict);
    }
}
