package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A program in a sandbox that was given a terminal does not type into it. */
@Execution(ExecutionMode.CONCURRENT)
final class SandboxTerminalAttackTest {
    private static final Path LEGACY = Path.of("/proc/sys/dev/tty/legacy_tiocsti");

    @TempDir
    private Path temporary;

    @ForEachCaller
    void nobodyTypesIntoTheTerminal(Caller caller) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script(1) is not installed");
        Attacker attacker = Attacker.in(caller, temporary);
        // the kernel looks at the lower half of the request alone
        String attacks = "type , type 1 , type 0xdeadbeef";

        assertThat(onTerminal(attacker, "on", attacks + " , console"))
                .hasSize(4)
                .allMatch(line -> line.endsWith(" refused"));
        // without the filter a console's call comes as far as to the terminal, whose kind has none
        assertThat(onTerminal(attacker, "off", "console")).containsExactly("console SUCCEEDED");
        assumeTrue(
                !Files.exists(LEGACY) || Files.readString(LEGACY).startsWith("1"), "the kernel refuses to type at all");
        assertThat(onTerminal(attacker, "off", attacks)).hasSize(3).allMatch(line -> line.endsWith(" SUCCEEDED"));
    }

    private static List<String> onTerminal(Attacker attacker, String filter, String attacks)
            throws IOException, InterruptedException {
        Outcome outcome = attacker.place()
                .shell("export WORDS=\"$*\"; exec script -qec \"$WORDS run --isolate --mode link --seccomp " + filter
                        + " --manifest attack.velo --at /attack --base base.velo -- " + Attacker.INSIDE + " " + attacks
                        + "\" /dev/null")
                .run();
        return outcome.lines().stream()
                .map(String::strip)
                .filter(line -> line.endsWith("SUCCEEDED") || line.endsWith("refused") || line.endsWith("BROKEN"))
                .toList();
    }
}
