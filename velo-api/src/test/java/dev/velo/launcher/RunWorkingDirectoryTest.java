package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** In which directory a command starts. */
@Execution(ExecutionMode.CONCURRENT)
final class RunWorkingDirectoryTest {
    private static final String WHERE = "echo $PWD; /bin/pwd -P";

    @TempDir
    private Path temporary;

    @ForEachCaller
    void startedOutsideItIsTheTree(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        startsIn(place.tree(), place.inTree(WHERE));
    }

    @ForEachCaller
    void startedInsideItIsTheSameFolderOfTheTree(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Launch run = place.velo("run", "../../tree.velo", "--", "sh", "-c", WHERE + "; cat deep");
        Outcome outcome = run.in(place.tree().resolve("sub")).run().succeeded();

        String sub = place.tree().resolve("sub").toString();
        assertThat(outcome.lines()).containsExactly(sub, sub, "deep");
    }

    @ForEachCaller
    void startedInsideAFolderThatTheTreeHasNotItIsTheTree(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Path newer = place.directory("tree/newer");

        startsIn(
                place.tree(),
                place.velo("run", "../../tree.velo", "--", "sh", "-c", WHERE).in(newer));
    }

    @ForEachCaller
    void anotherPlaceIsTheWorkingDirectoryToo(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        startsIn(temporary.resolve("at"), place.velo("run", "--at", "at", "tree.velo", "--", "sh", "-c", WHERE));
        startsIn(
                temporary.resolve("at"),
                place.velo("run", "--at", "at", "--writable", "tree.velo", "--", "sh", "-c", WHERE));
    }

    @ForEachCaller
    void aWorkingDirectoryThatIsAskedForIsTaken(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Path other = place.directory("other");

        startsIn(other, place.velo("run", "--chdir", "other", "tree.velo", "--", "sh", "-c", WHERE));
        startsIn(
                place.tree().resolve("sub"),
                place.velo("run", "--chdir", "tree/sub", "tree.velo", "--", "sh", "-c", WHERE));
        place.velo("run", "--chdir", "missing", "tree.velo", "--", "true")
                .run()
                .failed(125, "working directory", temporary + "/missing");
    }

    @ForEachCaller
    void whoStandsInAProjectAroundItsDependenciesStaysThere(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        Path project = place.directory("project");
        place.directory("project/node_modules");
        place.file("project/node_modules/module", "m\n");
        Path source = place.directory("project/src");
        String script = WHERE + "; cat " + project + "/node_modules/module";

        startsIn(
                project,
                place.velo("run", "node_modules", "--", "sh", "-c", script).in(project),
                "m");
        startsIn(
                source,
                place.velo("run", "../node_modules", "--", "sh", "-c", script).in(source),
                "m");
        startsIn(
                project.resolve("node_modules"),
                place.velo("run", "project/node_modules", "--", "sh", "-c", script),
                "m");
    }

    private static void startsIn(Path expected, Launch run, String... further) throws Exception {
        Outcome outcome = run.run().succeeded();
        assertThat(outcome.lines())
                .startsWith(expected.toString(), expected.toString())
                .endsWith(further);
        assertThat(outcome.lines()).hasSize(2 + further.length);
    }
}
