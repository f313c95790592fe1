package dev.velo.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that turns into the runner. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunnerBecomeTest {
    private static final int LIMIT = 321;

    @TempDir
    Path directory;

    /** Becomes the runner of a command: the arguments. */
    static final class Launcher {
        private Launcher() {}

        public static void main(String[] arguments) throws Exception {
            PlanBuilder plan = new PlanBuilder().ignoreSignals(1L << (ProcessCalls.SIGPIPE - 1));
            plan.restoreMask();
            List<byte[]> argv = List.of(arguments).stream().map(Texts::bytes).toList();
            plan.what("cannot run " + arguments[0])
                    .execSearch(argv.getFirst(), argv, Texts.list("PATH=/usr/bin:/bin"), Texts.bytes("/usr/bin:/bin"));
            Runner.become(
                    plan.build(),
                    RunnerOptions.DEFAULT.withSoftDescriptorLimit(LIMIT).withName("velo run"));
        }
    }

    private NativeTools.Outcome launch(String shellBefore, String... command) throws Exception {
        NativeTools.assumeTool("bash");
        String line = shellBefore
                + " exec '"
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path")
                + "' '"
                + Launcher.class.getName()
                + "' \"$@\"";
        String[] all = new String[4 + command.length];
        System.arraycopy(new String[] {"bash", "-c", line, "bash"}, 0, all, 0, 4);
        System.arraycopy(command, 0, all, 4, command.length);
        return NativeTools.run(all);
    }

    @Test
    void theCommandRunsInTheJvmsProcess() throws Exception {
        NativeTools.Outcome outcome =
                launch("echo $$;", "sh", "-c", "echo $PPID; tr '\\0' ' ' < /proc/$PPID/cmdline; exit 9");
        String[] lines = outcome.output().split("\n", -1);
        assertThat(lines[1]).isEqualTo(lines[0]);
        assertThat(lines[2]).startsWith("velo run ");
        assertThat(outcome.status()).isEqualTo(9);
    }

    @Test
    void theCommandHasWhatTheJvmInheritedAndNothingOfTheJvms() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "inherited\n");
        NativeTools.Outcome outcome = launch(
                "exec 63< '" + file + "' 10>&- 251>&-;",
                "bash",
                "-c",
                "cat <&63; readlink /proc/$$/fd/*; ulimit -Sn; grep -E 'Sig(Blk|Ign)' /proc/$$/status");
        assertThat(outcome.output())
                .startsWith("inherited\n")
                .contains("\n" + LIMIT + "\n")
                .contains("SigBlk:\t0000000000000000\n")
                .doesNotContain("modules")
                .doesNotContain(".jar")
                .doesNotContain("memfd");
        assertThat(Texts.signals(outcome.output(), "SigIgn") & 1L << (ProcessCalls.SIGPIPE - 1))
                .isNotZero();
    }

    @Test
    void aFailedExecutionIsTheRunners() throws Exception {
        NativeTools.Outcome outcome = launch("", "no-such-command");
        assertThat(outcome)
                .isEqualTo(new NativeTools.Outcome(
                        127, "velo: cannot run no-such-command: execve no-such-command: No such file or directory\n"));
    }
}
