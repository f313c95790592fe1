package dev.velo.launcher;

import dev.velo.core.present.CheckoutMode;
import dev.velo.core.store.Store;
import dev.velo.project.Project;
import dev.velo.project.ReadyTree;
import dev.velo.project.TreeInstallation;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo eject}: the trees of a project become ordinary directories. */
@Command(
        name = "eject",
        sortOptions = false,
        description = {
            "Makes ordinary directories of the dependency trees of the project around the working directory, with what its"
                    + " commands have written over them.",
            "Nothing of the project needs Velo then; velo.toml stays until you delete it."
        })
final class EjectCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(
            names = "--link",
            description = "Hard links without write permission, instead of files that can be written to.")
    private boolean link;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        Project project = ProjectTrees.require();
        MakingLines.Telling telling = quiet ? MakingLines.Telling.QUIET : MakingLines.Telling.USUAL;
        try (Store opened = store.open()) {
            ProjectTrees.place(project, ProjectTrees.ready(opened, project, telling), tree -> {
                if (tree.tree().isInProject()) {
                    eject(opened, tree);
                }
            });
        }
        return 0;
    }

    private void eject(Store opened, ReadyTree tree) throws IOException {
        TreeInstallation.Result result;
        try (Progress progress = Progress.start(quiet)) {
            result = new TreeInstallation(opened, tree).eject(link ? CheckoutMode.LINK : CheckoutMode.COPY, progress);
        }
        result.warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
        if (!quiet && result.outcome() == TreeInstallation.Outcome.CHECKED_OUT) {
            Terminal.out()
                    .println(StoreOptions.shown(tree.tree().place()) + ": an ordinary directory"
                            + (link ? " of links" : ""));
        }
    }
}
