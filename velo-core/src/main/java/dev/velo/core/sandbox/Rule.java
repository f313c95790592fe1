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

    List<BpfInstruction> compile() {
        return test == null ? List.of(BpfInstruction.answer(verdict)) : test.compile(verdict);
    }
}
