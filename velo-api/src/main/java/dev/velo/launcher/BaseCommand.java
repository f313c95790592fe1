package dev.velo.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code velo base}: holds the ways to get a tree for others to stand on, does nothing itself. */
@Command(
        name = "base",
        sortOptions = false,
        description = {
            "Makes the manifest of a base: a whole root file system, which a command in a sandbox sees below its own tree.",
            "The commands below have options of their own: velo base COMMAND --help"
        },
        subcommands = {BaseBusyboxCommand.class, BaseRootfsCommand.class})
final class BaseCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to make the base of: busybox or rootfs");
    }
}
