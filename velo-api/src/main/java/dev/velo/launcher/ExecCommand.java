package dev.velo.launcher;

import dev.velo.core.present.CommandProcess;
import dev.velo.core.sandbox.SandboxJoin;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Plan;
import dev.velo.ffm.Runner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo exec}: a further command in a running sandbox. This process becomes its parent; no JVM stays behind. */
@Command(
        name = "exec",
        sortOptions = false,
        customSynopsis = "velo exec [OPTIONS] PROCESS [--] COMMAND...",
        description = {
            "Runs a command in a sandbox that is running.",
            "PROCESS is the number of the velo run --isolate that launched it."
        },
        footer = "Status: the command's own; 127 not found, 126 not executable, 125 Velo failed.")
final class ExecCommand implements Callable<Integer> {
    private static final byte[] SLASH = PathBytes.of("/");

    @Mixin
    private final EnvironmentOptions environment = new EnvironmentOptions();

    @Option(names = "--chdir", paramLabel = "DIR", description = "The working directory; / by default.")
    private @Nullable String directory;

    @Option(
            names = {"-v", "--verbose"},
            description = "Tells every system call.")
    private boolean verbose;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Parameters(arity = "0..*", hidden = true, paramLabel = "WORD", description = "The process, then the command.")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<String> command = new ArrayList<>(words);
        if (command.isEmpty() || !command.getFirst().matches("[0-9]{1,9}")) {
            throw new IOException(
                    "name the process of the velo run --isolate that launched the sandbox, by its number");
        }
        int process = Integer.parseInt(command.removeFirst());
        if (!command.isEmpty() && command.getFirst().equals("--")) {
            command.removeFirst();
        }
        if (command.isEmpty()) {
            throw new IOException("name the command to run in the sandbox after " + process + " --");
        }
        byte[] working =
                directory == null ? SLASH : PathBytes.normalize(SLASH, directory.getBytes(StandardCharsets.ISO_8859_1));
        List<byte[]> bytes = command.stream()
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        Plan plan = SandboxJoin.of(process)
                .plan(
                        working,
                        new CommandProcess(bytes, environment.variables(working), ProcessFacts.ignoredSignals()));
        if (verbose) {
            Terminal.err().print(plan.describe());
        }
        Terminal.err().flush();
        Runner.become(plan, ProcessFacts.runnerOptions());
        return Main.VELO_FAILED;
    }
}
