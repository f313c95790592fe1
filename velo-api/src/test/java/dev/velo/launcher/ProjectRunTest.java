package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Commands that see the dependency trees of the project that they are started in. */
@Execution(ExecutionMode.CONCURRENT)
final class ProjectRunTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void theToolRunsOnceForAllThatDecidesTheTree(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);

        assertThat(project.run("cat node_modules/pad/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("1.3.0\n");
        assertThat(project.run("ls node_modules").run().succeeded().lines())
                .containsExactly("left", "more", "names", "pad", "right", "some");

        assertThat(project.calls()).containsExactly("npm ci --no-audit --no-fund --prefer-offline");
        assertThat(project.modules()).doesNotExist();
        assertThat(project.folder().resolve("leftover")).doesNotExist();
        assertThat(project.place().problems()).isEmpty();
    }

    @ForEachCaller
    void whatIsToldOfAToolStandsOnTheErrorStream(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);

        Outcome first = project.velo("run", "echo", "out").run().ended(0);

        assertThat(first.text()).isEqualTo("out\n");
        assertThat(first.complaint())
                .contains("node_modules is not known yet: npm ci")
                .doesNotContain("npm works");
        project.lock("left 1\n");
        assertThat(project.velo("run", "-v", "true").run().ended(0).complaint()).contains("npm works on");
        assertThat(project.velo("run", "true").run().succeeded().text()).isEmpty();
    }

    @ForEachCaller
    void anotherProjectWithTheSameLockfileHasTheTreeAtOnce(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();
        Path other = project.place().directory("other");
        for (String name : List.of("package.json", "package-lock.json", "velo.toml")) {
            project.place()
                    .file("other/" + name, Files.readString(project.folder().resolve(name)));
        }

        assertThat(project.run("cat node_modules/left/index.js")
                        .in(other)
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("1.0.0\n");

        assertThat(project.calls()).hasSize(1);
    }

    @ForEachCaller
    void theNearestTreeIsBroughtUpToDate(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();
        project.lock(ToolProject.LOCK.replace("pad 1.3.0", "pad 1.4.0").replace("more 5.0.0\n", ""));

        assertThat(project.run("cd node_modules; echo *; cat pad/index.js")
                        .run()
                        .succeeded()
                        .lines())
                .containsExactly("left names pad right some", "1.4.0");

        assertThat(project.calls().getLast()).startsWith("npm install ");
        assertThat(project.velo("install", "--check").run().ended(0).text()).contains("just what npm makes");
        assertThat(project.calls().getLast()).startsWith("npm ci ");
        project.lock(ToolProject.LOCK);
        assertThat(project.run("cat node_modules/pad/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("1.3.0\n");
        assertThat(project.calls()).hasSize(3);
    }

    @ForEachCaller
    void aTreeThatIsNotLikeAnyOtherIsMadeOfNothing(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();
        project.lock("one 1\ntwo 2\n");

        project.run("true").run().succeeded();

        assertThat(project.calls()).hasSize(2).allMatch(call -> call.startsWith("npm ci "));
    }

    @ForEachCaller
    void theProjectKeepsWhatIsWrittenOverItsTreeAndNoOtherSeesIt(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("echo mine > node_modules/left/index.js; rm -r node_modules/pad; mkdir node_modules/.cache")
                .run()
                .succeeded();

        assertThat(project.run("ls -A node_modules; cat node_modules/left/index.js")
                        .run()
                        .succeeded()
                        .lines())
                .containsExactly(".cache", "left", "more", "names", "right", "some", "mine");

        project.lock(ToolProject.LOCK + "new 1\n");
        assertThat(project.run("ls -A node_modules; cat node_modules/left/index.js")
                        .run()
                        .succeeded()
                        .lines())
                .containsExactly("left", "more", "names", "new", "pad", "right", "some", "1.0.0");
        project.lock(ToolProject.LOCK);
        assertThat(project.run("cat node_modules/left/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("mine\n");
        assertThat(project.place().problems()).isEmpty();
    }

    @ForEachCaller
    void aSecondCommandJoinsTheNamespacesOfTheFirst(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        String namespace = "readlink /proc/self/ns/mnt; echo in; read line; cat node_modules/$line";
        Launch.Started first = project.run(namespace).start().says("in");
        Launch.Started second = project.run("echo second > node_modules/from; " + namespace)
                .start()
                .says("in");
        first.answer("from");
        Outcome ended = first.await().succeeded();
        Launch.Started third = project.run(namespace).start().says("in");
        third.answer("from");
        second.answer("from");

        assertThat(ended.lines().getLast()).isEqualTo("second");
        String shared = ended.lines().getFirst();
        assertThat(second.await().succeeded().lines()).startsWith(shared).endsWith("second");
        assertThat(third.await().succeeded().lines()).startsWith(shared).endsWith("second");
        assertThat(project.modules()).doesNotExist();
    }

    @ForEachCaller
    void whoeverEndsWhileAnotherBeginsAllSeeTheTree(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();
        for (int round = 0; round < 3; round++) {
            List<Launch.Started> runs = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                runs.add(project.run("cat node_modules/left/index.js").start());
            }
            for (Launch.Started run : runs) {
                assertThat(run.await().succeeded().text()).isEqualTo("1.0.0\n");
            }
        }

        assertThat(project.modules()).doesNotExist();
        assertThat(Workplace.names(project.folder().resolve(".velo/runs"))).isEmpty();
    }

    @ForEachCaller
    void whileOneCommandSeesAnEarlierTreeOthersSeeTheNewOne(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        Launch.Started first = project.run("echo in; read line; cat node_modules/pad/index.js")
                .start()
                .says("in");
        project.lock(ToolProject.LOCK.replace("pad 1.3.0", "pad 9"));

        assertThat(project.run("cat node_modules/pad/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("9\n");

        first.answer("go");
        assertThat(first.await().succeeded().lines()).contains("1.3.0");
    }

    @ForEachCaller
    void aFailingToolSaysWhyAndTheEarlierTreeStays(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();
        project.lock(ToolProject.LOCK + "broken 1\n");

        Outcome failed = project.run("true").run().ended(125);

        assertThat(failed.complaint())
                .contains("  npm error: cannot find the package", "velo: npm ci", "failed with status 3")
                .doesNotContain("Exception");
        project.lock(ToolProject.LOCK);
        assertThat(project.run("cat node_modules/left/index.js")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("1.0.0\n");
        assertThat(Workplace.names(project.place().store().resolve("copies"))).isEmpty();
    }

    @ForEachCaller
    void aToolThatChangesItsLockfileMadeAnotherTree(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary).lock("lying 1\n");

        project.run("true").run().failed(125, "package-lock.json does not say what npm would make");

        assertThat(project.folder().resolve("package-lock.json")).hasContent("lying 1\n");
    }

    @ForEachCaller
    void aToolMayIndentItsLockfileAsItLikes(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary).lock(ToolProject.LOCK + "indented 1\n");

        project.run("true").run().succeeded();
    }

    @ForEachCaller
    void twoThatWantOneTreeWaitForOneTool(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.hold();
        Launch.Started first = project.velo("install", "-q", "--link").start();
        project.held(first);
        Launch.Started second = project.run("cat node_modules/left/index.js").start();
        project.release();

        first.await().succeeded();
        assertThat(second.await().succeeded().text()).isEqualTo("1.0.0\n");
        assertThat(project.calls()).hasSize(1);
    }

    @ForEachCaller
    void whereNothingWasInitialisedTheFolderItselfIsShown(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);

        Outcome run = place.velo("run", "sh", "-c", "cat greeting; touch greeting")
                .in(place.tree())
                .run()
                .ended(1);

        assertThat(run.text()).isEqualTo("hello\n");
        assertThat(run.complaint()).contains("Read-only file system");
    }

    @ForEachCaller
    void aDirectoryOrManifestIsTheTreeAndDashesSayThatThereIsNone(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.place().directory("project/sh");

        project.velo("run", "-q", "--", "sh", "-c", "test -d node_modules")
                .run()
                .succeeded();
        assertThat(project.velo("run", "sh", "ls").run().succeeded().text()).isEmpty();
        project.velo("run", "missing.velo", "ls").run().failed(125, "missing.velo");
        project.velo("run", "--writable", "--", "ls").run().failed(125, "the options for a tree need one");
    }

    @ForEachCaller
    void aCommandIsFoundAndItsStatusPassedOn(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);

        project.run("exit 7").run().ended(7);
        project.velo("run", "-q", "no-such-command").run().ended(127);
        assertThat(Workplace.names(project.folder().resolve(".velo/runs"))).isEmpty();
    }
}
