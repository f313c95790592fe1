package dev.velo.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
final class VeloCommand extends CommandGroup {
    @Option(
            names = {"-V", "--version"},
            description = "Prints the version.")
    @SuppressWarnings("UnusedVariable") // Main has answered it
    private boolean version;

    @Override
    String advice() {
        return "name a command: init, install, run, shell, trees, eject, worktree, completion, ingest, exec, base, mount, umount, checkout, ls, cat, stat, diff, verify, gc, repack, root, status or doctor";
    }
}
