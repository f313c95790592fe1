package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Trees of a project at their places, for programs that Velo does not start. */
@Execution(ExecutionMode.CONCURRENT)
final class ProjectInstallTest {
    @TempDir
    private Path temporary;

    private ToolProject mounting() throws Exception {
        assumeTrue(HostileTree.isRoot(), "mounting takes root");
        ToolProject project = ToolProject.make(Caller.all().getFirst(), temporary);
        Outcome run = project.velo("run", "-q", "--mode", "mount", "--", "true").run();
        assumeTrue(run.status() == 0, run.complaint());
        return project;
    }

    @ForEachCaller
    void aCheckoutIsPutBackWhereToolsHaveChangedIt(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        assertThat(project.velo("install", "--link").run().ended(0).text()).contains("checked out by links");
        assertThat(project.modules().resolve("left/index.js")).hasContent("1.0.0");

        assertThat(project.velo("install", "--link").run().succeeded().text()).contains("as it should be already");
        project.shell("rm -r node_modules/left; touch node_modules/new").run().succeeded();
        assertThat(project.velo("install", "--link").run().succeeded().text()).contains("checked out by links");

        assertThat(Workplace.names(project.modules())).containsExactly("left", "more", "names", "pad", "right", "some");
        assertThat(Workplace.names(project.folder().resolve(".velo/new"))).isEmpty();
        assertThat(project.calls()).hasSize(1);
    }

    @ForEachCaller
    void writersInPlaceAreRefusedUnlessTheyAreRoot(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.velo("install", "-q", "--link").run().succeeded();

        Outcome write = project.shell("echo x > node_modules/left/index.js").run();

        if (!caller.prefix().isEmpty() || !HostileTree.isRoot()) {
            assertThat(write.complaint()).contains("Permission denied");
            assertThat(project.place().problems()).isEmpty();
        }
    }

    @ForEachCaller
    void aChangedLockfileChangesTheCheckout(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.velo("install", "-q", "--link").run().succeeded();
        project.lock(ToolProject.LOCK.replace("pad 1.3.0", "pad 2"));

        project.velo("install", "--link", "--frozen").run().failed(1, "node_modules is not known", "--frozen");
        project.velo("install", "-q", "--link").run().succeeded();

        assertThat(project.modules().resolve("pad/index.js")).hasContent("2");
    }

    @ForEachCaller
    void aDirectoryOfSomebodyElseIsReplacedOnRequestOnly(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.place().directory("project/node_modules");
        project.place().file("project/node_modules/mine", "mine");

        project.velo("install", "-q", "--link").run().failed(1, "was not put there by Velo", "--force");
        assertThat(project.modules().resolve("mine")).hasContent("mine");

        project.velo("install", "-q", "--link", "--force").run().succeeded();
        assertThat(project.modules().resolve("mine")).doesNotExist();
    }

    @ForEachCaller
    void aProjectCanLeaveWithWhatItsCommandsWrote(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("echo mine > node_modules/mine; rm -r node_modules/pad")
                .run()
                .succeeded();

        project.velo("eject", "-q").run().succeeded();

        assertThat(Workplace.names(project.modules()))
                .containsExactly("left", "mine", "more", "names", "right", "some");
        project.shell("echo x > node_modules/left/index.js").run().succeeded();
        assertThat(project.place().problems()).isEmpty();
        assertThat(project.velo("eject").run().ended(0).complaint()).contains("an ordinary directory already");
    }

    @ForEachCaller
    void linksBecomeFilesThatCanBeWrittenTo(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.velo("install", "-q", "--link").run().succeeded();

        project.velo("eject", "-q").run().succeeded();

        project.shell("echo x > node_modules/left/index.js").run().succeeded();
        assertThat(project.place().problems()).isEmpty();
    }

    @Test
    void rootMountsTreesThatCanBeWrittenTo() throws Exception {
        ToolProject project = mounting();

        assertThat(project.velo("install").run().succeeded().text()).contains("mounted");
        Files.writeString(project.modules().resolve("left/index.js"), "mine");

        assertThat(project.velo("install").run().succeeded().text()).contains("as it should be already");
        assertThat(project.velo("run", "-q", "--mode", "auto", "--", "cat", "node_modules/left/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("mine");
        assertThat(project.place().problems()).isEmpty();
        project.lock(ToolProject.LOCK.replace("pad 1.3.0", "pad 2"));
        project.velo("install", "-q").run().succeeded();
        assertThat(project.modules().resolve("pad/index.js")).hasContent("2");
        assertThat(project.modules().resolve("left/index.js")).hasContent("1.0.0");
        project.velo("eject", "-q").run().succeeded();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(" " + project.modules() + " ");
        assertThat(project.modules().resolve("pad/index.js")).hasContent("2");
    }

    @Test
    void whatIsCheckedSaysWhatTheToolWouldMake() throws Exception {
        ToolProject project = mounting();
        project.velo("install", "-q").run().succeeded();

        assertThat(project.velo("install", "--check").run().ended(0).text()).contains("just what npm makes");
    }

    @ForEachCaller
    void whatIsPrintedAsJsonIsNothingElse(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);

        assertThat(project.velo("install", "--link", "--json").run().succeeded().text())
                .startsWith("{")
                .contains("\"outcome\":\"checked_out\"");
        project.place().file("more", "more");
        assertThat(project.velo("install", "--check", "--json").run().ended(1).text())
                .startsWith("{")
                .contains("\"change\":\"deleted\"", "\"path\":\"left/added\"");
    }

    @ForEachCaller
    void treesAreListedByProjectAndForgotten(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();

        assertThat(project.velo("trees").run().succeeded().text())
                .contains(project.folder().toString(), "node_modules");
        assertThat(project.velo("trees", "--json").run().succeeded().text()).contains("\"decidedBy\":[\"velo-tree 1\"");

        assertThat(project.velo("trees", "--forget", "1h").run().succeeded().text())
                .startsWith("0 trees");
        assertThat(project.velo("trees", "--forget", "0s").run().succeeded().text())
                .startsWith("1 trees");
        assertThat(project.velo("trees").run().succeeded().text()).contains("no tree is known");
        project.run("true").run().succeeded();
        assertThat(project.calls()).hasSize(2);
    }
}
