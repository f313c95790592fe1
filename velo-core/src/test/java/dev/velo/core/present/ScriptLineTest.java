package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.tree.PathBytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The first line of a script means what it means to the kernel. */
class ScriptLineTest {
    private static @Nullable String read(String start) {
        ScriptLine line = ScriptLine.of(PathBytes.of(start));
        if (line == null) {
            return null;
        }
        byte[] argument = line.argument();
        return PathBytes.show(line.interpreter()) + (argument == null ? "" : "|" + PathBytes.show(argument));
    }

    @Test
    void anInterpreterAndAtMostOneArgument() {
        assertThat(read("#!/bin/sh\necho")).isEqualTo("/bin/sh");
        assertThat(read("#! \t/bin/sh \t\n")).isEqualTo("/bin/sh");
        assertThat(read("#!/usr/bin/env -S  python3 -u \nx")).isEqualTo("/usr/bin/env|-S  python3 -u");
        assertThat(read("#!/bin/sh")).isEqualTo("/bin/sh");
    }

    @Test
    void aLineWithoutAnInterpreterIsNone() {
        assertThat(read("#!\n/bin/sh")).isNull();
        assertThat(read("#!   \n")).isNull();
        assertThat(read("#!")).isNull();
    }

    @Test
    void noMoreIsReadThanTheKernelReads() {
        String argument = "a".repeat(300);
        assertThat(read("#!/bin/sh " + argument)).isEqualTo("/bin/sh|" + argument.substring(0, 245));
    }
}
