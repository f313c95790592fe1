package dev.velo.launcher;

import picocli.CommandLine.Command;

/** {@code velo base}: holds the ways to get a tree for others to stand on, does nothing itself. */
@Command(
        name = "base",
        sortOptions = false,
        description = {
            "Makes the manifest of a base: a whole root file system, which a command in a sandbox sees below its own tree.",
            "The commands below have options of their own: velo base COMMAND --help"
        },
        subcommands = {BaseBusyboxCommand.class, BaseRootfsCommand.class})
final class BaseCommand extends CommandGroup {
    @Override
    String advice() {
        return "name what to make the base of: busybox or rootfs";
    }
}
