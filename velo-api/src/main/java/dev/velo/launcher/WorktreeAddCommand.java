package dev.velo.launcher;

import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.UnavailableException;
import dev.velo.core.present.User;
import dev.velo.core.store.Store;
import dev.velo.project.Project;
import dev.velo.project.ReadyTree;
import dev.velo.project.TreeInstallation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo worktree add}: a worktree of git with the trees of its project. */
@Command(
        name = "add",
        sortOptions = false,
        description = {
            "Makes a worktree by git worktree add, and shows the project's dependency trees in it.",
            "As root they are mounted. Otherwise commands see them by velo run and velo shell in the worktree; --checkout makes"
                    + " directories of links for all other programs."
        })
final class WorktreeAddCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "PATH", description = "The worktree to make.")
    private String path = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "BRANCH",
            description = "What is checked out there; by default a new branch named as the worktree.")
    private @Nullable String branch;

    @Option(names = "-b", paramLabel = "NEW", description = "Makes a new branch, from BRANCH or HEAD on.")
    private @Nullable String newBranch;

    @Option(names = "--detach", description = "No branch: the commit alone is checked out.")
    private boolean detach;

    @Option(names = "--checkout", description = "Directories of hard links, where nothing is mounted.")
    private boolean checkout;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        byte[] target = ProcessFacts.path(path);
        Worktrees worktrees = Worktrees.here();
        List<String> words = new ArrayList<>(List.of("worktree", "add"));
        if (quiet) {
            words.add("--quiet");
        }
        if (detach) {
            words.add("--detach");
        }
        if (newBranch != null) {
            words.addAll(List.of("-b", Terminal.decoded(newBranch)));
        }
        words.addAll(List.of("--", StoreOptions.shown(target)));
        if (branch != null) {
            words.add(Terminal.decoded(branch));
        }
        worktrees.git().run(words);
        Project project = worktrees.projectIn(IngestCommand.realPath(target));
        try (Store opened = store.open()) {
            MakingLines.Telling telling = quiet ? MakingLines.Telling.QUIET : MakingLines.Telling.USUAL;
            ProjectTrees.place(project, ProjectTrees.ready(opened, project, telling), tree -> {
                if (tree.tree().isInProject()) {
                    show(opened, tree);
                }
            });
        }
        return 0;
    }

    private void show(Store opened, ReadyTree tree) throws IOException {
        TreeInstallation installation = new TreeInstallation(opened, tree);
        if (User.current().isRoot() && !checkout) {
            try {
                tell(tree, installation.mount());
                return;
            } catch (UnavailableException e) {
                Terminal.err().println("velo: " + tree.tree().name() + ": not by mount: " + e.getMessage());
            }
        }
        if (checkout) {
            tell(tree, installation.checkOut(CheckoutMode.LINK, TreeInstallation.Foreign.REFUSED));
        } else if (!quiet) {
            Terminal.out()
                    .println(
                            tree.tree().name()
                                    + ": seen by what velo run and velo shell start in the worktree; --checkout puts it there for all");
        }
    }

    private void tell(ReadyTree tree, TreeInstallation.Result result) {
        result.warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
        if (!quiet) {
            String what = result.outcome() == TreeInstallation.Outcome.MOUNTED ? "mounted" : "checked out by links";
            Terminal.out().println(StoreOptions.shown(tree.tree().place()) + ": " + what);
        }
    }
}
