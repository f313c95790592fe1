package dev.velo.launcher;

import picocli.CommandLine.Command;

/** {@code velo root}: holds what there is to do with the registered manifests of a store, does nothing itself. */
@Command(
        name = "root",
        sortOptions = false,
        description = {
            "The registered manifests of the store: what a collection keeps.",
            "The commands below have options of their own: velo root COMMAND --help"
        },
        subcommands = {RootAddCommand.class, RootListCommand.class, RootRemoveCommand.class, RootRestoreCommand.class})
final class RootCommand extends CommandGroup {
    @Override
    String advice() {
        return "name what to do with registered manifests: add, list, remove or restore";
    }
}
