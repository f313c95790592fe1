package dev.velo.launcher;

import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.Presentation;
import dev.velo.core.store.Store;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.Statx;
import dev.velo.project.Project;
import dev.velo.project.ProjectSession;
import dev.velo.project.ReadyTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code velo run} without a tree: shows the dependency trees of the project around the working directory to a command. */
final class ProjectRun {
    private static final String MANIFEST_ENDING = ".velo";

    /** What becomes of the plan. */
    @FunctionalInterface
    interface Become {
        void of(Plan plan) throws IOException;
    }

    private final Store store;
    private final Project project;
    private final MakingLines.Telling telling;
    private List<Presentation> chain = Presentation.DIRECTORIES;

    ProjectRun(Store store, Project project, MakingLines.Telling telling) {
        this.store = store;
        this.project = project;
        this.telling = telling;
    }

    /** Shows the trees by the first of these that can be had. */
    ProjectRun by(List<Presentation> presentations) {
        chain = presentations;
        return this;
    }

    /**
     * Whether the words after {@code run} begin with a tree, and not with the command: a manifest or a directory that is there, a word
     * that can only be meant as a manifest, or anything before a {@code --}.
     */
    static boolean namesTree(List<String> words) throws IOException {
        String first = words.getFirst();
        if (first.endsWith(MANIFEST_ENDING) || (words.size() > 1 && words.get(1).equals("--"))) {
            return true;
        }
        Statx stat = new Statx();
        byte[] path = ProcessFacts.path(first);
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, path, 0, stat);
        } catch (ErrnoException e) {
            return false;
        }
        return stat.type() == Statx.S_IFDIR || (stat.type() == Statx.S_IFREG && Store.isManifest(path));
    }

    /** Hands over the plan that shows the trees to this command, whose directory is this one unless it is named, and tells of them. */
    void run(byte @Nullable [] directory, List<String> command, RunTelling run, Become become) throws IOException {
        List<ReadyTree> ready = ProjectTrees.ready(store, project, telling);
        byte[] working = directory == null ? ProcessFacts.workingDirectory() : directory;
        List<byte[]> words = new ArrayList<>();
        command.forEach(word -> words.add(word.getBytes(StandardCharsets.ISO_8859_1)));
        CommandProcess process = new CommandProcess(
                words,
                CommandProcess.environmentIn(working, ProcessFacts.environment()),
                ProcessFacts.ignoredSignals());
        new ProjectSession(store, project, ProjectTrees.user()).show(ready, chain, working, process, (plan, seen) -> {
            seen.forEach(run::tree);
            become.of(plan);
        });
    }
}
