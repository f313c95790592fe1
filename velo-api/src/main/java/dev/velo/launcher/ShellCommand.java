package dev.velo.launcher;

import dev.velo.core.store.Store;
import dev.velo.ffm.Runner;
import dev.velo.project.Project;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo shell}: a shell that sees the trees of the project. */
@Command(
        name = "shell",
        sortOptions = false,
        description =
                "Runs your shell with the dependency trees of the project around the working directory shown to it.",
        footer = "Status: the shell's own; 125 Velo failed.")
final class ShellCommand implements Callable<Integer> {
    private static final String DEFAULT = "/bin/sh";

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        Project project = ProjectTrees.require();
        String shell = ProcessFacts.variable("SHELL");
        RunTelling telling = new RunTelling(RunTelling.Manner.USUAL);
        MakingLines.Telling making = quiet ? MakingLines.Telling.QUIET : MakingLines.Telling.USUAL;
        try (Store opened = store.open()) {
            new ProjectRun(opened, project, making)
                    .run(null, List.of(shell.isEmpty() ? DEFAULT : shell), telling, plan -> {
                        telling.begins(plan);
                        Runner.become(plan, ProcessFacts.runnerOptions());
                    });
        }
        return Main.VELO_FAILED;
    }
}
