package dev.velo.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code velo}: holds the commands, does nothing itself. */
@Command(
        name = "velo",
        sortOptions = false,
        description = "Keeps file trees in a content-addressed store and shows them to processes.",
        footer = {
            "",
            "The store is --store, else $VELO_STORE, else $XDG_DATA_HOME/velo, else ~/.local/share/velo.",
            "Help for a command: velo COMMAND --help"
        })
final class VeloCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            description = "Prints the version.")
    @SuppressWarnings("UnusedVariable") // Main has answered it
    private boolean version;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: ingest, run, base, mount, umount, checkout, ls, cat, stat, diff, verify, status or doctor");
    }
}
