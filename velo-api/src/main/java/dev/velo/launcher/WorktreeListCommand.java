package dev.velo.launcher;

import dev.velo.core.present.MountTable;
import dev.velo.project.Project;
import dev.velo.project.ProjectTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo worktree list}: the worktrees of the repository, and which trees are to be seen in them. */
@Command(
        name = "list",
        sortOptions = false,
        description =
                "Lists the worktrees of the repository around the working directory, and which trees are mounted in them.")
final class WorktreeListCommand implements Callable<Integer> {
    private static final String NONE = "-";

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        Worktrees worktrees = Worktrees.here();
        MountTable mounts = MountTable.read();
        TextTable table =
                new TextTable(TextTable.left("worktree"), TextTable.left("branch"), TextTable.left("mounted"));
        List<Object> listed = new ArrayList<>();
        for (Worktrees.Worktree each : worktrees.all()) {
            List<String> mounted = mounted(worktrees, each, mounts);
            String branch = each.branch();
            table.add(
                    StoreOptions.shown(each.path()),
                    branch == null ? NONE : branch,
                    mounted.isEmpty() ? NONE : String.join(" ", mounted));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", StoreOptions.shown(each.path()));
            if (branch != null) {
                fields.put("branch", branch);
            }
            fields.put("mounted", mounted);
            listed.add(fields);
        }
        if (json) {
            Json.print(Map.of("worktrees", listed));
        } else {
            table.print(Terminal.out());
        }
        return 0;
    }

    private static List<String> mounted(Worktrees worktrees, Worktrees.Worktree worktree, MountTable mounts)
            throws IOException {
        List<String> names = new ArrayList<>();
        Project project = worktrees.projectThere(worktree.path());
        if (project != null) {
            for (ProjectTree tree : project.resolve(ProjectTrees.user())) {
                if (tree.isInProject() && mounts.begins(tree.place())) {
                    names.add(tree.name());
                }
            }
        }
        return names;
    }
}
