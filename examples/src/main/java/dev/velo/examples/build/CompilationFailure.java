package dev.velo.examples.build;

import java.io.IOException;

/** The sources have errors; the message is what the compiler says. */
public final class CompilationFailure extends IOException {
    private static final long serialVersionUID = 1;

    CompilationFailure(String diagnostics) {
        super(diagnostics);
    }
}
