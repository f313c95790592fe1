package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Trees of which a tool puts parts at further places, as for the packages of a workspace. */
@Execution(ExecutionMode.CONCURRENT)
final class ProjectPartsTest {
    private static final String WORKSPACE = ToolProject.LOCK + "workspace 1\n";
    private static final String PART = "packages/a/node_modules";

    @TempDir
    private Path temporary;

    private ToolProject workspace(Caller caller) throws Exception {
        return ToolProject.make(caller, temporary).lock(WORKSPACE);
    }

    private static Path part(ToolProject project) {
        return project.folder().resolve(PART);
    }

    private static List<String> seen(ToolProject project) throws Exception {
        return project.run("ls " + PART).run().succeeded().text().lines().toList();
    }

    @ForEachCaller
    void partsAreMadeOnceAndSeenByCommands(Caller caller) throws Exception {
        ToolProject project = workspace(caller);

        for (int i = 0; i < 2; i++) {
            Outcome run = project.run("cat " + PART + "/own/index.js node_modules/workspace/index.js; ls packages")
                    .run();
            assertThat(run.succeeded().text()).isEqualTo("own\n1\na\n");
        }

        assertThat(project.calls()).hasSize(1);
        assertThat(project.folder().resolve("packages")).doesNotExist();
        assertThat(project.velo("trees").run().succeeded().text()).contains(PART);
        assertThat(project.place().problems()).isEmpty();
    }

    @ForEachCaller
    void whatACommandWritesThereIsKeptForTheProject(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.run("echo mine > " + PART + "/mine; rm -r " + PART + "/own")
                .run()
                .succeeded();

        assertThat(seen(project)).containsExactly("mine");

        project.lock(WORKSPACE + "further 1\n");
        assertThat(seen(project)).containsExactly("own");
    }

    @ForEachCaller
    void whatStandsThereIsHiddenFromTheToolAndNotReplaced(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.shell("mkdir -p " + PART + "/own; echo theirs > " + PART + "/own/index.js")
                .run()
                .succeeded();

        assertThat(project.run("cat " + PART + "/own/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("own\n");
        project.velo("install", "-q", "--link").run().failed(1, PART, "was not put there by Velo", "--force");

        assertThat(part(project).resolve("own/index.js")).hasContent("theirs");
        project.velo("install", "-q", "--link", "--force").run().succeeded();
        assertThat(part(project).resolve("own/index.js")).hasContent("own");
    }

    @ForEachCaller
    void anInstallationTakesAwayPartsOfAnEarlierLockfile(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.velo("install", "-q", "--link").run().succeeded();
        assertThat(part(project).resolve("own/index.js")).hasContent("own");
        assertThat(project.velo("install", "--link").run().succeeded().text())
                .contains(PART + ": as it should be already");
        project.lock(ToolProject.LOCK);

        assertThat(seen(project)).isEmpty(); // the installed one is hidden
        assertThat(part(project).resolve("own/index.js")).exists();
        project.velo("install", "-q", "--link").run().succeeded();

        assertThat(part(project)).doesNotExist();
        assertThat(project.modules().resolve("pad/index.js")).hasContent("1.3.0");
        assertThat(project.place().problems()).isEmpty();
    }

    @Test
    void mountsOfPartsComeAndGoWithTheLockfile() throws Exception {
        assumeTrue(HostileTree.isRoot(), "mounting takes root");
        ToolProject project = workspace(Caller.all().getFirst());
        Outcome mounted = project.velo("install", "-q", "--mount").run();
        assumeTrue(mounted.status() == 0, mounted.complaint());
        assertThat(part(project).resolve("own/index.js")).hasContent("own");

        project.lock(ToolProject.LOCK).velo("install", "-q", "--mount").run().succeeded();
        assertThat(part(project).resolve("own")).doesNotExist();
        project.velo("eject", "-q").run().succeeded();

        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(project.folder().toString());
    }

    @ForEachCaller
    void ejectedPartsAreOrdinaryDirectories(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.run("echo mine > " + PART + "/mine").run().succeeded();

        project.velo("eject", "-q").run().succeeded();

        assertThat(Workplace.names(part(project))).containsExactly("mine", "own");
        project.shell("echo x > " + PART + "/own/index.js").run().succeeded();
        assertThat(project.place().problems()).isEmpty();
    }

    @ForEachCaller
    void aCheckComparesThePartsToo(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.run("true").run().succeeded();
        assertThat(project.velo("install", "--check", "-q").run().ended(0).text())
                .isEmpty();
        String script = project.place().folder().resolve("bin/npm").toString();
        project.shell("sed -i 's/echo own/echo other/' '" + script + "'").run().succeeded();

        assertThat(project.velo("install", "--check").run().ended(1).text())
                .contains("! " + PART + "/own/index.js", "node_modules: 1 differences");
        assertThat(project.run("cat " + PART + "/own/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("own\n");
    }

    @ForEachCaller
    void aPartThatWasForgottenIsMadeAgain(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.run("true").run().succeeded();
        project.shell("for key in ../store/trees/*.key; do ! grep -q '^part ' $key || rm ${key%key}velo; done")
                .run()
                .succeeded();

        assertThat(seen(project)).containsExactly("own");
        assertThat(project.calls()).hasSize(2);
    }

    @ForEachCaller
    void aPlaceHasOneTree(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.place().directory("project/packages");
        project.place().directory("project/packages/a");
        project.place().file("project/packages/a/package-lock.json", "inner 1\n");
        project.velo("init", "-q", "--force").run().succeeded();

        project.run("true").run().failed(125, PART, "would both be seen at", "a place has one tree");
    }

    @ForEachCaller
    void aPartOfAnEarlierLockfileIsNotTheTreeThatIsThereNow(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.velo("install", "-q", "--link").run().succeeded();
        project.lock(ToolProject.LOCK);
        project.place().file("project/packages/a/package-lock.json", "inner 1\n");
        project.velo("init", "-q", "--force").run().succeeded();

        assertThat(seen(project)).containsExactly("inner");
        project.velo("install", "-q", "--link", "--force").run().succeeded();

        assertThat(Workplace.names(part(project))).containsExactly("inner");
    }

    @ForEachCaller
    void partsAreKnownWhateverTheirTreeIsCalled(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.velo("install", "-q", "--link").run().succeeded();
        project.shell("sed -i 's/^name = .*/name = \"deps\"/' velo.toml").run().succeeded();
        project.lock(ToolProject.LOCK);

        assertThat(seen(project)).isEmpty();
        project.velo("install", "-q", "--link", "--force").run().succeeded();

        assertThat(part(project)).doesNotExist();
    }

    @ForEachCaller
    void aProjectFromElsewhereTakesNothingAway(Caller caller) throws Exception {
        ToolProject project = workspace(caller);
        project.run("true").run().succeeded();
        project.shell(
                        "mkdir -p ../elsewhere/node_modules .git src/node_modules; ln -s .. up; touch src/node_modules/mine .git/mine")
                .run()
                .succeeded();
        project.place().file("project/.velo/parts", "../elsewhere/node_modules\n");
        project.velo("install", "-q", "--link").run().failed(1, ".velo/parts", "../elsewhere/node_modules");
        Files.writeString(
                project.folder().resolve(".velo/parts"),
                "up/elsewhere/node_modules\n.git\nsrc/node_modules\nnode_modules\nnone/node_modules\n");

        assertThat(project.run("ls .git src/node_modules node_modules/left; test ! -e none")
                        .run()
                        .succeeded()
                        .text())
                .contains("mine", "index.js");
        project.velo("install", "-q", "--link").run().succeeded();

        assertThat(project.folder().resolve("src/node_modules/mine")).exists();
        assertThat(project.folder().resolve(".git/mine")).exists();
        assertThat(project.place().folder().resolve("elsewhere/node_modules")).exists();
        assertThat(project.modules().resolve("left/index.js")).exists();
    }
}
