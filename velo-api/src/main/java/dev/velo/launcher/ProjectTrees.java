package dev.velo.launcher;

import dev.velo.core.store.Store;
import dev.velo.ffm.Plan;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.Runner;
import dev.velo.ffm.SpawnedProcess;
import dev.velo.project.InstalledParts;
import dev.velo.project.Project;
import dev.velo.project.ProjectSession;
import dev.velo.project.ProjectTree;
import dev.velo.project.ReadyTree;
import dev.velo.project.ToolFailedException;
import dev.velo.project.TreeKey;
import dev.velo.project.TreeMaker;
import dev.velo.project.UserFacts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trees of a project, for the commands that show them. */
final class ProjectTrees {
    private ProjectTrees() {}

    /** The project around the working directory; null if there is none. */
    static @Nullable Project around() throws IOException {
        return Project.around(ProcessFacts.workingDirectory());
    }

    /** The same, which must be there. */
    static Project require() throws IOException {
        Project project = around();
        if (project == null) {
            throw new IOException(StoreOptions.shown(ProcessFacts.workingDirectory())
                    + " is in no project: there is no velo.toml here or above; velo init writes one");
        }
        return project;
    }

    static UserFacts user() {
        return new UserFacts(ProcessFacts.environment());
    }

    static TreeMaker maker(Store opened, MakingLines.Telling telling) {
        return new TreeMaker(opened, user(), ProjectTrees::await, new MakingLines(telling));
    }

    /** All trees of a project; those that nobody knows are made. */
    static List<ReadyTree> ready(Store opened, Project project, MakingLines.Telling telling) throws IOException {
        ProjectSession session = new ProjectSession(opened, project, user());
        return ready(opened, session, session.keys(), telling);
    }

    /** The trees of these keys of the session; those that nobody knows are made. */
    static List<ReadyTree> ready(
            Store opened, ProjectSession session, Map<ProjectTree, TreeKey> keys, MakingLines.Telling telling)
            throws IOException {
        try {
            return session.require(keys, maker(opened, telling));
        } catch (ToolFailedException e) {
            MakingLines.tell(e);
            throw e;
        }
    }

    /** What is done with a tree, or a part of one, where it stands. */
    @FunctionalInterface
    interface Placing {
        void of(ReadyTree tree) throws IOException;
    }

    /** Does something with all trees of a project, and their parts, which puts those in their places; other parts are taken away. */
    static void place(Project project, List<ReadyTree> ready, Placing placing) throws IOException {
        InstalledParts parts = new InstalledParts(project, ready);
        parts.begin();
        for (ReadyTree tree : ReadyTree.all(ready)) {
            placing.of(tree);
        }
        parts.finish();
    }

    /** Runs a plan beside this process, and returns the status of its command. */
    static int await(Plan plan) throws IOException {
        Terminal.err().flush();
        try (SpawnedProcess runner = Runner.start(plan, ProcessFacts.runnerOptions())) {
            // they are for the command, and there is work to do when they have ended it
            ProcessCalls.ignoreSignal(ProcessCalls.SIGINT);
            ProcessCalls.ignoreSignal(ProcessCalls.SIGQUIT);
            return runner.waitFor().shellStatus();
        }
    }
}
