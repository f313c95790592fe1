package dev.velo.core.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.ffm.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of the list are those of the kernel's headers: a C compiler is asked. Calls that are newer than the headers pass. */
class SeccompNumbersTest {
    @TempDir
    Path directory;

    @Test
    void ofX86() throws Exception {
        assumeTrue(Architecture.current() == Architecture.X86_64, "the headers of x86-64 are elsewhere");
        compare(Architecture.X86_64, "#include <asm/unistd_64.h>\n");
    }

    @Test
    void ofAarch64() throws Exception {
        compare(Architecture.AARCH64, "#define __ARCH_WANT_SYS_CLONE3\n#include <asm-generic/unistd.h>\n");
    }

    private void compare(Architecture architecture, String headers) throws Exception {
        StringBuilder c = new StringBuilder(headers);
        for (RestrictedCall call : RestrictedCall.values()) {
            String macro = "__NR_" + call.callName();
            int number = call.number(architecture);
            c.append("#ifdef ").append(macro).append('\n');
            c.append("_Static_assert(%s == %d, \"%s\");%n".formatted(macro, number, call.callName()));
            // what the headers of 6.1 have may not be left to their being older
            c.append(number >= 0 && number <= 450 ? "#else\n#error " + macro + "\n#endif\n" : "#endif\n");
        }
        Path file = Files.writeString(directory.resolve("numbers.c"), c.toString());
        CompiledProgram.compile("-std=c11", "-fsyntax-only", file.toString());
    }
}
