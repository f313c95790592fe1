package dev.velo.launcher;

import dev.velo.Velo;
import dev.velo.core.format.Hashing;
import dev.velo.ffm.IdentityCalls;
import dev.velo.ffm.ProcessCalls;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The launcher. Reads its arguments as the kernel has them, hands them to one command, and turns what that throws into one sentence
 * and an exit status.
 */
public final class Main {
    /** The status that says that Velo failed, where others say what came of the command. */
    static final int VELO_FAILED = 125;

    /** Commands whose other statuses have a meaning of their own. */
    private static final Set<String> TELLING_BY_STATUS = Set.of("run", "shell", "exec", "diff");

    private static final int USAGE = 2;
    private static final int FAILED = 1;

    /** As if SIGPIPE had ended this: whoever read the output has had enough. */
    private static final int BROKEN_PIPE = 141;

    /** A command's name and maker; only the one asked for is made, because each costs start-up time. */
    private record Entry(String name, Supplier<Object> maker) {}

    private static final List<Entry> COMMANDS = List.of(
            new Entry("init", InitCommand::new),
            new Entry("install", InstallCommand::new),
            new Entry("shell", ShellCommand::new),
            new Entry("trees", TreesCommand::new),
            new Entry("eject", EjectCommand::new),
            new Entry("worktree", WorktreeCommand::new),
            new Entry("completion", CompletionCommand::new),
            new Entry("ingest", IngestCommand::new),
            new Entry("run", RunCommand::new),
            new Entry("exec", ExecCommand::new),
            new Entry("base", BaseCommand::new),
            new Entry("mount", MountCommand::new),
            new Entry("umount", UmountCommand::new),
            new Entry("pack", PackCommand::new),
            new Entry("checkout", CheckoutCommand::new),
            new Entry("ls", ListCommand::new),
            new Entry("cat", CatCommand::new),
            new Entry("stat", StatCommand::new),
            new Entry("diff", DiffCommand::new),
            new Entry("verify", VerifyCommand::new),
            new Entry("gc", CollectCommand::new),
            new Entry("repack", RepackCommand::new),
            new Entry("root", RootCommand::new),
            new Entry("status", StatusCommand::new),
            new Entry("doctor", DoctorCommand::new));

    private Main() {}

    public static void main(String[] args) {
        List<String> arguments = ProcessFacts.arguments(args);
        begin(ManifestAhead.guess(arguments));
        int status = run(arguments);
        Terminal.err().flush();
        if (Terminal.out().checkError() && status == 0) {
            Terminal.err().println("velo: standard output cannot be written");
            status = FAILED;
        }
        exit(status);
    }

    /**
     * Ends the process at once: {@code System.exit} first finds a logger to tell of it, and then waits in steps of ten milliseconds for
     * compilers whose work nobody needs any more. Who starts the JVM without the script, or gives it options of their own, may want what
     * it does at its end.
     */
    private static void exit(int status) {
        boolean byScript = System.getProperty("velo.nofile") != null;
        String options = System.getenv("VELO_JAVA_OPTS");
        if (byScript && (options == null || options.isEmpty())) {
            ProcessCalls.exitGroup(status);
        }
        System.exit(status);
    }

    /** Links the system calls, finds the hash function and does this work on another processor, while this one reads the command line. */
    private static void begin(@Nullable Runnable work) {
        Thread linker = new Thread(
                () -> {
                    IdentityCalls.geteuid();
                    if (work != null) {
                        work.run();
                    }
                    Hashing.sha256();
                },
                "velo-link");
        linker.setDaemon(true);
        linker.start();
    }

    /** The commands of these names, as picocli knows them. */
    static CommandLine line(Predicate<String> names) {
        CommandLine line = new CommandLine(new VeloCommand());
        for (Entry entry : COMMANDS) {
            if (names.test(entry.name())) {
                line.addSubcommand(entry.name(), entry.maker().get());
            }
        }
        return line;
    }

    /** Runs one command and returns its status. */
    static int run(List<String> arguments) {
        if (!arguments.isEmpty()
                && (arguments.get(0).equals("--version") || arguments.get(0).equals("-V"))) {
            Terminal.out().println("velo " + Velo.version());
            return 0;
        }
        String wanted = arguments.stream()
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .orElse("");
        boolean known = COMMANDS.stream().anyMatch(entry -> entry.name().equals(wanted));
        if (!known && !wanted.isEmpty()) {
            String names = String.join(", ", COMMANDS.stream().map(Entry::name).toList());
            Terminal.err().println("velo: there is no command " + Terminal.decoded(wanted) + "; name one of " + names);
            return USAGE;
        }
        CommandLine line = line(name -> !known || name.equals(wanted));
        int usage = TELLING_BY_STATUS.contains(wanted) ? VELO_FAILED : USAGE;
        int failed = TELLING_BY_STATUS.contains(wanted) ? VELO_FAILED : FAILED;
        line.setOut(Terminal.out());
        line.setErr(Terminal.err());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false);
        for (String each : List.of("run", "exec")) {
            CommandLine command = line.getSubcommands().get(each);
            if (command != null) {
                command.setStopAtPositional(true);
            }
        }
        line.setParameterExceptionHandler((e, words) -> {
            Terminal.err().println("velo: " + Terminal.decoded(String.valueOf(e.getMessage())));
            Terminal.err().println("Try: velo " + (known ? wanted + " " : "") + "--help");
            return usage;
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (Failure.isBrokenPipe(e)) {
                return BROKEN_PIPE;
            }
            Terminal.err().println("velo: " + Failure.sentence(e));
            if (e instanceof IllegalArgumentException) {
                Terminal.err().println("Try: velo " + wanted + " --help");
                return usage;
            }
            if (Boolean.getBoolean("velo.trace")) {
                e.printStackTrace(Terminal.err());
            }
            return failed;
        });
        return line.execute(arguments.toArray(new String[0]));
    }
}
