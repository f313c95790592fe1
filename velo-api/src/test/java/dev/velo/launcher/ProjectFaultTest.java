package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What goes wrong while a tool makes a tree, or while a tree is put in its place: nothing is left that others would take for the tree. */
@Execution(ExecutionMode.CONCURRENT)
final class ProjectFaultTest {
    private static final String NEXT = ToolProject.LOCK.replace("pad 1.3.0", "pad 1.4.0");

    @TempDir
    private Path temporary;

    private static String pad(ToolProject project) throws Exception {
        return project.run("cat node_modules/pad/index.js").run().succeeded().text();
    }

    private static List<String> names(ToolProject project, String room) throws Exception {
        return Workplace.names(project.place().store().resolve(room));
    }

    @ForEachCaller
    void killedWithItsToolVeloLeavesNothingThatStandsInTheWay(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();
        project.lock(NEXT);
        project.hold();
        Launch.Started started = project.run("true").start();
        ProcessHandle tool = project.held(started);
        List<ProcessHandle> all =
                new ArrayList<>(started.process().descendants().toList());
        started.process().destroyForcibly().waitFor();
        all.forEach(ProcessHandle::destroyForcibly);
        tool.destroyForcibly();
        for (ProcessHandle each : all) {
            each.onExit().join();
        }

        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(project.folder().toString());
        assertThat(project.modules()).doesNotExist();
        assertThat(project.place().problems()).isEmpty();
        project.velo("gc", "--delete", "--yes", "-q").run().succeeded();
        assertThat(names(project, "trees")).noneMatch(name -> name.endsWith(".lock"));
        project.lock(ToolProject.LOCK);
        assertThat(pad(project)).isEqualTo("1.3.0\n");
        project.lock(NEXT);
        project.release();
        assertThat(pad(project)).isEqualTo("1.4.0\n");
        assertThat(project.place().problems()).isEmpty();
    }

    @ForEachCaller
    void whoseLockfileIsChangedMeanwhileIsNotKept(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.hold();
        Launch.Started started = project.run("true").start();
        project.held(started);
        project.lock(NEXT);
        project.release();

        assertThat(started.await().ended(125).complaint())
                .contains("what decides node_modules was changed while npm made the tree", "try again");

        assertThat(pad(project)).isEqualTo("1.4.0\n");
        project.lock(ToolProject.LOCK);
        assertThat(pad(project)).isEqualTo("1.3.0\n");
        assertThat(project.calls()).hasSize(3);
    }

    @ForEachCaller
    void aDiskThatIsFullWhenTheTreeIsTakenInLeavesTheEarlierOnes(Caller caller) throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can mount a disk");
        ToolProject project = ToolProject.make(caller, temporary);
        Path disk = project.place().directory("store");
        String script = "mount -t tmpfs -o size=24M,mode=777 none '" + disk + "'";
        assumeTrue(
                Launch.program(Caller.ROOT, temporary, "sh", "-c", script).run().status() == 0, "no disk");
        try {
            assertThat(pad(project)).isEqualTo("1.3.0\n");
            project.velo("install", "-q", "--link").run().ended(0);
            project.lock(ToolProject.LOCK + "noise 1\n");

            project.velo("install", "-q", "--link").run().failed(1, "No space left on device");

            assertThat(project.modules().resolve("pad/index.js")).hasContent("1.3.0");
            assertThat(names(project, "copies")).isEmpty();
            assertThat(project.place().problems()).isEmpty();
            project.lock(NEXT);
            assertThat(pad(project)).isEqualTo("1.4.0\n");
        } finally {
            Launch.program(Caller.ROOT, temporary, "umount", "-l", disk.toString())
                    .run();
        }
    }

    @ForEachCaller
    void aForgottenTreeThatComesOutOtherwiseIsSeenWithoutWhatWasWrittenOverTheFirst(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("echo mine > node_modules/mine").run().succeeded();
        project.velo("trees", "--forget", "0s").run().succeeded();
        Path uppers = project.folder().resolve(".velo/uppers/node_modules");
        assertThat(Workplace.names(uppers)).isEmpty();
        project.place().file("more", "more");

        assertThat(project.run("ls node_modules node_modules/left")
                        .run()
                        .succeeded()
                        .lines())
                .contains("added")
                .doesNotContain("mine");
    }

    @ForEachCaller
    void aDirectoryThatGotTheInodeOfOursIsSomebodyElses(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.velo("install", "-q", "--link").run().succeeded();
        Object inode = Files.getAttribute(project.modules(), "unix:ino");
        project.shell("rm -r node_modules; mkdir node_modules; touch node_modules/mine")
                .run()
                .succeeded();
        assumeTrue(
                inode.equals(Files.getAttribute(project.modules(), "unix:ino")), "the file system gives another inode");

        project.velo("install", "-q", "--link").run().failed(1, "was not put there by Velo");

        assertThat(project.modules().resolve("mine")).exists();
    }

    @ForEachCaller
    void twoThatInstallAtOnceBothEndWithTheTreeAndWithoutRemains(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary);
        project.run("true").run().succeeded();
        project.shell("mkdir -p .velo/new/.tmp-1-2-3/of/a/killed/one").run().succeeded();
        List<Launch.Started> started = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            started.add(project.velo("install", "-q", "--link").start());
        }

        for (Launch.Started each : started) {
            each.await().succeeded();
        }

        assertThat(project.modules().resolve("pad/index.js")).hasContent("1.3.0");
        assertThat(Workplace.names(project.folder().resolve(".velo/new"))).isEmpty();
    }

    @Test
    void aPlaceOnAnotherFileSystemIsToldSo() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can mount a disk");
        ToolProject project = ToolProject.make(Caller.ROOT, temporary);
        Path web = project.place().directory("project/web");
        String script = "mount -t tmpfs none '" + web + "'";
        assumeTrue(
                Launch.program(Caller.ROOT, temporary, "sh", "-c", script).run().status() == 0, "no disk");
        try {
            project.place().file("project/web/package-lock.json", ToolProject.LOCK);
            project.place().file("project/velo.toml", "[[tree]]\necosystem = \"npm\"\nfolder = \"web\"\n");

            project.velo("install", "-q", "--link")
                    .run()
                    .failed(1, "web/node_modules: is on another file system than", "velo run shows the tree there");

            assertThat(Workplace.names(project.folder().resolve(".velo/new"))).isEmpty();
        } finally {
            Launch.program(Caller.ROOT, temporary, "umount", "-l", web.toString())
                    .run();
        }
    }

    @Test
    void aProjectFileThatAnotherUserHasPutAboveIsNotFollowed() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can make files of others");
        ToolProject project = ToolProject.make(Caller.ROOT, temporary);
        Path below = project.place().directory("project/below");
        Files.setAttribute(project.folder().resolve("velo.toml"), "unix:uid", 4711);

        project.run("true").in(below).run().failed(125, "velo.toml: belongs to user 4711");

        Files.setAttribute(below, "unix:uid", 4711);
        project.run("true").in(below).run().succeeded();
    }
}
