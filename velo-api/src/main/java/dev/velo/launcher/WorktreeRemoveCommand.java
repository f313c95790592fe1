package dev.velo.launcher;

import dev.velo.core.store.Store;
import dev.velo.project.InstalledParts;
import dev.velo.project.KnownTrees;
import dev.velo.project.Project;
import dev.velo.project.ProjectSession;
import dev.velo.project.ProjectTree;
import dev.velo.project.TreeInstallation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo worktree remove}: a worktree goes, and leaves nothing mounted or behind. */
@Command(
        name = "remove",
        sortOptions = false,
        description =
                "Takes the dependency trees out of a worktree, with what was written over them, and removes it by git.")
final class WorktreeRemoveCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "PATH", description = "The worktree.")
    private String path = "";

    @Option(
            names = "--force",
            description = "Also with changes that are not committed, and from under commands that run there.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        byte[] target = IngestCommand.realPath(ProcessFacts.path(path));
        Worktrees worktrees = Worktrees.here();
        worktrees.requireRemovable(target);
        String shown = StoreOptions.shown(target);
        if (!force && !new Git(target).ask("status", "--porcelain").isEmpty()) {
            throw new IOException(shown + ": has changes that are not committed; commit them, or say --force");
        }
        Project project = worktrees.projectThere(target);
        if (project != null) {
            if (!force) {
                requireIdle(shown, project);
            }
            try (Store opened = store.open()) {
                List<ProjectTree> trees = project.resolve(ProjectTrees.user());
                for (ProjectTree tree : trees) {
                    if (tree.isInProject()) {
                        TreeInstallation.remove(tree);
                    }
                }
                InstalledParts.removeAll(project, trees);
                project.forgetState();
                new KnownTrees(opened).forget(project.folder());
            }
        }
        List<String> words = new ArrayList<>(List.of("worktree", "remove"));
        if (force) {
            words.add("--force");
        }
        words.addAll(List.of("--", shown));
        worktrees.git().run(words);
        return 0;
    }

    /** A command that goes on would lose what it writes to. */
    private static void requireIdle(String shown, Project project) throws IOException {
        List<String> processes = ProjectSession.processes(project);
        if (!processes.isEmpty()) {
            throw new IOException(shown + ": commands run there that see its trees, in process "
                    + String.join(", ", processes) + "; wait for their end, or say --force");
        }
    }
}
