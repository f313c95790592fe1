package dev.velo.launcher;

import picocli.CommandLine.Command;

/** {@code velo worktree}: holds what there is to do with worktrees, does nothing itself. */
@Command(
        name = "worktree",
        sortOptions = false,
        description = {
            "Worktrees of git in which every dependency tree of the project is seen, each with a writable layer of its own.",
            "The commands below have options of their own: velo worktree COMMAND --help"
        },
        subcommands = {WorktreeAddCommand.class, WorktreeListCommand.class, WorktreeRemoveCommand.class})
final class WorktreeCommand extends CommandGroup {
    @Override
    String advice() {
        return "name what to do with worktrees: add, list or remove";
    }
}
