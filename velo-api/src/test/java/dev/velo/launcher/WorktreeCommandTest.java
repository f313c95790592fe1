package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Worktrees of git with the dependency trees of their project. */
@Execution(ExecutionMode.CONCURRENT)
final class WorktreeCommandTest {
    private static final Path GIT = Path.of("/usr/bin/git");

    @TempDir
    private Path temporary;

    private ToolProject repository(Caller caller) throws Exception {
        assumeTrue(Files.isExecutable(GIT), "takes git");
        ToolProject project = ToolProject.make(caller, temporary);
        project.shell("""
                        git init -q -b main . &&
                        echo node_modules >> .gitignore &&
                        git add . &&
                        git -c user.name=x -c user.email=x@y commit -q -m one""").run().succeeded();
        return project;
    }

    @ForEachCaller
    void eachWorktreeHasItsOwnLayerOverOneTree(Caller caller) throws Exception {
        ToolProject project = repository(caller);
        project.velo("worktree", "add", "-q", "../one").run().succeeded();
        project.velo("worktree", "add", "-q", "-b", "second", "../two").run().succeeded();
        Path one = project.place().folder().resolve("one");
        Path two = project.place().folder().resolve("two");

        project.run("echo one > node_modules/left/index.js").in(one).run().ended(0);

        assertThat(project.run("cat node_modules/left/index.js")
                        .in(one)
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("one\n");
        assertThat(project.run("cat node_modules/left/index.js")
                        .in(two)
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("1.0.0\n");
        assertThat(project.calls()).hasSize(1);
        assertThat(project.velo("worktree", "list").run().succeeded().text())
                .contains(one.toString(), two.toString(), "second");
    }

    @ForEachCaller
    void whatIsRemovedLeavesNothing(Caller caller) throws Exception {
        ToolProject project = repository(caller);
        project.velo("worktree", "add", "-q", "--checkout", "../one").run().succeeded();
        Path one = project.place().folder().resolve("one");
        assertThat(one.resolve("node_modules/left/index.js")).hasContent("1.0.0");
        project.place().file("one/notes", "mine");

        project.velo("worktree", "remove", "../one").run().failed(1, "changes that are not committed", "--force");
        assertThat(one.resolve("node_modules/left/index.js")).exists();
        project.velo("worktree", "remove", "--force", "../one").run().succeeded();

        assertThat(one).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(one.toString());
        assertThat(project.velo("worktree", "list").run().succeeded().text()).doesNotContain(one.toString());
        assertThat(project.velo("trees").run().succeeded().text()).doesNotContain(one.toString());
    }

    @ForEachCaller
    void aWorktreeWhereACommandRunsStays(Caller caller) throws Exception {
        ToolProject project = repository(caller);
        project.velo("worktree", "add", "-q", "../one").run().succeeded();
        Path one = project.place().folder().resolve("one");
        Launch.Started running = project.run("echo in; read word; cat node_modules/left/index.js")
                .in(one)
                .start()
                .says("in");

        project.velo("worktree", "remove", "../one").run().failed(1, "commands run there", "--force");
        running.answer("go on");

        assertThat(running.await().succeeded().text()).isEqualTo("in\n1.0.0\n");
        project.velo("worktree", "remove", "../one").run().succeeded();
        assertThat(one).doesNotExist();
    }

    @ForEachCaller
    void onlyWorktreesOfTheRepositoryAreRemoved(Caller caller) throws Exception {
        ToolProject project = repository(caller);
        Path other = project.place().directory("other");

        project.velo("worktree", "remove", other.toString()).run().failed(1, "is no worktree of this repository");
        project.velo("worktree", "remove", ".").run().failed(1, "the repository's own folder");
        assertThat(other).exists();
    }

    @ForEachCaller
    void partsOfATreeComeAndGoWithTheWorktree(Caller caller) throws Exception {
        ToolProject project = repository(caller);
        project.lock(ToolProject.LOCK + "workspace 1\n");
        project.shell("git -c user.name=x -c user.email=x@y commit -q -a -m two")
                .run()
                .succeeded();
        project.velo("worktree", "add", "-q", "--checkout", "../one").run().succeeded();
        Path one = project.place().folder().resolve("one");
        assertThat(one.resolve("packages/a/node_modules/own/index.js")).hasContent("own");

        project.velo("worktree", "remove", "../one").run().succeeded();

        assertThat(one).doesNotExist();
    }
}
